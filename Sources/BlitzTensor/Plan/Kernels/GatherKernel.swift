/// `result[o, j, i] = source[o, index[o, j, i], i]`.
public struct GatherKernel: Sendable {
  /// The type of the elements.
  public var dtype: DType
  /// The result is `[outer, indexCount, inner]`, contiguous; the source is
  /// `[outer, axisCount, inner]`, contiguous.
  public var outer: Int
  /// The size of the axis that positions are on.
  public var axisCount: Int
  /// The number of positions along it.
  public var indexCount: Int
  /// The product of the sizes behind the axis.
  public var inner: Int
  /// What is read.
  public var source: Plan.Operand
  /// int64, walked by three strides (of outer, j, inner).
  public var index: Plan.Operand
  /// What is written.
  public var result: Plan.Operand
}
