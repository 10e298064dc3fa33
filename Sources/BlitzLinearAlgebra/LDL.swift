import BlitzTensor

extension Tensor {
  /// Symmetric matrices as triangles and blocks on the diagonal, for `ldlSolve`:
  /// `torch.linalg.ldl_factor`.
  ///
  /// - Returns: L below the diagonal and D on it, of the shape and dtype of `self`, `[..., n, n]`,
  ///   of which the lower half is read; and LAPACK's pivots, int32 `[..., n]`: below 0 for a block
  ///   of two.
  /// - Gradient: none, as in PyTorch.
  /// - Error: matrices that are not square, a dtype other than float32 and float64; when evaluated,
  ///   a matrix that is singular, with its number in the batch and the pivot.
  public func ldlFactor() -> (ld: Tensor, pivots: Tensor) {
    let found = blocks("ldlFactor", checks: true)
    return (found.ld, found.pivots)
  }

  /// The same, and which matrices are singular: `torch.linalg.ldl_factor_ex`.
  ///
  /// - Returns: as `ldlFactor()`; and for each matrix an int32: 0, or the number of the first pivot
  ///   that is 0, from 1.
  /// - Gradient: none, as in PyTorch.
  /// - Error: matrices that are not square, a dtype other than float32 and float64.
  public func ldlFactorEx() -> (ld: Tensor, pivots: Tensor, info: Tensor) {
    blocks("ldlFactorEx", checks: false)
  }

  /// The solution x of `A x = right`, from what `ldlFactor()` made of A: `torch.linalg.ldl_solve`.
  ///
  /// - Parameters:
  ///   - pivots: int32, `[..., n]`.
  ///   - right: `[..., n, k]`.
  /// - Returns: the shape of `right`, with the batches broadcast.
  /// - Gradient: none, as in PyTorch.
  /// - Error: sizes, batches or dtypes that do not fit.
  public func ldlSolve(pivots: Tensor, _ right: Tensor) -> Tensor {
    let word = "ldlSolve"
    if let refused = refusedMatrices(word, square: true) ?? right.refusedMatrices(word, "right") {
      return refused
    }
    if pivots.error != nil { return pivots }
    guard pivots.dtype == .int32, pivots.shape.sizes == batch + [rows], right.rows == rows else {
      return Tensor(
        error: TensorError(
          word,
          "the pivots are not int32\(Shape(batch + [rows])), or the right side has not "
            + "\(rows) rows",
          operands: [
            ("input", signature), ("pivots", pivots.signature), ("right", right.signature),
          ], help: "give those of ldlFactor(), and [..., n, k]"))
    }
    switch Tensor.matched(word, detached(), right.detached(), roles: ("input", "right")) {
    case .failure(let error): return Tensor(error: error)
    case .success(let (matrix, side)):
      let routine = Routine(word: word, kind: .ldlSolve(rows, side.columns), dtype: dtype)
      let own = pivots.expanded(to: Shape(matrix.batch + [rows]))
      return routine([matrix, own, side], batch: matrix.batch).parts(routine.results)[0]
    }
  }

  private func blocks(_ word: String, checks: Bool) -> (ld: Tensor, pivots: Tensor, info: Tensor) {
    if let refused = refusedMatrices(word, square: true) { return (refused, refused, refused) }
    let routine = Routine(word: word, kind: .ldl(rows), dtype: dtype, checks: checks)
    let found = routine([detached().tril()], batch: batch).parts(routine.results + [[]])
    return (found[0], found[1].cast(to: .int32), found[2].cast(to: .int32))
  }
}
