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
  /// Whether `b` was packed for several products; then parts are rows.
  var isPackedB = false

  /// How many sums each element is made of, which are added in order.
  var sumCount: Int { Int(blz_product_sums(Int64(k))) }

  /// Whether so many threads had better have some of the sums each, rather than rows or columns.
  func sharesTerms(_ threads: Int) -> Bool {
    withUnsafePointer(to: described) { blz_product_shares_terms($0, Int32(threads)) }
  }

  /// The product of the terms of one of the sums, by itself.
  func sum(_ index: Int) -> MatrixProduct {
    let (first, end) = (k * index / sumCount, k * (index + 1) / sumCount)
    let size = dtype.byteCount
    var part = self
    part.k = end - first
    part.a += (transposesA ? first * leadingA : first) * size
    part.b += (transposesB ? first : first * leadingB) * size
    return part
  }

  /// Bytes of the right matrix in the order in which products read it, and the panels that it falls
  /// into.
  var packedByteCount: Int { withUnsafePointer(to: described) { blz_product_packed_bytes($0) } }
  var panelCount: Int { withUnsafePointer(to: described) { Int(blz_product_panels($0)) } }

  /// Writes some panels of the right matrix in that order.
  func pack(into packed: UnsafeMutableRawPointer, panels: Range<Int>) {
    var product = described
    blz_product_pack(&product, packed, Int64(panels.lowerBound), Int64(panels.upperBound))
  }

  private var described: blz_product {
    blz_product(
      dtype: Int32(dtype.rawValue), isa: blz_isa(), trans_a: transposesA, trans_b: transposesB,
      accumulates: accumulates, m: Int64(m), n: Int64(n), k: Int64(k), alpha: alpha, a: a,
      lda: Int64(leadingA), b: b, ldb: Int64(leadingB), c: c, ldc: Int64(leadingC),
      addend: addend)
  }

  /// Computes it on the calling thread.
  ///
  /// - Returns: whether there was memory for packed parts of the matrices.
  func run() -> Bool { run(part: 0, of: 1) }

  /// Computes one of so many parts, which threads can share out; an element is the same to the
  /// last bit however many there are.
  ///
  /// - Returns: whether there was memory for packed parts of the matrices.
  func run(part: Int, of count: Int) -> Bool {
    if isPackedB { return run(rows: m * part / count..<m * (part + 1) / count) }
    var product = described
    return run(&product, blz_product_part(&product, Int32(count), Int32(part)))
  }

  /// Computes some rows.
  ///
  /// - Returns: whether there was memory for packed parts of the matrices.
  func run(rows: Range<Int>) -> Bool {
    var product = described
    return run(
      &product,
      blz_block(
        row_begin: Int64(rows.lowerBound), row_end: Int64(rows.upperBound), column_begin: 0,
        column_end: product.n))
  }

  private func run(_ product: inout blz_product, _ block: blz_block) -> Bool {
    let byteCount =
      isPackedB
      ? blz_product_packed_scratch(&product, block) : blz_product_scratch(&product, block)
    func compute(_ scratch: UnsafeMutableRawPointer?) {
      if isPackedB {
        blz_product_run_packed(&product, block, scratch)
      } else {
        blz_product_run(&product, block, scratch)
      }
    }
    if byteCount == 0 {
      compute(nil)
      return true
    }
    return Scratch.use(byteCount) { compute($0) }
  }
}
