/// The first of the int64 positions that sort along an axis.
package struct ArgSortKernel: AxisKernel {
  /// The type of the elements.
  package var dtype: DType
  /// Whether the greatest comes first.
  package var descending: Bool
  /// How many positions along the axis.
  package var count: Int
  /// The source, contiguous, along the axis.
  package var extent: Plan.AxisExtent
  /// What is read.
  package var source: Plan.Operand
  /// What is written.
  package var result: Plan.Operand

  /// How many along which axis.
  package var summary: String {
    "argSort \(extent)" + (count < extent.count ? ", the first \(count)" : "")
  }
  /// Source and positions.
  package var byteCount: Int {
    extent.elementCount * dtype.byteCount + extent.outer * count * extent.inner * 8
  }
  /// None.
  package var flops: Int { 0 }
}
