import BlitzTensor

extension Tensor {
  /// The triangular root of symmetric positive definite matrices: `torch.linalg.cholesky`.
  ///
  ///     A = L Lᵀ,  or Uᵀ U if `upper`
  ///
  /// - Parameter upper: whether U is wanted. Only that half of the matrices is read.
  /// - Returns: the shape and dtype of `self`, `[..., n, n]`, with zeros in the other half.
  /// - Gradient: that of PyTorch, a symmetric matrix.
  /// - Error: matrices that are not square, a dtype other than float32 and float64; when evaluated,
  ///   a matrix that is not positive definite, with its number in the batch and the pivot.
  public func cholesky(upper: Bool = false) -> Tensor {
    root("cholesky", upper, checks: true).factor
  }

  /// The triangular root, and which matrices have one: `torch.linalg.cholesky_ex`.
  ///
  /// - Parameter upper: whether U is wanted.
  /// - Returns: the root as of `cholesky(upper:)`; and for each matrix an int32: 0, or the order of
  ///   the first leading minor that is not positive definite, whose root has no meaning.
  /// - Gradient: that of `cholesky(upper:)`.
  /// - Error: matrices that are not square, a dtype other than float32 and float64.
  public func choleskyEx(upper: Bool = false) -> (factor: Tensor, info: Tensor) {
    root("choleskyEx", upper, checks: false)
  }

  private func root(_ word: String, _ upper: Bool, checks: Bool) -> (factor: Tensor, info: Tensor) {
    if let refused = refusedMatrices(word, square: true) { return (refused, refused) }
    let routine = Routine(word: word, kind: .cholesky(rows), dtype: dtype, checks: checks)
    let found = routine.recorded([upper ? turned : self]) { _, results, slopes in
      let lower = results[0]
      let phi = lower.turned.matmul(slopes[0]).tril()
      let symmetric = 0.5 * (phi + phi.tril(diagonal: -1).turned)
      let inner = lower.turned.triangular(symmetric, upper: true)
      return [lower.turned.triangular(inner.turned, upper: true).turned]
    }
    return (upper ? found[0].turned : found[0], found[1].cast(to: .int32))
  }

  /// The solution x of `A x = self` from A's triangular root: `torch.cholesky_solve`.
  ///
  /// - Parameters:
  ///   - factor: L or U, `[..., n, n]`.
  ///   - upper: whether it is U.
  /// - Returns: the shape of `self`, `[..., n, k]`, with the batches broadcast.
  /// - Gradient: of both; that of the factor in both halves, as PyTorch's.
  /// - Error: sizes, batches or dtypes that do not fit; when evaluated, a 0 on the diagonal.
  public func choleskySolve(_ factor: Tensor, upper: Bool = false) -> Tensor {
    let word = "choleskySolve"
    if let refused = factor.refusedMatrices(word, square: true, "factor") ?? refusedMatrices(word) {
      return refused
    }
    guard factor.rows == rows else {
      return Tensor(
        error: TensorError(
          word, "the right side has \(rows) rows, the factor \(factor.rows)",
          operands: [("input", signature), ("factor", factor.signature)],
          help: "shapes are [..., n, k] and [..., n, n]"))
    }
    switch Tensor.matched(word, self, upper ? factor.turned : factor, roles: ("input", "factor")) {
    case .failure(let error): return Tensor(error: error)
    case .success(let (right, lower)): return right.solved(lower)
    }
  }

  /// The same for L, which fits. Its gradient is that of A = L Lᵀ, as PyTorch has it.
  private func solved(_ lower: Tensor) -> Tensor {
    .written("choleskySolve", of: [self, lower]) { inputs in
      inputs[1].turned.triangular(inputs[1].triangular(inputs[0], upper: false), upper: true)
    } gradient: { inputs, output, slope in
      let back = slope.solved(inputs[1])
      let outer = back.matmul(output.turned)
      return [back, -(outer + outer.turned).matmul(inputs[1])]
    }
  }

  /// The inverses of matrices from their triangular roots: `torch.cholesky_inverse`.
  ///
  /// - Parameter upper: whether the roots are U rather than L.
  /// - Returns: the shape and dtype of `self`, `[..., n, n]`.
  /// - Gradient: that of the solution for the identity.
  /// - Error: matrices that are not square, a dtype other than float32 and float64.
  public func choleskyInverse(upper: Bool = false) -> Tensor {
    if let refused = refusedMatrices("choleskyInverse", square: true) { return refused }
    return Tensor.identity(rows, batch: batch, like: self).choleskySolve(self, upper: upper)
      .named("choleskyInverse")
  }
}
