extension Tensor {
  /// The distances of each vector of one set from each of another: `torch.cdist`.
  ///
  ///     y[i, j] = norm(x[i] - other[j])
  ///
  /// - Parameters:
  ///   - other: `[..., m, d]`.
  ///   - p: which norm, see `norm(_:axes:keepDims:)`.
  /// - Returns: `[..., n, m]` of `[..., n, d]`, the axes in front broadcast.
  /// - Gradient: that of the norm; 0 for vectors that are equal.
  /// - Error: fewer than two axes; vectors of different sizes; a `self` that is not floating.
  public func cdist(_ other: Tensor, p: Double = 2) -> Tensor {
    if let failed = Tensor.failed(self, other) { return failed }
    if let error = domainError("cdist", .floating) { return Tensor(error: error) }
    guard rank >= 2, other.rank >= 2, shape[rank - 1] == other.shape[other.rank - 1] else {
      return Tensor(
        error: TensorError(
          "cdist", "takes vectors of one size, [..., n, d] and [..., m, d]",
          operands: [("left", signature), ("right", other.signature)],
          help: "add an axis with unsqueezed(axis:)"))
    }
    guard rank < Shape.maximumRank, other.rank < Shape.maximumRank else {
      return Tensor(
        error: TensorError(
          "cdist", "\(rank) axes are too many", operands: [("left", signature)],
          help: "merge axes with flattened(from:to:)"))
    }
    let apart = unsqueezed(axis: -2) - other.unsqueezed(axis: -3)
    return apart.norm(p, axis: -1).named("cdist")
  }

  /// Vectors along an axis, of length 1: `normalize` of PyTorch.
  ///
  ///     y = x / max(norm(x), epsilon)
  ///
  /// - Parameters:
  ///   - p: which norm, see `norm(_:axes:keepDims:)`.
  ///   - axis: counted from the end if negative.
  ///   - epsilon: the least length that is divided by.
  /// - Returns: the shape and dtype of `self`; 0 for vectors of length 0.
  /// - Gradient: that of the formula.
  /// - Error: an axis that is not there, a dtype that is not floating.
  public func normalized(p: Double = 2, axis: Int = 1, epsilon: Double = 1e-12) -> Tensor {
    if let rejected = rejected("normalized", .floating) { return rejected }
    if let wide = inFloat32(
      upcasts: false, { $0.normalized(p: p, axis: axis, epsilon: epsilon) })
    {
      return wide
    }
    if isSole(axis) {
      return viewed(as: [1]).normalized(p: p, axis: 0, epsilon: epsilon).viewed(as: [])
    }
    let length = norm(p, axis: axis, keepDims: true)
    return (self / length.clamp(min: epsilon)).named("normalized")
  }

  /// Slices along an axis, none longer than a bound: `torch.renorm`.
  ///
  ///     y = x * most / (norm(x) + 1e-7)  if norm(x) > most,  x otherwise
  ///
  /// - Parameters:
  ///   - p: which norm, see `norm(_:axes:keepDims:)`; above 0.
  ///   - axis: whose slices, counted from the end if negative.
  ///   - most: the greatest length, 0 or more.
  /// - Returns: the shape and dtype of `self`.
  /// - Gradient: that of the formula.
  /// - Error: an axis that is not there, fewer than two axes, a dtype that is not floating, a `p`
  ///   not above 0, a negative bound.
  public func renorm(p: Double, axis: Int, most: Double) -> Tensor {
    if let rejected = rejected("renorm", .floating) { return rejected }
    guard let along = shape.resolve(axis: axis) else {
      return Tensor(error: .axis("renorm", axis, of: self))
    }
    guard rank >= 2, p > 0, most >= 0 else {
      return Tensor(
        error: TensorError(
          "renorm", "takes slices of two axes or more, p above 0 and a bound of 0 or more",
          operands: [("input", signature), ("p", "\(p)"), ("most", "\(most)")],
          help: "for vectors write normalized(p:axis:epsilon:)"))
    }
    let length = norm(p, axes: shape.indices.filter { $0 != along }, keepDims: true)
    return (self * Tensor.where(length .> most, most / (length + 1e-7), 1)).named("renorm")
  }
}
