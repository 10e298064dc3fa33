/// The first of the int64 positions that sort along an axis.
public struct ArgSortKernel: Kernel {
  /// The type of the elements.
  public var dtype: DType
  /// Whether the greatest comes first.
  public var descending: Bool
  /// How many positions along the axis.
  public var count: Int
  /// The source, contiguous, along the axis.
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

  /// How many along which axis.
  public var summary: String {
    "argSort \(extent)" + (count < extent.count ? ", the first \(count)" : "")
  }
  /// Source and positions.
  public var byteCount: Int {
    extent.elementCount * dtype.byteCount + extent.outer * count * extent.inner * 8
  }
  /// None.
  public var flops: Int { 0 }
}
