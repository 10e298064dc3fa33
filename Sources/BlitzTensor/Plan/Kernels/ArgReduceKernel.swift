/// The int64 position of the extreme along an axis.
package struct ArgReduceKernel: AxisKernel {
  /// The type of the elements.
  package var dtype: DType
  /// Whether the greatest is looked for; otherwise the least.
  package var greatest: Bool
  /// The source, contiguous, along the axis.
  package var extent: Plan.AxisExtent
  /// What is read.
  package var source: Plan.Operand
  /// What is written.
  package var result: Plan.Operand

  /// Which extreme, along which axis.
  package var summary: String { "\(greatest ? "argmax" : "argmin") \(extent)" }
  /// The source.
  package var byteCount: Int { extent.elementCount * dtype.byteCount }
  /// A comparison for each element.
  package var flops: Int { extent.elementCount }
}
