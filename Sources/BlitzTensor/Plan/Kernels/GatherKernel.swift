/// `result[o, j, i] = source[o, index[o, j, i], i]`.
public struct GatherKernel: Kernel {
  /// Who reads the positions, for the error about one that is outside the axis.
  public var reader: PositionReader
  /// The type of the elements.
  public var dtype: DType
  /// The source, contiguous, along the axis that positions are on.
  public var extent: Plan.AxisExtent
  /// The number of positions along the axis: the result is `[outer, indexCount, inner]`, contiguous.
  public var indexCount: Int
  /// What is read.
  public var source: Plan.Operand
  /// int64, walked by three strides (of outer, j, inner).
  public var index: Plan.Operand
  /// What is written.
  public var result: Plan.Operand

  /// Source and positions.
  public var reads: [Plan.Operand] { [source, index] }
  /// Positions may be out of range.
  public var mayFail: Bool { true }

  /// Gives the three arrays other slots.
  public mutating func mapSlots(_ slot: (Int) -> Int) {
    source.slot = slot(source.slot)
    index.slot = slot(index.slot)
    result.slot = slot(result.slot)
  }

  /// How many elements of how many.
  public var summary: String {
    "gather \(extent.outer) x \(indexCount) x \(extent.inner) of \(extent.count)"
  }
  /// What is gathered, read and written.
  public var byteCount: Int { extent.outer * indexCount * extent.inner * 2 * dtype.byteCount }
  /// None.
  public var flops: Int { 0 }
}
