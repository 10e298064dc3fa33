import BlitzTensor

extension Tensor {
  /// The pseudoinverses of matrices: `torch.linalg.pinv`.
  ///
  ///     y = V diag(1 / s where s > max(atol, rtol * s[0]), 0 elsewhere) Uᵀ
  ///
  /// - Parameters:
  ///   - atol: what counts as 0; 0 if nothing is said.
  ///   - rtol: the same as a share of the greatest singular value; if nothing is said, the greater
  ///     of m and n times the distance from 1 to the next number, or 0 beside an `atol`.
  ///   - hermitian: whether the matrices are symmetric, of which the lower half is read.
  /// - Returns: `[..., n, m]`, in the dtype of `self`, `[..., m, n]`.
  /// - Gradient: that of G. Golub and V. Pereyra (1973), where the rank does not change.
  /// - Error: fewer than two axes, a dtype other than float32 and float64; matrices that are not
  ///   square where they are to be symmetric; when evaluated, an element that is not finite.
  public func pinv(atol: Tensor? = nil, rtol: Tensor? = nil, hermitian: Bool = false) -> Tensor {
    pinv("pinv", atol: atol, rtol: rtol, hermitian: hermitian)
  }

  /// The same for a word that is made of it.
  private func pinv(_ word: String, atol: Tensor?, rtol: Tensor?, hermitian: Bool) -> Tensor {
    if let refused = refusedMatrices(word, square: hermitian) { return refused }
    if elementCount == 0 { return .nothing(batch + [columns, rows], like: self) }
    let (m, n) = (rows, columns)
    return .written(word, of: [self]) { inputs in
      let x = inputs[0]
      if hermitian {
        let (values, vectors) = x.eigh(word)
        let sizes = values.abs()
        let isKept = sizes .> x.cut(sizes.max(axis: -1, keepDims: true), atol, rtol)
        let inverse = Tensor.where(isKept, 1 / Tensor.where(isKept, values, 1), 0)
        return (vectors * inverse.unsqueezed(axis: -2)).matmul(vectors.turned)
      }
      let (u, s, vh) = x.svd(word, fullMatrices: false)
      let isKept = s .> x.cut(s.max(axis: -1, keepDims: true), atol, rtol)
      let inverse = Tensor.where(isKept, 1 / Tensor.where(isKept, s, 1), 0)
      return (vh.turned * inverse.unsqueezed(axis: -2)).matmul(u.turned)
    } gradient: { inputs, y, slope in
      let (a, g, turnedY) = (inputs[0], slope.turned, y.turned)
      if m <= n {
        let k = g.matmul(y)
        let ky = k.matmul(turnedY)
        return [
          ky - y.matmul(k).turned - a.matmul(y).matmul(ky)
            + turnedY.matmul(y).matmul(g - k.matmul(a))
        ]
      }
      let k = y.matmul(g)
      let yk = turnedY.matmul(k)
      return [
        (g - a.matmul(k)).matmul(y).matmul(turnedY) - k.matmul(y).turned
          + yk - yk.matmul(y).matmul(a)
      ]
    }
  }

  /// What counts as 0 among singular values, `[..., 1]`.
  private func cut(_ greatest: Tensor, _ atol: Tensor?, _ rtol: Tensor?) -> Tensor {
    let own =
      Double(Swift.max(rows, columns))
      * (dtype == .float64 ? Double.ulpOfOne : Double(Float.ulpOfOne))
    func share(_ tensor: Tensor) -> Tensor {
      let number = tensor.cast(to: dtype)
      return number.rank == 0 ? number : number.unsqueezed(axis: -1)
    }
    let relative =
      rtol.map { greatest * share($0) } ?? (atol == nil ? greatest * own : greatest * 0)
    return atol.map { relative.maximum(share($0)) } ?? relative
  }

