/// Running sums or products along an axis.
public struct ScanKernel: AxisKernel {
  /// The type of the elements.
  public var dtype: DType
  /// `sum` or `product`.
  public var kind: Reduction
  /// The source, contiguous, along the axis.
  public var extent: Plan.AxisExtent
  /// What is read.
  public var source: Plan.Operand
  /// What is written.
  public var result: Plan.Operand

  /// How many along which axis.
  public var summary: String { "\(kind == .product ? "cumprod" : "cumsum") \(extent)" }
  /// Source and result.
  public var byteCount: Int { 2 * extent.elementCount * dtype.byteCount }
  /// An addition or multiplication for each element.
  public var flops: Int { extent.elementCount }
}
