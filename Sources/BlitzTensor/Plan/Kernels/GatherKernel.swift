/// `result[o, j, i] = source[o, index[o, j, i], i]`.
package struct GatherKernel: Kernel {
  /// Who reads the positions, for the error about one that is outside the axis.
  package var reader: PositionReader
  /// The type of the elements.
  package var dtype: DType
  /// The source, contiguous, along the axis that positions are on.
  package var extent: Plan.AxisExtent
  /// The number of positions along the axis: the result is `[outer, indexCount, inner]`,
  /// contiguous.
  package var indexCount: Int
  /// What is read.
  package var source: Plan.Operand
  /// int64, walked by three strides (of outer, j, inner).
  package var index: Plan.Operand
  /// What is written.
  package var result: Plan.Operand

  /// Source and positions.
  package var reads: [Plan.Operand] { [source, index] }
  /// The result.
  package var writes: [Int] { [result.slot] }
  /// Positions may be out of range.
  package var mayFail: Bool { true }

  /// Gives the three arrays other slots.
  package mutating func mapSlots(_ slot: (Int) -> Int) {
    source.slot = slot(source.slot)
    index.slot = slot(index.slot)
    result.slot = slot(result.slot)
  }

  /// How many elements of how many.
  package var summary: String {
    "gather \(extent.outer) x \(indexCount) x \(extent.inner) of \(extent.count)"
  }
  /// What is gathered, read and written.
  package var byteCount: Int { extent.outer * indexCount * extent.inner * 2 * dtype.byteCount }
  /// None.
  package var flops: Int { 0 }
}
