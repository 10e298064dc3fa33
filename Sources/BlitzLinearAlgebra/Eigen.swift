import BlitzTensor

extension Tensor {
  /// The eigenvalues and eigenvectors of symmetric matrices: `torch.linalg.eigh`.
  ///
  ///     A = V diag(w) Vᵀ
  ///
  /// - Parameter upper: whether the upper half is read rather than the lower.
  /// - Returns: w `[..., n]`, ascending, and V `[..., n, n]`, one vector in each column, in the
  ///   dtype of `self`; a vector's sign is LAPACK's.
  /// - Gradient: of both, a symmetric matrix; that of V has a meaning where no eigenvalues are
  ///   equal, and where what is made of V does not depend on signs.
  /// - Error: matrices that are not square, a dtype other than float32 and float64; when evaluated,
  ///   an element that is not finite.
  public func eigh(upper: Bool = false) -> (values: Tensor, vectors: Tensor) {
    eigh("eigh", upper: upper)
  }

  /// The same for a word that is made of it.
  func eigh(_ word: String, upper: Bool = false) -> (values: Tensor, vectors: Tensor) {
    if let refused = refusedMatrices(word, square: true) { return (refused, refused) }
    let routine = Routine(word: word, kind: .eigen(rows, vectors: true), dtype: dtype)
    let found = routine.recorded([upper ? turned : self]) { _, results, slopes in
      let (values, vectors) = (results[0], results[1])
      let products = vectors.turned.matmul(slopes[1])
      let inner = products - products.diagonal(-2, -1).diagEmbed()
      let core = inner.divided(by: values.differences) + slopes[0].diagEmbed()
      return [vectors.matmul(core).matmul(vectors.turned).symmetric]
    }
    return (found[0], found[1])
  }

  /// The eigenvalues of symmetric matrices: `torch.linalg.eigvalsh`.
  ///
  /// - Parameter upper: whether the upper half is read rather than the lower.
  /// - Returns: `[..., n]`, ascending, in the dtype of `self`.
  /// - Gradient: `V diag(g) Vᵀ`.
  /// - Error: as `eigh(upper:)`.
  public func eigvalsh(upper: Bool = false) -> Tensor { eigvalsh("eigvalsh", upper: upper) }

  /// The same for a word that is made of it.
  func eigvalsh(_ word: String, upper: Bool = false) -> Tensor {
    if requiresGrad { return eigh(word, upper: upper).values }
    if let refused = refusedMatrices(word, square: true) { return refused }
    let routine = Routine(word: word, kind: .eigen(rows, vectors: false), dtype: dtype)
    return routine([upper ? turned : self], batch: batch).parts(routine.results)[0]
  }

  /// The symmetric square roots of symmetric positive semidefinite matrices:
  /// `torch.linalg.matrix_sqrth`.
  ///
  ///     y = V diag(sqrt(w)) Vᵀ
  ///
  /// - Returns: the shape and dtype of `self`, `[..., n, n]`; the lower half is read; NaN where an
  ///   eigenvalue is below 0.
  /// - Gradient: the solution x of `y x + x y = g`, made symmetric.
  /// - Error: as `eigh(upper:)`.
  public func matrixSqrth() -> Tensor {
    if let refused = refusedMatrices("matrixSqrth", square: true) { return refused }
    return .written("matrixSqrth", of: [self]) { inputs in
      let (values, vectors) = inputs[0].eigh("matrixSqrth")
      return (vectors * values.sqrt().unsqueezed(axis: -2)).matmul(vectors.turned)
    } gradient: { inputs, _, slope in
      let (values, vectors) = inputs[0].eigh("matrixSqrth")
      let roots = values.sqrt()
      let sums = roots.unsqueezed(axis: -2) + roots.unsqueezed(axis: -1)
      let core = vectors.turned.matmul(slope).matmul(vectors).divided(by: sums)
      return [vectors.matmul(core).matmul(vectors.turned).symmetric]
    }
  }
}