  /// How many singular values are not 0: `torch.linalg.matrix_rank`.
  ///
  /// - Parameters:
  ///   - atol: what counts as 0; of the batch's shape, or one for all.
  ///   - rtol: the same as a share of the greatest singular value; see
  ///     `pinv(atol:rtol:hermitian:)`.
  ///   - hermitian: whether the matrices are symmetric, of which the lower half is read.
  /// - Returns: int64, of the batch's shape.
  /// - Gradient: none.
  /// - Error: as `pinv(atol:rtol:hermitian:)`.
  public func matrixRank(atol: Tensor? = nil, rtol: Tensor? = nil, hermitian: Bool = false)
    -> Tensor
  {
    matrixRank("matrixRank", atol, rtol, hermitian)
  }

  /// The same for a word that is made of it.
  private func matrixRank(
    _ word: String, _ atol: Tensor?, _ rtol: Tensor?, _ hermitian: Bool
  ) -> Tensor {
    if let refused = refusedMatrices(word, square: hermitian) { return refused }
    if elementCount == 0 { return .zeros(Shape(batch), dtype: .int64, device: device) }
    let sizes = hermitian ? detached().eigvalsh(word).abs() : detached().svdvals(word)
    let isKept = sizes .> cut(sizes.max(axis: -1, keepDims: true), atol, rtol)
    return isKept.cast(to: .int64).sum(axis: -1)
  }

  /// The solutions x for which `self x` is nearest to `right`: `torch.linalg.lstsq`.
  ///
  /// Of several the shortest, also where columns depend on each other.
  ///
  /// - Parameters:
  ///   - right: `[..., m, k]`, or a vector for each matrix, `[..., m]`.
  ///   - rcond: which singular values count as 0, as a share of the greatest; if nothing is said,
  ///     the greater of m and n times the distance from 1 to the next number.
  /// - Returns: the solution `[..., n, k]`; the squared distances of each column, `[..., k]`; the
  ///   ranks, int64, and the singular values of `self`, `[..., m, n]`.
  /// - Gradient: of the solution and the distances, through the pseudoinverse.
  /// - Error: sizes, batches or dtypes that do not fit; when evaluated, an element that is not
  ///   finite.
  public func lstsq(
    _ right: Tensor, rcond: Double? = nil
  ) -> (solution: Tensor, residuals: Tensor, rank: Tensor, singularValues: Tensor) {
    let word = "lstsq"
    func refuse(_ tensor: Tensor) -> (Tensor, Tensor, Tensor, Tensor) {
      (tensor, tensor, tensor, tensor)
    }
    if let refused = refusedMatrices(word) { return refuse(refused) }
    if right.error != nil { return refuse(right) }
    let isVector = right.rank == rank - 1 && right.shape.sizes == batch + [rows]
    let both = isVector ? right.unsqueezed(axis: -1) : right
    if let refused = both.refusedMatrices(word, "right") { return refuse(refused) }
    guard both.rows == rows else {
      return refuse(
        Tensor(
          error: TensorError(
            word, "the right side has \(both.rows) rows, the matrices have \(rows)",
            operands: [("input", signature), ("right", right.signature)],
            help: "shapes are [..., m, n] and [..., m, k]")))
    }
    switch Tensor.matched(word, self, both, roles: ("input", "right")) {
    case .failure(let error): return refuse(Tensor(error: error))
    case .success(let (matrix, side)):
      let rtol = rcond.map { Tensor.full([], $0, dtype: .float64, device: device) }
      let solution = matrix.pinv(word, atol: nil, rtol: rtol, hermitian: false).matmul(side).named(
        word)
      let distances = (matrix.matmul(solution) - side).square().sum(axis: -2)
      return (
        isVector ? solution.squeezed(axis: -1) : solution,
        isVector ? distances.squeezed(axis: -1) : distances,
        matrix.matrixRank(word, nil, rtol, false),
        matrix.detached().svdvals(word)
      )
    }
  }
}
