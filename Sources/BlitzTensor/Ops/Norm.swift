extension Tensor {
  /// The length of the vector that the elements along axes make.
  ///
  ///     y = sum(abs(x)^p)^(1/p)
  ///
  /// Of a matrix, or over two axes, the default is Frobenius' norm. An infinite `p` gives the
  /// greatest (or, if negative, the least) absolute value, 0 how many elements are not 0.
  ///
  /// - Parameters:
  ///   - p: the power.
  ///   - axes: negative ones count from the end; none at all mean all of them.
  ///   - keepDims: whether the axes stay, with size 1.
  /// - Returns: the shape without these axes, in the dtype of `self`.
  /// - Gradient: for p = 2, `g * x / y`; where y is 0, it is 0, as in PyTorch.
  /// - Error: an axis that is not there or is named twice, a dtype that is not
  ///   floating, an infinite or negative `p` and axes along which there is no element.
  public func norm(_ p: Double = 2, axes: [Int] = [], keepDims: Bool = false) -> Tensor {
    if let rejected = rejected("norm", .floating) { return rejected }
    if let wide = inFloat32({ $0.norm(p, axes: axes, keepDims: keepDims) }) { return wide }
    switch resolved("norm", axes: axes) {
    case .rejected(let tensor): return tensor
    case .axes(let axes):
      if p.isInfinite || p < 0, let error = emptinessError("norm", axes) {
        return Tensor(error: error)
      }
      if p == 2 { return square().sum(axes: axes, keepDims: keepDims).rootFlatAtZero() }
      if p == 1 { return abs().sum(axes: axes, keepDims: keepDims) }
      if p == 0 {
        return (self .!= 0).converted(to: dtype).sum(axes: axes, keepDims: keepDims)
      }
      if p.isInfinite {
        return p > 0
          ? abs().max(axes: axes, keepDims: keepDims) : abs().min(axes: axes, keepDims: keepDims)
      }
      // Zeros are kept from powers whose gradient is infinite there.
      let isZero = self .== 0
      let atZero = p > 0 ? 0 : Double.infinity
      let powers = Tensor.where(isZero, atZero, Tensor.where(isZero, 1, abs()).pow(p))
      let total = powers.sum(axes: axes, keepDims: keepDims)
      let isFlat = total .== atZero
      return .where(isFlat, 0, Tensor.where(isFlat, 1, total).pow(1 / p))
    }
  }

  /// The length of the vectors along one axis; see `norm(_:axes:keepDims:)`.
  public func norm(_ p: Double = 2, axis: Int, keepDims: Bool = false) -> Tensor {
    norm(p, axes: [axis], keepDims: keepDims)
  }
}
