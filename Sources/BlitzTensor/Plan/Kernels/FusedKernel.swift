/// A chain of elementwise ops over one index space, with what it stores on the way and a
/// reduction at the end.
///
/// Values are indexed: operands first, then scalars, then one for each instruction.
package struct FusedKernel: Kernel {
  /// The index space, outermost first, with axes merged where every operand allows it.
  package var sizes: [Int]
  /// What is read.
  package var operands: [Plan.Operand]
  /// The scalars that are arguments.
  package var scalars: [Plan.ScalarArgument]
  /// What is computed for each element, each value once.
  package var instructions: [Instruction]
  /// What is written for each element.
  package var stores: [Store]
  /// What is reduced, if anything.
  package var reduction: Reduce?

  /// One elementwise op on values; `dtype` is that of the operands (of the two to choose
  /// from for `select`), `resultDType` that of the value.
  package struct Instruction: Sendable, Hashable {
    /// The op.
    package var op: Elementwise
    /// The type of the elements.
    package var dtype: DType
    /// The dtype of the value.
    package var resultDType: DType
    /// The values that the op takes, by index.
    package var operands: [Int]
  }

  /// A value written to an array.
  package struct Store: Sendable {
    /// The value, by index.
    package var value: Int
    /// Where it is written.
    package var to: Plan.Operand
  }

  /// The space seen as `[outer, count, inner]`, a value reduced over `count` and written to
  /// a contiguous `[outer, inner]`.
  package struct Reduce: Sendable {
    /// How two elements are combined.
    package var kind: Reduction
    /// The value, by index.
    package var value: Int
    /// The type of the elements.
    package var dtype: DType
    /// The product of the sizes before the axis.
    package var outer: Int
    /// The number of elements along the axis.
    package var count: Int
    /// The product of the sizes behind the axis.
    package var inner: Int
    /// The buffer, as a position in the plan's `slots`.
    package var slot: Int
    /// In elements.
    package var offset: Int
  }

  /// The number of elements of the space.
  package var elementCount: Int { sizes.reduce(1, *) }
}

extension FusedKernel {
  /// The operands.
  package var reads: [Plan.Operand] { operands }
  /// The reduction, and the stores.
  package var writes: [Int] { (reduction.map { [$0.slot] } ?? []) + stores.map(\.to.slot) }

  /// Whether whole numbers are divided: one may be divided by 0.
  package var mayFail: Bool {
    instructions.contains { ($0.op == .remainder || $0.op == .divide) && $0.dtype.isInteger }
  }

  /// Whether the space has no elements and nothing is reduced.
  package var isEmpty: Bool { elementCount == 0 && reduction == nil }

  /// The operands that are walked exactly as the store of `value` is, and that no
  /// instruction reads after the stored value is computed.
  package func overwritable(for value: Int) -> [Int] {
    guard let store = stores.first(where: { $0.to.slot == value }), store.to.isContiguous,
      store.to.offset == 0
    else { return [] }
    let producer = store.value - operands.count - scalars.count
    return operands.indices.compactMap { index in
      let source = operands[index]
      let twins = operands.indices.filter { operands[$0].slot == source.slot }
      let isSafe = twins.allSatisfy { twin in
        let walk = operands[twin]
        let isRead = instructions.indices.contains {
          $0 > producer && instructions[$0].operands.contains(twin)
        }
        let isStored = stores.contains { $0.value == twin && $0.to.slot != value }
        return walk.isContiguous && walk.offset == 0 && !isRead && !isStored
          && walk.dtype.byteCount == store.to.dtype.byteCount
      }
      return isSafe ? source.slot : nil
    }
  }

  /// Gives the operands, the stores and the reduction other slots.
  package mutating func mapSlots(_ slot: (Int) -> Int) {
    for index in operands.indices { operands[index].slot = slot(operands[index].slot) }
    for index in stores.indices { stores[index].to.slot = slot(stores[index].to.slot) }
    if let reduced = reduction?.slot { reduction?.slot = slot(reduced) }
  }

  /// The space, and the ops in order.
  package var summary: String {
    var words = instructions.map(\.op.rule.name)
    if let reduction { words.append("\(reduction.kind)") }
    if words.isEmpty { words = [operands.isEmpty ? "fill" : "copy"] }
    let space = sizes.map { String($0) }.joined(separator: "x")
    let stored = stores.count + (reduction == nil ? 0 : 1)
    return "fused \(space) [\(words.joined(separator: " "))]"
      + " \(operands.count) in, \(stored) out"
  }

  /// Operands, stores and what is reduced; a dimension that an operand does not move along is
  /// read once.
  package var byteCount: Int {
    let read = operands.reduce(0) { sum, operand in
      sum
        + zip(sizes, operand.strides).reduce(operand.dtype.byteCount) {
          $1.1 == 0 ? $0 : $0 * $1.0
        }
    }
    let stored = stores.reduce(0) { $0 + elementCount * $1.to.dtype.byteCount }
    return read + stored
      + (reduction.map { $0.outer * $0.inner * $0.dtype.byteCount } ?? 0)
  }

  /// One for each instruction and element, and one for the reduction.
  package var flops: Int {
    elementCount * (instructions.count + (reduction == nil ? 0 : 1))
  }
}
