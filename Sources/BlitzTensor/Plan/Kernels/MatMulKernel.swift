/// `C = beta * C + alpha * op(A) op(B)` for each of a list of batches.
///
/// `C` is `[batches, m, n]`, contiguous. `op(A)` is m x k: row-major with `leadingA` elements
/// from row to row, or its transpose if `transposesA`. Likewise `op(B)`, k x n.
public struct MatMulKernel: Sendable {
  /// Rows of the result.
  public var m: Int
  /// Columns of the result.
  public var n: Int
  /// The size that is summed over.
  public var k: Int
  /// The type of the elements.
  public var dtype: DType
  /// The number of products.
  public var batchSizes: [Int]
  /// Slot, offset of the first matrix and strides from batch to batch (one for each of
  /// `batchSizes`, 0 where a matrix is used again).
  public var a: Plan.Operand
  /// The right operand, likewise.
  public var b: Plan.Operand
  /// Whether the left matrices are stored transposed.
  public var transposesA: Bool
  /// Whether the right matrices are stored transposed.
  public var transposesB: Bool
  /// Elements from one stored row of a left matrix to the next.
  public var leadingA: Int
  /// Elements from one stored row of a right matrix to the next.
  public var leadingB: Int
  /// Where `C` is; what is there is added to if `accumulates`.
  public var c: Plan.Operand
  /// An array to copy into `C` first (contiguous, like `C`), when it accumulates but the
  /// old value must be kept.
  public var initial: Plan.Operand?
  /// Whether the product is added to what is there.
  public var accumulates: Bool
  /// The product of these scalars and `alphaSign` is alpha.
  public var alpha: [Plan.ScalarArgument]
  /// 1 or -1, a factor of alpha.
  public var alphaSign: Double
}
