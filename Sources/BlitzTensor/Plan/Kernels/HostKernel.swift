/// A function of the processor, called for each item of a batch.
package struct HostKernel: Kernel {
  /// What is called.
  package let function: HostFunction
  /// How many items there are.
  package let count: Int
  /// What is read, from the first element to the last, one item's behind the other's.
  package var sources: [Plan.Operand]
  /// How many bytes of each source an item has.
  package let sizes: [Int]
  /// What is written.
  package var result: Plan.Operand
  /// How many bytes of the result an item has.
  package let size: Int

  /// The sources.
  package var reads: [Plan.Operand] { sources }
  /// The result.
  package var writes: [Int] { [result.slot] }
  /// The function may throw.
  package var mayFail: Bool { true }
  /// Whether no item has a result.
  package var isEmpty: Bool { count == 0 || size == 0 }

  /// Gives sources and result other slots.
  package mutating func mapSlots(_ slot: (Int) -> Int) {
    for place in sources.indices { sources[place].slot = slot(sources[place].slot) }
    result.slot = slot(result.slot)
  }

  /// What is called, and how often.
  package var summary: String { "\(function.name) x \(count)" }
  /// What is read and written.
  package var byteCount: Int { count * (size + sizes.reduce(0, +)) }
  /// As many as the function says.
  package var flops: Int { count * function.work }
}
