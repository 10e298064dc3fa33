/// What is asked of the mean and the squared distances from it along axes, in one pass.
package struct MomentsKernel: Kernel {
  /// What is asked.
  package var moments: Moments
  /// How many times the extent comes one behind the other, to be taken together: more than 1 only
  /// where its inner size is 1.
  package var batches: Int
  /// The source, contiguous float32, along the axes.
  package var extent: Plan.AxisExtent
  /// What is read.
  package var source: Plan.Operand
  /// What is written.
  package var result: Plan.Operand

  /// The source.
  package var reads: [Plan.Operand] { [source] }

  /// The result.
  package var writes: [Int] { [result.slot] }

  /// Gives source and result other slots.
  package mutating func mapSlots(_ slot: (Int) -> Int) {
    source.slot = slot(source.slot)
    result.slot = slot(result.slot)
  }

  /// What, and of how many along which axis.
  package var summary: String {
    "\(moments.name) \(batches == 1 ? "" : "\(batches) x ")\(extent)"
  }
  /// Source and results.
  package var byteCount: Int {
    (batches * extent.elementCount + moments.resultCount * extent.outer * extent.inner) * 4
  }
  /// A difference, a sum, and a square and its sum for each element.
  package var flops: Int { 4 * batches * extent.elementCount }
}
