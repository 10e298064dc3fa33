import BlitzTensor

extension Tensor {
  /// The singular values of matrices and their vectors: `torch.linalg.svd`.
  ///
  ///     A = U diag(s) Vᵀ
  ///
  /// - Parameter fullMatrices: whether U is `[..., m, m]` and Vᵀ `[..., n, n]`; else they have the
  ///   first k columns and rows, where k is the smaller of m and n.
  /// - Returns: U, s `[..., k]`, descending, and Vᵀ in the dtype of `self`, `[..., m, n]`; signs
  ///   are LAPACK's.
  /// - Gradient: of all three, from the first k vectors; it has a meaning where no singular values
  ///   are equal or 0, and where what is made of the vectors does not depend on signs.
  /// - Error: fewer than two axes, a dtype other than float32 and float64; when evaluated, an
  ///   element that is not finite.
  public func svd(fullMatrices: Bool = true) -> (u: Tensor, s: Tensor, vh: Tensor) {
    svd("svd", fullMatrices: fullMatrices)
  }

  /// The same for a word that is made of it.
  func svd(_ word: String, fullMatrices: Bool) -> (u: Tensor, s: Tensor, vh: Tensor) {
    if let refused = refusedMatrices(word) { return (refused, refused, refused) }
    let (m, n) = (rows, columns)
    let count = Swift.min(m, n)
    let routine = Routine(
      word: word, kind: .singular(m, n, fullMatrices ? .all : .some), dtype: dtype)
    let found = routine.recorded([self]) { _, results, slopes in
      let (u, s, vh) = (results[0][..., 0..<count], results[1], results[2][..., 0..<count, 0...])
      let slopeU = slopes[0][..., 0..<count]
      let slopeV = slopes[2][..., 0..<count, 0...]
      let row = s.unsqueezed(axis: -2)
      let column = s.unsqueezed(axis: -1)
      let left = u.turned.matmul(slopeU).skew
      let right = vh.matmul(slopeV.turned).skew
      let inner = (left * row + column * right).divided(by: s.square().differences)
      let core = inner + slopes[1].diagEmbed()
      if m > count {
        let beside = slopeU.divided(by: row)
        return [
          (u.matmul(core) + beside - u.matmul(u.turned.matmul(beside))).matmul(vh)
        ]
      }
      if n > count {
        let beside = slopeV.divided(by: column)
        return [
          u.matmul(core.matmul(vh) + beside - beside.matmul(vh.turned).matmul(vh))
        ]
      }
      return [u.matmul(core).matmul(vh)]
    }
    return (found[0], found[1], found[2])
  }

  /// A matrix minus its transpose.
  private var skew: Tensor { self - turned }

  /// The singular values of matrices: `torch.linalg.svdvals`.
  ///
  /// - Returns: `[..., k]`, descending, in the dtype of `self`, `[..., m, n]`.
  /// - Gradient: `U diag(g) Vᵀ`.
  /// - Error: as `svd(fullMatrices:)`.
  public func svdvals() -> Tensor { svdvals("svdvals") }

  /// The same for a word that is made of it.
  func svdvals(_ word: String) -> Tensor {
    if requiresGrad { return svd(word, fullMatrices: false).s }
    if let refused = refusedMatrices(word) { return refused }
    let routine = Routine(word: word, kind: .singular(rows, columns, .none), dtype: dtype)
    return routine([self], batch: batch).parts(routine.results)[0]
  }

  /// Matrices as orthonormal columns times a symmetric positive semidefinite matrix:
  /// `torch.linalg.polar`.
  ///
  ///     A = U H
  ///
  /// - Returns: U `[..., m, n]` and H `[..., n, n]`, in the dtype of `self`, `[..., m, n]`.
  /// - Gradient: that of the singular values and vectors.
  /// - Error: more columns than rows; otherwise as `svd(fullMatrices:)`.
  public func polarDecomposition() -> (u: Tensor, h: Tensor) {
    let word = "polarDecomposition"
    if let refused = refusedMatrices(word) { return (refused, refused) }
    guard rows >= columns else {
      let error = Tensor(
        error: TensorError(
          word, "the matrices have \(rows) rows and \(columns) columns: there are more columns",
          operands: [("input", signature)], help: "decompose .transposed(-2, -1)"))
      return (error, error)
    }
    let (u, s, vh) = svd(word, fullMatrices: false)
    return (
      u.matmul(vh).named(word), vh.turned.matmul(s.unsqueezed(axis: -1) * vh).named(word)
    )
  }
}
