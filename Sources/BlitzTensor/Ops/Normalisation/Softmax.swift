extension Tensor {
  /// `exp(x)` divided by its sum along an axis, so that the results are positive and add up to 1:
  /// `torch.softmax`.
  ///
  ///     y = exp(x) / sum(exp(x))
  ///
  /// - Parameter axis: negative ones count from the end.
  /// - Returns: the shape and dtype of `self`; large elements do not overflow.
  /// - Gradient: `y * (g - sum(g * y))`.
  /// - Error: an axis that is not there, a dtype that is not floating.
  public func softmax(axis: Int) -> Tensor {
    if let rejected = rejected("softmax", .floating) { return rejected }
    if let single = alongSole(axis, { $0.softmax(axis: 0) }) { return single }
    if let wide = inFloat32({ $0.softmax(axis: axis) }) { return wide }
    guard let axis = shape.resolve(axis: axis) else {
      return Tensor(error: .axis("softmax", axis, of: self))
    }
    if shape[axis] == 0 { return self }
    let powers = (self - noGrad { max(axis: axis, keepDims: true) }).exp()
    return (powers / powers.sum(axis: axis, keepDims: true)).contiguous()
      .noted(.softmax(axis: axis), of: [self])
  }

  /// The logarithm of `softmax(axis:)`, exact where that rounds to 0: `torch.log_softmax`.
  ///
  ///     y = x - log(sum(exp(x)))
  ///
  /// - Parameter axis: negative ones count from the end.
  /// - Returns: the shape and dtype of `self`.
  /// - Gradient: `g - softmax(x) * sum(g)`.
  /// - Error: an axis that is not there, a dtype that is not floating.
  public func logSoftmax(axis: Int) -> Tensor {
    if let rejected = rejected("logSoftmax", .floating) { return rejected }
    if let single = alongSole(axis, { $0.logSoftmax(axis: 0) }) { return single }
    if let wide = inFloat32({ $0.logSoftmax(axis: axis) }) { return wide }
    guard let axis = shape.resolve(axis: axis) else {
      return Tensor(error: .axis("logSoftmax", axis, of: self))
    }
    if shape[axis] == 0 { return self }
    let shifted = self - noGrad { max(axis: axis, keepDims: true) }
    return (shifted - shifted.exp().sum(axis: axis, keepDims: true).log()).contiguous()
      .noted(.logSoftmax(axis: axis), of: [self])
  }

  /// The logarithm of the sum of `exp(x)` along axes, a smooth maximum: `torch.logsumexp`.
  ///
  /// - Parameters:
  ///   - axes: negative ones count from the end; none at all mean all of them.
  ///   - keepDims: whether the axes stay, with size 1.
  /// - Returns: the shape without these axes, in the dtype of `self`; large elements do not
  ///   overflow. Minus infinity for nothing.
  /// - Gradient: `g * softmax(x)`.
  /// - Error: an axis that is not there or is named twice, a dtype that is not
  ///   floating.
  public func logSumExp(axes: [Int] = [], keepDims: Bool = false) -> Tensor {
    if node.failure != nil { return self }
    if !dtype.hasGradients {
      return converted(to: .plain).logSumExp(axes: axes, keepDims: keepDims)
    }
    if let wide = inFloat32({ $0.logSumExp(axes: axes, keepDims: keepDims) }) { return wide }
    switch resolved("logSumExp", axes: axes) {
    case .rejected(let tensor): return tensor
    case .axes(let axes):
      if count(along: axes) == 0 {
        return sum(axes: axes, keepDims: keepDims).log()
      }
      // Whatever is subtracted cancels out, so the maximum counts as a constant; an infinite
      // one must not be subtracted from itself.
      let shift = noGrad {
        let greatest = real.max(axes: axes, keepDims: true)
        return Tensor.where(greatest.isFinite(), greatest, 0)
      }
      let logarithm = (self - shift).exp().sum(axes: axes, keepDims: true).log() + shift
      return logarithm.viewed(as: shape.reduced(axes, keepDims: keepDims))
    }
  }

  /// The logarithm of the sum of `exp(x)` along one axis; see `logSumExp(axes:keepDims:)`.
  public func logSumExp(axis: Int, keepDims: Bool = false) -> Tensor {
    logSumExp(axes: [axis], keepDims: keepDims)
  }
}
