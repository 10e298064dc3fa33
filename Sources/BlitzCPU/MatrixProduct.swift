import BlitzTensor
import CKernels

/// One matrix product, `C = alpha op(A) op(B)`, or added to `C`; by tiles of sums in registers.
///
/// Matrices are row-major; `leading` counts elements from one stored row to the next.
struct MatrixProduct {
  var dtype: DType
  /// `C` is m x n, the sums have k terms.
  var m: Int
  var n: Int
  var k: Int
  var alpha = 1.0
  var a: UnsafeRawPointer
  var transposesA = false
  var leadingA: Int
  var b: UnsafeRawPointer
  var transposesB = false
  var leadingB: Int
  var accumulates = false
  var c: UnsafeMutableRawPointer
  var leadingC: Int
  /// What the product is added to where that is not `C`, with rows as far apart; float32 and
  /// float64 alone.
  var addend: UnsafeRawPointer?

  /// Bytes between one thread's copies and another's: the processor fetches ahead of what is read,
  /// up to a page, and would take the lines that the other writes.
  private static let apart = 4096

  /// Computes it on the calling thread.
  ///
  /// - Returns: whether there was memory for packed parts of the matrices.
  func run() -> Bool { run(part: 0, of: 1) }

  /// Computes one of so many parts, which threads can share out; an element is the same to the
  /// last bit however many there are.
  ///
  /// - Returns: whether there was memory for packed parts of the matrices.
  func run(part: Int, of count: Int) -> Bool {
    var product = blz_product(
      dtype: Int32(dtype.rawValue), isa: blz_isa(), trans_a: transposesA, trans_b: transposesB,
      accumulates: accumulates, m: Int64(m), n: Int64(n), k: Int64(k), alpha: alpha, a: a,
      lda: Int64(leadingA), b: b, ldb: Int64(leadingB), c: c, ldc: Int64(leadingC),
      addend: addend)
    let block = blz_product_part(&product, Int32(count), Int32(part))
    let byteCount = blz_product_scratch(&product, block)
    if byteCount == 0 {
      blz_product_run(&product, block, nil)
      return true
    }
    guard let scratch = try? MemoryBlock(byteCount: byteCount + MatrixProduct.apart) else {
      return false
    }
    blz_product_run(&product, block, scratch.pointer)
    return true
  }
}
