// Two answers of one look, and distances.

extension Tensor {
  /// The variances and the means along axes: `torch.var_mean`.
  ///
  /// - Parameters:
  ///   - axes: counted from the end if negative; all of them if there are none.
  ///   - correction: what is taken from the count that the squares are divided by.
  ///   - keepDims: keeps the axes with size 1.
  /// - Gradient: that of both.
  /// - Error: in both: as `variance(axes:correction:keepDims:)`.
  public func varianceMean(
    axes: [Int] = [], correction: Int = 1, keepDims: Bool = false
  ) -> (variance: Tensor, mean: Tensor) {
    (
      variance(axes: axes, correction: correction, keepDims: keepDims),
      mean(axes: axes, keepDims: keepDims)
    )
  }

  /// The standard deviations and the means along axes: `torch.std_mean`.
  ///
  /// - Parameters: as those of ``varianceMean(axes:correction:keepDims:)``.
  /// - Gradient: that of both.
  /// - Error: in both: as `std(axes:correction:keepDims:)`.
  public func stdMean(
    axes: [Int] = [], correction: Int = 1, keepDims: Bool = false
  ) -> (std: Tensor, mean: Tensor) {
    (
      std(axes: axes, correction: correction, keepDims: keepDims),
      mean(axes: axes, keepDims: keepDims)
    )
  }

  /// The least and the greatest elements along axes: `torch.aminmax`.
  ///
  /// - Parameters:
  ///   - axes: counted from the end if negative; all of them if there are none.
  ///   - keepDims: keeps the axes with size 1.
  /// - Gradient: shared out evenly among elements that are equal.
  /// - Error: in both: an axis without elements; as `min(axes:keepDims:)`.
  public func aminmax(axes: [Int] = [], keepDims: Bool = false) -> (min: Tensor, max: Tensor) {
    (min(axes: axes, keepDims: keepDims), max(axes: axes, keepDims: keepDims))
  }

  /// The elements sorted along the first axis: `torch.msort`.
  ///
  /// - Returns: the shape and dtype of `self`; NaN last.
  /// - Gradient: `g` in the places from where the elements came.
  /// - Error: as `sort(axis:descending:)`.
  public func msort() -> Tensor { sort(axis: 0).values.named("msort") }

  /// The norm of the difference to another tensor: `torch.dist`.
  ///
  ///     y = norm(self - other)
  ///
  /// - Parameters:
  ///   - other: broadcast.
  ///   - p: which norm; see `norm(_:axes:keepDims:)`.
  /// - Returns: a single number.
  /// - Gradient: that of the norm.
  /// - Error: shapes that do not broadcast.
  public func dist(_ other: Tensor, p: Double = 2) -> Tensor {
    (self - other).norm(p).named("dist")
  }

  /// The distances between the rows, of each pair once: `torch.nn.functional.pdist`.
  ///
  ///     norm(x[0] - x[1]), norm(x[0] - x[2]), ..., norm(x[n - 2] - x[n - 1])
  ///
  /// - Parameter p: which norm; see `norm(_:axes:keepDims:)`.
  /// - Returns: of `[n, m]` the shape `[n (n - 1) / 2]`.
  /// - Gradient: that of the norms.
  /// - Error: a tensor that is not `[n, m]`; as `norm(_:axes:keepDims:)`.
  public func pdist(p: Double = 2) -> Tensor {
    if let rejected = rejected("pdist", .floating) { return rejected }
    guard rank == 2 else {
      return Tensor(
        error: TensorError(
          "pdist", "takes rows, [n, m], not \(shape)", operands: [("input", signature)],
          help: "write reshaped(to: [-1, m]) first"))
    }
    guard shape[0] < 1 << 14 else {
      return Tensor(
        error: TensorError(
          "pdist", "\(shape[0]) rows have too many pairs", operands: [("input", signature)],
          help: "write cdist(_:) of some of them at a time"))
    }
    let pairs = (0..<shape[0]).flatMap { i in (i + 1..<Swift.max(shape[0], i + 1)).map { (i, $0) } }
    func rows(_ places: [Int]) -> Tensor {
      indexSelect(axis: 0, indices: Tensor(places, shape: [places.count], device: device))
    }
    return (rows(pairs.map(\.0)) - rows(pairs.map(\.1))).norm(p, axis: 1).named("pdist")
  }

  /// Whether two tensors have one shape and equal elements: `torch.equal`.
  ///
  /// - Returns: a single bool; false where shapes differ, and for NaN. There is no gradient.
  public func isEqual(to other: Tensor) -> Tensor {
    if let failed = Tensor.failed(self, other) { return failed }
    return shape == other.shape ? (self .== other).all() : Tensor(false, device: device)
  }

  /// Where elements are infinity, and not minus infinity: `torch.isposinf`.
  ///
  /// - Returns: bool in the shape of `self`; false for whole numbers. There is no gradient.
  /// - Error: complex numbers.
  public func isPositiveInfinity() -> Tensor { infinite("isPositiveInfinity", .infinity) }

  /// Where elements are minus infinity: `torch.isneginf`.
  ///
  /// - Returns: bool in the shape of `self`; false for whole numbers. There is no gradient.
  /// - Error: complex numbers.
  public func isNegativeInfinity() -> Tensor { infinite("isNegativeInfinity", -.infinity) }

  private func infinite(_ name: String, _ bound: Double) -> Tensor {
    if node.failure != nil { return self }
    if dtype.isComplex { return Tensor(error: .takesReals(name, [self])) }
    return dtype.isFloating ? self .== bound : self .!= self
  }

  /// Degrees as radians: `torch.deg2rad`.
  ///
  ///     y = x * pi / 180
  ///
  /// - Returns: the shape and dtype of `self`, float32 for whole numbers and bool.
  /// - Gradient: `g * pi / 180`.
  public func deg2rad() -> Tensor { scaledAngle("deg2rad", .pi / 180) }

  /// Radians as degrees: `torch.rad2deg`.
  ///
  ///     y = x * 180 / pi
  ///
  /// - Returns: the shape and dtype of `self`, float32 for whole numbers and bool.
  /// - Gradient: `g * 180 / pi`.
  public func rad2deg() -> Tensor { scaledAngle("rad2deg", 180 / .pi) }

  private func scaledAngle(_ name: String, _ factor: Double) -> Tensor {
    if node.failure != nil { return self }
    if dtype.isComplex { return Tensor(error: .takesReals(name, [self])) }
    return (self * factor).named(name)
  }
}
