/// Kernels that walk the same rows, run a block of rows at a time: what one writes is in the cache
/// when the next reads it.
package struct RowsKernel: Kernel {
  /// What to do for each block, in order: fused loops, moments, poolings, matrix products and
  /// convolutions, whose rows are images. A product that cannot be cut is the first, and done
  /// before. What all rows are reduced to is there when all are done.
  package var parts: [any Kernel]
  /// How many rows there are. A row of a part is that share of its elements, or of what it reduces
  /// to, in their order.
  package var rows: Int
  /// How many bytes of each row the parts read and write, each array once.
  package var rowByteCount: Int
  /// Values of which a row's elements are read and written for that row alone.
  let ownRows: Set<Int>

  /// What the parts read, and what one reads of another.
  package var reads: [Plan.Operand] { parts.flatMap(\.reads) }
  /// What the parts write.
  package var writes: [Int] { parts.flatMap(\.writes) }

  /// What the part may overwrite, unless the rows of another block are read or a later part reads
  /// it.
  package func overwritable(for value: Int) -> [Int] {
    guard ownRows.contains(value), let part = parts.firstIndex(where: { $0.writes.contains(value) })
    else { return [] }
    return parts[part].overwritable(for: value).filter { source in
      ownRows.contains(source)
        && !parts[(part + 1)...].contains { $0.reads.contains { $0.slot == source } }
    }
  }

  /// Gives every array of the parts another slot.
  package mutating func mapSlots(_ slot: (Int) -> Int) {
    for index in parts.indices { parts[index].mapSlots(slot) }
  }

  /// The rows, and what is done for them.
  package var summary: String {
    "rows \(rows) { \(parts.map(\.summary).joined(separator: "; ")) }"
  }
  /// That of the parts.
  package var byteCount: Int { parts.reduce(0) { $0 + $1.byteCount } }
  /// That of the parts.
  package var flops: Int { parts.reduce(0) { $0 + $1.flops } }
}
