import BlitzTensor

extension Tensor {
  /// The first singular values of matrices and their vectors, from random products:
  /// `torch.svd_lowrank` (N. Halko, P. Martinsson and J. Tropp, 2009).
  ///
  /// - Parameters:
  ///   - q: how many; a few more than the rank.
  ///   - iterations: how often the products are multiplied again.
  ///   - mean: what is taken from `self` first; it broadcasts.
  ///   - generator: where the random numbers come from: PyTorch's for the same seed.
  /// - Returns: U `[..., m, q]`, s `[..., q]` and V `[..., n, q]`, in the dtype of `self`, `[...,
  ///   m, n]`.
  /// - Gradient: that of the factors on the way.
  /// - Error: `q` not from 0 to the smaller of m and n; a dtype other than float32 and float64.
  public func svdLowRank(
    _ q: Int = 6, iterations: Int = 2, mean: Tensor? = nil, generator: Generator = .shared
  ) -> (u: Tensor, s: Tensor, v: Tensor) {
    let word = "svdLowRank"
    let matrix = mean.map { self - $0 } ?? self
    if let refused = matrix.refusedMatrices(word) { return (refused, refused, refused) }
    let (m, n) = (matrix.rows, matrix.columns)
    guard q >= 0, q <= Swift.min(m, n), iterations >= 0 else {
      let error = Tensor(
        error: TensorError(
          word, "q is \(q) and there are \(iterations) iterations",
          operands: [("input", signature)],
          help: "q is 0 to \(Swift.min(m, n)), iterations are 0 or more"))
      return (error, error, error)
    }
    if m < n {
      let (u, s, v) = matrix.turned.svdLowRank(q, iterations: iterations, generator: generator)
      return (v, s, u)
    }
    let noise = Tensor.randn([n, q], generator: generator, dtype: dtype, device: device)
    var basis = matrix.matmul(noise).qr().q
    for _ in 0..<iterations {
      basis = matrix.turned.matmul(basis).qr().q
      basis = matrix.matmul(basis).qr().q
    }
    let (u, s, vh) = basis.turned.matmul(matrix).svd(fullMatrices: false)
    return (basis.matmul(u), s, vh.turned)
  }

  /// The principal components of rows: `torch.pca_lowrank`.
  ///
  /// - Parameters:
  ///   - q: how many components; the smaller of 6, m and n if nothing is said.
  ///   - center: whether each column's mean is taken from it.
  ///   - iterations: how often the products are multiplied again.
  ///   - generator: where the random numbers come from.
  /// - Returns: as `svdLowRank`: components are the columns of V.
  /// - Gradient: that of the factors on the way.
  /// - Error: as `svdLowRank`.
  public func pcaLowRank(
    _ q: Int? = nil, center: Bool = true, iterations: Int = 2, generator: Generator = .shared
  ) -> (u: Tensor, s: Tensor, v: Tensor) {
    if let refused = refusedMatrices("pcaLowRank") { return (refused, refused, refused) }
    return svdLowRank(
      q ?? Swift.min(6, rows, columns), iterations: iterations,
      mean: center ? mean(axis: -2, keepDims: true) : nil, generator: generator)
  }
}
