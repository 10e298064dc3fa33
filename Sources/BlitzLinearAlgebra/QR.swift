import BlitzTensor

/// How much of Q and R is wanted.
public enum QRMode: String, Sendable, CaseIterable {
  /// Q `[..., m, k]` and R `[..., k, n]`, where k is the smaller of m and n.
  case reduced
  /// Q `[..., m, m]` and R `[..., m, n]`.
  case complete
  /// R as of `reduced`, and an empty Q.
  case r
}

extension Tensor {
  /// Matrices as orthonormal columns times an upper triangle: `torch.linalg.qr`.
  ///
  ///     A = Q R,  Qᵀ Q = 1
  ///
  /// - Parameter mode: how much of both.
  /// - Returns: Q and R in the dtype of `self`, `[..., m, n]`; signs as LAPACK leaves them.
  /// - Gradient: of both, where the first k columns are independent.
  /// - Error: fewer than two axes, a dtype other than float32 and float64; for a gradient, the mode
  ///   `.r`, or `.complete` of matrices with more rows than columns.
  public func qr(_ mode: QRMode = .reduced) -> (q: Tensor, r: Tensor) {
    if let refused = refusedMatrices("qr") { return (refused, refused) }
    let (m, n, batch) = (rows, columns, batch)
    if mode != .r, m < n {
      // The first columns alone decide; the others are turned likewise.
      let (q, r) = self[..., 0..<m].qr(mode)
      return (q, concatenate([r, q.turned.matmul(self[..., m...])], axis: -1))
    }
    let count = Swift.min(m, n)
    let width = mode == .complete ? m : mode == .reduced ? count : 0
    let height = mode == .complete ? m : count
    let found = Tensor.recorded(
      "qr", of: [self], results: [[m, width], [height, n]],
      value: { inputs in
        let (reflectors, scales) = inputs[0].geqrf()
        let r = reflectors[..., 0..<height, 0...].triu()
        if mode == .r { return .packed([r], batch: batch) }
        var columns = reflectors[..., 0..<count]
        if width > count {
          columns = concatenate(
            [columns, .nothing(batch + [m, width - count], like: r)], axis: -1)
        }
        let routine = Routine(word: "qr", kind: .orthogonal(m, width, count), dtype: r.dtype)
        let q = routine([columns, scales], batch: batch).parts(routine.results)[0]
        return .packed([q, r], batch: batch)
      },
      gradient: { inputs, results, slopes in
        guard width == n else {
          let rule =
            mode == .r
            ? "R alone has no gradient" : "Q has more columns than there are: they have no gradient"
          return [
            Tensor(
              error: TensorError(
                "qr", rule, operands: [("input", inputs[0].signature)],
                help: "use the mode .reduced"))
          ]
        }
        let (q, r) = (results[0], results[1])
        let half = (slopes[1].matmul(r.turned) - q.turned.matmul(slopes[0])).triu()
        let inner = half + half.triu(diagonal: 1).turned
        let whole = slopes[0] + q.matmul(inner)
        return [r.triangular(whole.turned, upper: true).turned]
      })
    return (mode == .r ? .nothing([0], like: self) : found[0], found[1])
  }

  /// R and the reflectors whose product is Q, as LAPACK has them: `torch.geqrf`.
  ///
  /// - Returns: R, and below its diagonal the reflectors, of the shape of `self`, `[..., m, n]`;
  ///   and their scales `[..., k]`, for `householderProduct` and `ormqr`.
  /// - Gradient: none; see `qr(_:)`.
  /// - Error: fewer than two axes, a dtype other than float32 and float64.
  public func geqrf() -> (reflectors: Tensor, scales: Tensor) {
    if let refused = refusedMatrices("geqrf") { return (refused, refused) }
    let routine = Routine(word: "geqrf", kind: .reflectors(rows, columns), dtype: dtype)
    let found = routine([detached()], batch: batch).parts(routine.results + [[]])
    return (found[0], found[1])
  }

