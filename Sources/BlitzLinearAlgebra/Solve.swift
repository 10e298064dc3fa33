import BlitzTensor

extension Tensor {
  /// The solution x of `self x = right`: `torch.linalg.solve`.
  ///
  /// - Parameters:
  ///   - right: a matrix `[..., n, k]`; or vectors, `[n]` or of the batch of `self`, `[..., n]`.
  ///   - left: whether `self` stands on the left; else x solves `x self = right`.
  /// - Returns: the shape of `right`, with the batches broadcast, in the operands' dtype.
  /// - Gradient: `solve(selfᵀ, g)` of the right side, and minus its product with xᵀ of `self`.
  /// - Error: matrices that are not square; sizes, batches or dtypes that do not fit; when
  ///   evaluated, a matrix that is singular, with its number in the batch and the pivot.
  public func solve(_ right: Tensor, left: Bool = true) -> Tensor {
    solved("solve", right, left, checks: true).solution
  }

  /// The solution, and which matrices are singular: `torch.linalg.solve_ex`.
  ///
  /// - Parameters:
  ///   - right: as of `solve(_:left:)`.
  ///   - left: as of `solve(_:left:)`.
  /// - Returns: the solution, NaN for a singular matrix; and for each matrix an int32: 0, or the
  ///   number of the first pivot that is 0, from 1.
  /// - Gradient: that of `solve(_:left:)`.
  /// - Error: matrices that are not square; sizes, batches or dtypes that do not fit.
  public func solveEx(_ right: Tensor, left: Bool = true) -> (solution: Tensor, info: Tensor) {
    solved("solveEx", right, left, checks: false)
  }

  /// The inverses of square matrices: `torch.linalg.inv`.
  ///
  /// `solve(_:left:)` is faster and nearer where the inverse is multiplied with something.
  ///
  /// - Returns: the shape and dtype of `self`, `[..., n, n]`.
  /// - Gradient: `-yᵀ g yᵀ`.
  /// - Error: matrices that are not square, a dtype other than float32 and float64; when evaluated,
  ///   a matrix that is singular, with its number in the batch and the pivot.
  public func inverse() -> Tensor {
    if let refused = real.refusedMatrices("inverse", square: true) { return refused }
    return solved("inverse", .identity(rows, batch: batch, like: self), true, checks: true).solution
  }

  /// The inverses, and which matrices are singular: `torch.linalg.inv_ex`.
  ///
  /// - Returns: the inverses, NaN for a singular matrix; and for each matrix an int32: 0, or the
  ///   number of the first pivot that is 0, from 1.
  /// - Gradient: that of `inverse()`.
  /// - Error: matrices that are not square, a dtype other than float32 and float64.
  public func inverseEx() -> (inverse: Tensor, info: Tensor) {
    if let refused = real.refusedMatrices("inverseEx", square: true) { return (refused, refused) }
    let found = solved("inverseEx", .identity(rows, batch: batch, like: self), true, checks: false)
    return (found.solution, found.info)
  }

  private func solved(
    _ word: String, _ right: Tensor, _ left: Bool, checks: Bool
  ) -> (solution: Tensor, info: Tensor) {
    if dtype.isComplex || right.dtype.isComplex {
      return complexSolved(word, right, left, checks: checks)
    }
    if let refused = refusedMatrices(word, square: true) { return (refused, refused) }
    if right.error != nil { return (right, right) }
    // Vectors are one for all matrices, or one for each.
    let isVector = right.rank == 1 || right.rank == rank - 1 && right.shape.sizes == batch + [rows]
    let both = isVector ? right.unsqueezed(axis: left ? -1 : -2) : right
    if let refused = both.refusedMatrices(word, "right") { return (refused, refused) }
    guard (left ? both.rows : both.columns) == rows else {
      let error = TensorError(
        word,
        "the right side has \(left ? both.rows : both.columns) \(left ? "rows" : "columns"), "
          + "the matrices have \(rows)",
        operands: [("input", signature), ("right", right.signature)],
        help: "shapes are [..., n, n] and \(left ? "[..., n, k]" : "[..., k, n]")")
      return (Tensor(error: error), Tensor(error: error))
    }
    switch Tensor.matched(word, self, both, roles: ("input", "right")) {
    case .failure(let error): return (Tensor(error: error), Tensor(error: error))
    case .success(let (matrix, side)):
      let (a, b) = left ? (matrix, side) : (matrix.turned, side.turned)
      let found = a.divides(b, word, checks: checks)
      let solution = left ? found[0] : found[0].turned
      return (
        isVector ? solution.squeezed(axis: left ? -1 : -2) : solution, found[1].cast(to: .int32)
      )
    }
  }

  /// The solution for operands that are known to fit, and LAPACK's numbers.
  func divides(_ right: Tensor, _ word: String = "solve", checks: Bool = true) -> [Tensor] {
    let routine = Routine(
      word: word, kind: .solve(rows, right.columns), dtype: dtype, checks: checks)
    return routine.recorded([self, right]) { inputs, results, slopes in
      let back = inputs[0].turned.divides(slopes[0], word, checks: checks)[0]
      return [-back.matmul(results[0].turned), back]
    }
  }
}
