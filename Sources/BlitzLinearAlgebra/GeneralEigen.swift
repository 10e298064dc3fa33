import BlitzTensor

extension Tensor {
  /// The eigenvalues and eigenvectors of square matrices: `torch.linalg.eig`.
  ///
  ///     A V = V diag(w)
  ///
  ///     let (values, vectors) = Tensor([[0.0, -1], [1, 0]]).eig()     // i and -i
  ///
  /// - Returns: w `[..., n]`, in no order, and V `[..., n, n]`, one vector of length 1 in each
  ///   column: complex64 of float32 and complex64, complex128 of the others. A vector's angle is
  ///   LAPACK's.
  /// - Gradient: of both; that of V has a meaning where no eigenvalues are equal, and where what is
  ///   made of V does not depend on the vectors' angles.
  /// - Error: matrices that are not square, a dtype that is neither float32, float64 nor complex;
  ///   when evaluated, an element that is not finite.
  public func eig() -> (values: Tensor, vectors: Tensor) {
    if let refused = refusedComplexMatrices("eig") { return (refused, refused) }
    let matrix = cast(to: dtype.complex)
    let routine = Routine(
      word: "eig", kind: .general(rows, vectors: true), dtype: dtype.component)
    let size = rows
    let found = Tensor.recorded(
      "eig", of: [matrix.viewAsReal()], results: routine.results + [[]],
      value: { routine($0, batch: batch) }
    ) { _, results, slopes in
      let (values, vectors) = (results[0].viewAsComplex(), results[1].viewAsComplex())
      let (slopeOfValues, slope) = (slopes[0].viewAsComplex(), slopes[1].viewAsComplex())
      let turned = vectors.adjoint()
      let products = turned.matmul(slope)
      let lengths = products.real.diagonal(-2, -1).unsqueezed(axis: -2)
      let inner = products - turned.matmul(vectors * lengths)
      let apart = values.conj().differences
      let isDiagonal = Tensor.eye(size, dtype: .bool, device: values.device)
      let core = Tensor.where(
        isDiagonal, slopeOfValues.unsqueezed(axis: -1), inner / Tensor.where(isDiagonal, 1, apart))
      return [turned.solve(core.matmul(turned)).viewAsReal()]
    }
    return (found[0].viewAsComplex(), found[1].viewAsComplex())
  }

  /// The eigenvalues of square matrices: `torch.linalg.eigvals`.
  ///
  /// - Returns: `[..., n]`, in no order, in complex64 or complex128.
  /// - Gradient: that of ``eig()``, for the eigenvalues alone.
  /// - Error: as ``eig()``.
  public func eigvals() -> Tensor {
    if requiresGrad { return eig().values.named("eigvals") }
    if let refused = refusedComplexMatrices("eigvals") { return refused }
    let routine = Routine(
      word: "eigvals", kind: .general(rows, vectors: false), dtype: dtype.component)
    let pairs = cast(to: dtype.complex).viewAsReal()
    return routine([pairs], batch: batch).parts(routine.results)[0].viewAsComplex()
  }

  private func refusedComplexMatrices(_ word: String) -> Tensor? {
    let parts = dtype.isComplex ? real : self
    return parts.refusedMatrices(word, square: true)
  }
}
