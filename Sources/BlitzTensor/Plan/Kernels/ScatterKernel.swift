/// `result = base; result[o, index[o, j, i], i] = (or +=) updates[o, j, i]`.
public struct ScatterKernel: Sendable {
  /// The type of the elements.
  public var dtype: DType
  /// Whether updates are added; otherwise they replace.
  public var adds: Bool
  /// The result is `[outer, axisCount, inner]`, the updates are `[outer, indexCount, inner]`.
  public var outer: Int
  /// The size of the axis that positions are on.
  public var axisCount: Int
  /// The number of positions along it.
  public var indexCount: Int
  /// The product of the sizes behind the axis.
  public var inner: Int
  /// Contiguous; nothing is copied if it is the result's slot.
  public var base: Plan.Operand
  /// int64, walked by three strides.
  public var index: Plan.Operand
  /// Contiguous.
  public var updates: Plan.Operand
  /// What is written.
  public var result: Plan.Operand
}
