/// Running sums or products along an axis.
package struct ScanKernel: AxisKernel {
  /// The type of the elements.
  package var dtype: DType
  /// `sum` or `product`.
  package var kind: Reduction
  /// The source, contiguous, along the axis.
  package var extent: Plan.AxisExtent
  /// What is read.
  package var source: Plan.Operand
  /// What is written.
  package var result: Plan.Operand

  /// How many along which axis.
  package var summary: String { "\(kind == .product ? "cumprod" : "cumsum") \(extent)" }
  /// Source and result.
  package var byteCount: Int { 2 * extent.elementCount * dtype.byteCount }
  /// An addition or multiplication for each element.
  package var flops: Int { extent.elementCount }
}
