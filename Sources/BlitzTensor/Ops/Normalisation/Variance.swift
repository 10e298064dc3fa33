extension Tensor {
  /// The variance of the elements along axes: `torch.var`.
  ///
  ///     y = sum((x - mean(x))^2) / (n - correction)
  ///
  /// - Parameters:
  ///   - axes: negative ones count from the end; none at all mean all of them.
  ///   - correction: 1 for the estimate from a sample (Bessel's), 0 for the variance of just
  ///     these elements, as NumPy and layer normalisation take it.
  ///   - keepDims: whether the axes stay, with size 1.
  /// - Returns: the shape without these axes, in the dtype of `self`; NaN (or infinite) if there
  ///   are not more elements than `correction`.
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

  /// The standard deviation of the elements along axes, the square root of the variance:
  /// `torch.std`.
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
    if let rejected = rejected("std", .floating) { return rejected }
    if let wide = inFloat32({ $0.std(axes: axes, correction: correction, keepDims: keepDims) }) {
      return wide
    }
    if dtype.isComplex {
      return variance("std", axes, correction, keepDims).sqrt()
    }
    switch resolved("std", axes: axes) {
    case .rejected(let tensor): return tensor
    case .axes(let axes):
      let kept = shape.reduced(axes, keepDims: keepDims)
      if let deviation = moments(.deviation(freedom: freedom(axes, correction)), axes) {
        return deviation.viewed(as: kept)
      }
      // The root of the sum of squares as one step: the squares of large deviations would overflow.
      let length = deviation(axes).length(axes: axes, keepDims: keepDims)
      return length / freedom(axes, correction).squareRoot()
    }
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
      if dtype.isComplex {
        let distance = (self - mean(axes: axes, keepDims: true)).asReal.square()
        return distance.sum(axis: -1).sum(axes: axes, keepDims: keepDims)
          / freedom(axes, correction)
      }
      if let variance = moments(.variance(freedom: freedom(axes, correction)), axes) {
        return variance.viewed(as: shape.reduced(axes, keepDims: keepDims))
      }
      return deviation(axes).square().sum(axes: axes, keepDims: keepDims)
        / freedom(axes, correction)
    }
  }

  private func freedom(_ axes: [Int], _ correction: Int) -> Double {
    Swift.max(0, Double(count(along: axes)) - Double(correction))
  }

  /// The elements without their mean along axes, right to the last digit also around a large one.
  package func deviation(_ axes: [Int]) -> Tensor {
    let mean = splitMean(axes)
    return self - mean.rounded - mean.rest
  }

  /// The mean along axes, which stay with size 1, as two numbers: what the dtype holds of it, a
  /// constant for the reverse walk, and what rounding took away.
  ///
  /// Around 1e6 the rounding of a float32 mean is 0.03, as much as the deviations may be.
  package func splitMean(_ axes: [Int]) -> (rounded: Tensor, rest: Tensor) {
    if dtype == .float64 {
      let rounded = noGrad { mean(axes: axes, keepDims: true) }
      return (rounded, (self - rounded).mean(axes: axes, keepDims: true))
    }
    let total = converted(to: .float64).sum(axes: axes, keepDims: true)
    let exact = total / Double(count(along: axes))
    let rounded = noGrad { exact.converted(to: dtype) }
    return (rounded, (exact - rounded.converted(to: .float64)).converted(to: dtype))
  }
}
