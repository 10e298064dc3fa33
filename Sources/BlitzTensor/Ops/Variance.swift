extension Tensor {
  /// The variance of the elements along axes.
  ///
  ///     y = sum((x - mean(x))^2) / (n - correction)
  ///
  /// - Parameters:
  ///   - axes: negative ones count from the end; none at all mean all of them.
  ///   - correction: 1 for the estimate from a sample (Bessel's), 0 for the variance of just
  ///     these elements, as NumPy and layer normalisation take it.
  ///   - keepDims: whether the axes stay, with size 1.
  /// - Returns: the shape without these axes, in the dtype of `self`; NaN (or infinite) if there are not more
  ///   elements than `correction`.
  /// - Gradient: `g * 2 * (x - mean(x)) / (n - correction)`.
  /// - Error: an axis that is not there or is named twice, a dtype that is not
  ///   floating.
  public func variance(axes: [Int] = [], correction: Int = 1, keepDims: Bool = false) -> Tensor {
    variance("variance", axes, correction, keepDims)
  }

  /// The variance of the elements along one axis; see `variance(axes:correction:keepDims:)`.
  public func variance(axis: Int, correction: Int = 1, keepDims: Bool = false) -> Tensor {
    variance("variance", [axis], correction, keepDims)
  }

  /// The standard deviation of the elements along axes: the square root of the variance.
  ///
  /// - Parameters:
  ///   - axes: negative ones count from the end; none at all mean all of them.
  ///   - correction: 1 for the estimate from a sample (Bessel's), 0 for the deviation of just
  ///     these elements, as NumPy takes it.
  ///   - keepDims: whether the axes stay, with size 1.
  /// - Returns: the shape without these axes, in the dtype of `self`.
  /// - Gradient: `g * (x - mean(x)) / ((n - correction) * y)`; 0 where y is 0, as in PyTorch.
  /// - Error: an axis that is not there or is named twice, a dtype that is not
  ///   floating.
  public func std(axes: [Int] = [], correction: Int = 1, keepDims: Bool = false) -> Tensor {
    if let wide = inFloat32({ $0.std(axes: axes, correction: correction, keepDims: keepDims) }) {
      return wide
    }
    return variance("std", axes, correction, keepDims).rootFlatAtZero()
  }

  /// The standard deviation of the elements along one axis; see `std(axes:correction:keepDims:)`.
  public func std(axis: Int, correction: Int = 1, keepDims: Bool = false) -> Tensor {
    std(axes: [axis], correction: correction, keepDims: keepDims)
  }

  private func variance(
    _ name: String, _ axes: [Int], _ correction: Int, _ keepDims: Bool
  ) -> Tensor {
    if let rejected = rejected(name, .floating) { return rejected }
    if let wide = inFloat32({ $0.variance(name, axes, correction, keepDims) }) { return wide }
    switch resolved(name, axes: axes) {
    case .rejected(let tensor): return tensor
    case .axes(let axes):
      let deviation = self - mean(axes: axes, keepDims: true)
      let freedom = Swift.max(0, Double(count(along: axes)) - Double(correction))
      return deviation.square().sum(axes: axes, keepDims: keepDims) / freedom
    }
  }

  /// The square root, with the gradient 0 at 0 in place of an infinite one.
  func rootFlatAtZero() -> Tensor {
    let isZero = self .== 0
    return .where(isZero, 0, Tensor.where(isZero, 1, self).sqrt())
  }
}
