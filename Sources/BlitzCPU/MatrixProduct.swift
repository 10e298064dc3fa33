import BlitzTensor
import CKernels
import COneDNN

/// One matrix product on the calling thread: `C = alpha op(A) op(B)`, or added to `C`. float32 by
/// oneDNN, other dtypes by a plain blocked loop.
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

  /// - Returns: whether there was memory for it.
  func run() -> Bool {
    guard dtype == .float32 else {
      return blz_matmul(
        Int32(dtype.rawValue), transposesA, transposesB, Int64(n), Int64(k), alpha, a,
        Int64(leadingA), b, Int64(leadingB), accumulates ? 1 : 0, c, Int64(leadingC), 0, Int64(m))
    }
    func code(_ isTransposed: Bool) -> CChar {
      CChar(UInt8(ascii: isTransposed ? "T" : "N"))
    }
    Threading.useOneLibraryThread()
    return dnnl_sgemm(
      code(transposesA), code(transposesB), Int64(m), Int64(n), Int64(k), Float(alpha),
      a.assumingMemoryBound(to: Float.self), Int64(leadingA),
      b.assumingMemoryBound(to: Float.self), Int64(leadingB), accumulates ? 1 : 0,
      c.assumingMemoryBound(to: Float.self), Int64(leadingC)) == dnnl_success
  }
}
