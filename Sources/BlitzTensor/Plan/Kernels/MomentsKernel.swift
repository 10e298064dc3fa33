/// What is asked of the mean and the squared distances from it along axes, in one pass.
public struct MomentsKernel: Kernel {
  /// What is asked.
  public var moments: Moments
  /// The source, contiguous float32, along the axes.
  public var extent: Plan.AxisExtent
  /// What is read.
  public var source: Plan.Operand
  /// What is written.
  public var result: Plan.Operand

  /// The source.
  public var reads: [Plan.Operand] { [source] }

  /// Gives source and result other slots.
  public mutating func mapSlots(_ slot: (Int) -> Int) {
    source.slot = slot(source.slot)
    result.slot = slot(result.slot)
  }

  /// What, and of how many along which axis.
  public var summary: String { "\(moments.name) \(extent)" }
  /// Source and results.
  public var byteCount: Int {
    (extent.elementCount + moments.resultCount * extent.outer * extent.inner) * 4
  }
  /// A difference, a sum, and a square and its sum for each element.
  public var flops: Int { 4 * extent.elementCount }
}
