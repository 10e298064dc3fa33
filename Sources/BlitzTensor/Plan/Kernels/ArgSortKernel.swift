/// The int64 positions that sort along an axis.
public struct ArgSortKernel: AxisKernel {
  /// The type of the elements.
  public var dtype: DType
  /// Whether the greatest comes first.
  public var descending: Bool
  /// The source, contiguous, along the axis.
  public var extent: Plan.AxisExtent
  /// What is read.
  public var source: Plan.Operand
  /// What is written.
  public var result: Plan.Operand

  /// How many along which axis.
  public var summary: String { "argSort \(extent)" }
  /// Source and positions.
  public var byteCount: Int { extent.elementCount * (dtype.byteCount + 8) }
  /// None.
  public var flops: Int { 0 }
}
