/// The int64 positions that sort along `count` of a contiguous `[outer, count, inner]`.
public struct ArgSortKernel: Sendable {
  /// The type of the elements.
  public var dtype: DType
  /// Whether the greatest comes first.
  public var descending: Bool
  /// The product of the sizes before the axis.
  public var outer: Int
  /// The number of elements along the axis.
  public var count: Int
  /// The product of the sizes behind the axis.
  public var inner: Int
  /// What is read.
  public var source: Plan.Operand
  /// What is written.
  public var result: Plan.Operand
}
