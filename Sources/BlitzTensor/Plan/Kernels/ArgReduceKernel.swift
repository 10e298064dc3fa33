/// The int64 position of the extreme along an axis.
public struct ArgReduceKernel: AxisKernel {
  /// The type of the elements.
  public var dtype: DType
  /// Whether the greatest is looked for; otherwise the least.
  public var greatest: Bool
  /// The source, contiguous, along the axis.
  public var extent: Plan.AxisExtent
  /// What is read.
  public var source: Plan.Operand
  /// What is written.
  public var result: Plan.Operand

  /// Which extreme, along which axis.
  public var summary: String { "\(greatest ? "argmax" : "argmin") \(extent)" }
  /// The source.
  public var byteCount: Int { extent.elementCount * dtype.byteCount }
  /// A comparison for each element.
  public var flops: Int { extent.elementCount }
}