  /// The first columns of Q from the reflectors that `self` holds below its diagonal:
  /// `torch.linalg.householder_product`.
  ///
  ///     Q = H[0] H[1] ... H[k - 1],  H[i] = 1 - scales[i] v[i] v[i]ᵀ
  ///
  /// - Parameter scales: `[..., k]`, `tau` in PyTorch.
  /// - Returns: the shape and dtype of `self`, `[..., m, n]`.
  /// - Gradient: of both.
  /// - Error: more columns than rows, more scales than columns, batches or dtypes that differ.
  public func householderProduct(_ scales: Tensor) -> Tensor {
    let word = "householderProduct"
    if let refused = refusedMatrices(word) ?? refusedScales(word, scales) { return refused }
    guard rows >= columns else {
      return Tensor(
        error: TensorError(
          word, "the matrices have \(rows) rows and \(columns) columns: there are more columns",
          operands: [("input", signature)], help: "give the first \(rows) columns"))
    }
    let one = Tensor.eye(rows, columns: columns, dtype: dtype, device: device)
    return reflected(one.expanded(to: shape), scales, isTransposed: false)
  }

  /// Matrices times Q, of which `self` holds the reflectors below its diagonal:
  /// `torch.ormqr(self, scales, other)`.
  ///
  /// - Parameters:
  ///   - scales: `[..., k]`, `tau` in PyTorch.
  ///   - other: `[..., m, n]`, or `[..., n, m]` if not `left`.
  ///   - left: whether Q, `[..., m, m]`, stands on the left of `other`.
  ///   - transpose: whether Qᵀ takes the place of Q.
  /// - Returns: the shape of `other`.
  /// - Gradient: of all three.
  /// - Error: sizes, batches or dtypes that do not fit.
  public func ormqr(
    _ scales: Tensor, _ other: Tensor, left: Bool = true, transpose: Bool = false
  ) -> Tensor {
    let word = "ormqr"
    if let refused = refusedMatrices(word) ?? refusedScales(word, scales)
      ?? other.refusedMatrices(word, "other")
    {
      return refused
    }
    guard other.batch == batch, other.dtype == dtype,
      (left ? other.rows : other.columns) == rows
    else {
      let sizes = left ? "\(rows), any" : "any, \(rows)"
      return Tensor(
        error: TensorError(
          word, "Q is \(rows) x \(rows), which does not meet the other matrices",
          operands: [("input", signature), ("other", other.signature)],
          help: "give \(dtype)[\(sizes)] for each matrix of the batch \(Shape(batch))"))
    }
    if left { return reflected(other, scales, isTransposed: transpose) }
    return reflected(other.turned, scales, isTransposed: !transpose).turned
  }

  /// The product of Q, or Qᵀ, and matrices of as many rows.
  private func reflected(_ other: Tensor, _ scales: Tensor, isTransposed: Bool) -> Tensor {
    let count = scales.shape[scales.rank - 1]
    let one = Tensor.eye(rows, columns: columns, dtype: dtype, device: device)
    let vectors = tril(diagonal: -1) + one
    var product = other
    for index in isTransposed ? Array(0..<count) : Array((0..<count).reversed()) {
      let vector = vectors[..., index..<index + 1]
      let scale = scales[..., index..<index + 1].unsqueezed(axis: -1)
      product = product - (scale * vector).matmul(vector.turned.matmul(product))
    }
    return product
  }

  /// The error about scales that do not belong to these reflectors.
  private func refusedScales(_ word: String, _ scales: Tensor) -> Tensor? {
    if scales.error != nil { return scales }
    if scales.rank >= 1, scales.dtype == dtype, Array(scales.shape.sizes.dropLast()) == batch,
      scales.shape[scales.rank - 1] <= Swift.min(rows, columns, 1 << 16)
    {
      return nil
    }
    return Tensor(
      error: TensorError(
        word, "the scales are not one for each of at most \(Swift.min(rows, columns)) reflectors",
        operands: [("input", signature), ("scales", scales.signature)],
        help: "give \(dtype)\(Shape(batch + [Swift.min(rows, columns)])), those of geqrf()"))
  }
}
