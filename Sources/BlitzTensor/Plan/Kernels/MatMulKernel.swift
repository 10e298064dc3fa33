/// `C = beta * C + alpha * op(A) op(B)` for each of a list of batches.
///
/// `C` is `[batches, m, n]`, contiguous. `op(A)` is m x k: row-major with `leadingA` elements
/// from row to row, or its transpose if `transposesA`. Likewise `op(B)`, k x n.
package struct MatMulKernel: Kernel {
  /// Rows of the result.
  package var m: Int
  /// Columns of the result.
  package var n: Int
  /// The size that is summed over.
  package var k: Int
  /// The type of the elements of the result, and of the sides unless these are bytes.
  package var dtype: DType
  /// The number of products.
  package var batchSizes: [Int]
  /// Slot, offset of the first matrix and strides from batch to batch (one for each of
  /// `batchSizes`, 0 where a matrix is used again).
  package var a: Plan.Operand
  /// The right operand, likewise.
  package var b: Plan.Operand
  /// Whether the left matrices are stored transposed.
  package var transposesA: Bool
  /// Whether the right matrices are stored transposed.
  package var transposesB: Bool
  /// Elements from one stored row of a left matrix to the next.
  package var leadingA: Int
  /// Elements from one stored row of a right matrix to the next.
  package var leadingB: Int
  /// Where `C` is; what is there is added to if `accumulates`.
  package var c: Plan.Operand
  /// An array (contiguous, like `C`, float32 or float64) that the product is added to instead of
  /// `C`, when the old value must be kept.
  package var initial: Plan.Operand?
  /// Whether the product is added to what is there.
  package var accumulates: Bool
  /// The product of these scalars and `alphaSign` is alpha.
  package var alpha: [Plan.ScalarArgument]
  /// 1 or -1, a factor of alpha.
  package var alphaSign: Double
  /// Whether the right operand, then one matrix, was written by a ``PackKernel``.
  package var isPackedB = false
}

extension MatMulKernel {
  /// How a product is cut into blocks of its rows, of which each thread takes one at a time.
  package enum Blocks {
    /// The right matrix is read as it lies.
    case direct
    /// The right matrix is packed once for all blocks.
    case packing
    /// It is not: each block would take as long to arrange the right matrix as to use it.
    case none
  }

  /// From so many rows on the right matrix is packed for blocks of rows.
  package static let manyRows = 768
  /// A right matrix of so many bytes stays in the cache as it lies.
  private static let smallByteCount = 64 * 1024
  /// A larger one is not read anew for each block: beside other programs, or where the cores do not
  /// share a cache, that takes longer than the sums.
  private static let mostByteCount = 1024 * 1024

  /// How it is cut.
  package var blocks: Blocks {
    guard batchSizes.isEmpty, dtype == .float32 || dtype == .float64 else { return .none }
    let byteCount = k * n * dtype.byteCount
    if isPackedB || byteCount <= MatMulKernel.smallByteCount { return .direct }
    let packs =
      m >= MatMulKernel.manyRows && byteCount <= MatMulKernel.mostByteCount && !transposesA
    return packs ? .packing : .none
  }

  private var batchCount: Int { batchSizes.reduce(1, *) }

  /// Whether the sides are whole numbers of 8 bits, signed or not, summed in 32 bits.
  package var multipliesBytes: Bool { a.dtype != dtype }

  /// Both sides, and what the product is added to.
  package var reads: [Plan.Operand] { [a, b] + (initial.map { [$0] } ?? []) }
  /// The result.
  package var writes: [Int] { [c.slot] }

  /// The array that the product is added to, unless a side is read from it.
  package func overwritable(for value: Int) -> [Int] {
    guard let initial, initial.offset == 0, initial.slot != a.slot, initial.slot != b.slot else {
      return []
    }
    return [initial.slot]
  }

  /// Gives the sides and the result other slots; where the initial array is the result's by then,
  /// it is added to in place.
  package mutating func mapSlots(_ slot: (Int) -> Int) {
    a.slot = slot(a.slot)
    b.slot = slot(b.slot)
    c.slot = slot(c.slot)
    guard let old = initial else { return }
    let isInPlace = slot(old.slot) == c.slot && old.offset == c.offset
    initial = isInPlace ? nil : old
    initial?.slot = slot(old.slot)
  }

  /// The sizes and the formula.
  package var summary: String {
    let size = "\(batchCount == 1 ? "" : "\(batchCount) x ")\(m)x\(k)x\(n)"
    let right = transposesB ? "bᵀ" : "b"
    let sides = "\(transposesA ? "aᵀ" : "a") \(isPackedB ? "packed \(right)" : right)"
    var text = "matmul \(multipliesBytes ? "of bytes " : "")\(size) c \(accumulates ? "+=" : "=") "
    if !alpha.isEmpty || alphaSign < 0 { text += alphaSign < 0 ? "-alpha " : "alpha " }
    text += sides
    if accumulates { text += initial == nil ? " (in place)" : " (kept)" }
    return text
  }

  /// Both sides once for each product, and the result, twice if it is added to.
  package var byteCount: Int {
    batchCount
      * ((m * k + k * n) * a.dtype.byteCount
        + (accumulates ? 2 : 1) * m * n * dtype.byteCount)
  }

  /// A multiplication and an addition for each element of the three sizes.
  package var flops: Int { 2 * batchCount * m * n * k }
}
