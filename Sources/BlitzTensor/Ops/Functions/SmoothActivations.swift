extension Tensor {
  /// The logarithm of the sigmoid: `logsigmoid` of PyTorch.
  ///
  ///     y = log(1 / (1 + exp(-x)))
  ///
  /// - Returns: the shape and dtype of `self`; x itself far below 0, where the sigmoid is 0.
  /// - Gradient: `g * sigmoid(-x)`.
  /// - Error: a dtype that is not floating.
  public func logSigmoid() -> Tensor {
    function("logSigmoid", { x in x.minimum(0) - (-x.abs()).exp().log1p() }) { x, _ in
      (-x).sigmoid()
    }
  }

  /// Each element times the hyperbolic tangent of its softplus: `mish` of PyTorch.
  ///
  ///     y = x * tanh(log(1 + exp(x)))
  ///
  /// - Returns: the shape and dtype of `self`.
  /// - Gradient: that of the formula.
  /// - Error: a dtype that is not floating.
  /// - Source: Misra, "Mish", arXiv:1908.08681.
  public func mish() -> Tensor {
    if let rejected = rejected("mish", .floating) { return rejected }
    return inFloat32(upcasts: false, { $0.mish() })
      ?? (self * softplus().tanh()).noted(.mish, of: [self])
  }

  /// A sigmoid from -1 to 1 without exponentials: `softsign` of PyTorch.
  ///
  ///     y = x / (1 + |x|)
  ///
  /// - Returns: the shape and dtype of `self`.
  /// - Gradient: `g / (1 + |x|)^2`.
  /// - Error: a dtype that is not floating.
  public func softsign() -> Tensor {
    if dtype.isComplex { return (self / (abs() + 1)).named("softsign") }
    return function("softsign", { x in x / (x.abs() + 1) }) { x, _ in
      let slope = 1 / (x.abs() + 1)
      return slope * slope
    }.noted(.softsign, of: [self])
  }

  /// What the hyperbolic tangent takes from each element: `tanhshrink` of PyTorch.
  ///
  ///     y = x - tanh(x)
  ///
  /// - Returns: the shape and dtype of `self`.
  /// - Gradient: `g * tanh(x)^2`.
  /// - Error: a dtype that is not floating.
  public func tanhShrink() -> Tensor {
    function("tanhShrink", { x in x - x.tanh() }, complex: { $0 - $0.tanh() }) { x, _ in
      x.tanh().square()
    }
  }

  /// The elements above 0, and below an exponential whose slope is 1 at 0: `celu` of PyTorch.
  ///
  ///     y = x  if x > 0,  alpha * (exp(x / alpha) - 1) otherwise
  ///
  /// - Parameter alpha: minus where it levels off; not 0.
  /// - Returns: the shape and dtype of `self`; NaN stays NaN.
  /// - Gradient: `g` where `x > 0`, `g * exp(x / alpha)` elsewhere.
  /// - Error: a dtype that is not floating; 0 for `alpha`.
  /// - Source: Barron, "Continuously Differentiable Exponential Linear Units", arXiv:1704.07483.
  public func celu(alpha: Double = 1) -> Tensor {
    if let rejected = rejected("celu", .floating) { return rejected }
    if alpha == 0 {
      return Tensor(
        error: TensorError(
          "celu", "alpha is 0", operands: [("input", signature)],
          help: "write relu() for a function without the exponential"))
    }
    if let wide = inFloat32(upcasts: false, { $0.celu(alpha: alpha) }) { return wide }
    return Tensor.where(self .> 0, self, (clamp(max: 0) / alpha).expm1() * alpha)
      .noted(.celu(alpha: alpha), of: [self])
  }

  /// An exponential unit that keeps mean and variance of what passes through layers: `selu` of
  /// PyTorch.
  ///
  ///     y = scale * x  if x > 0,  scale * alpha * (exp(x) - 1) otherwise
  ///
  /// - Returns: the shape and dtype of `self`; NaN stays NaN.
  /// - Gradient: `g * scale` where `x > 0`, `g * scale * alpha * exp(x)` elsewhere.
  /// - Error: a dtype that is not floating.
  /// - Source: Klambauer and others, "Self-Normalizing Neural Networks", arXiv:1706.02515, which
  ///   gives scale = 1.0507 and alpha = 1.6733 to these digits.
  public func selu() -> Tensor {
    if let rejected = rejected("selu", .floating) { return rejected }
    if let wide = inFloat32(upcasts: false, { $0.selu() }) { return wide }
    return (elu(alpha: 1.6732632423543772848) * 1.0507009873554804934).noted(.selu, of: [self])
  }

  /// The elements above 0, and below a part of them that can be learnt: `prelu` of PyTorch.
  ///
  ///     y = x  if x > 0,  slope * x otherwise
  ///
  /// - Parameter slope: broadcast; for one number a channel of `[n, c, h, w]`, of shape `[c, 1,
  ///   1]`.
  /// - Returns: the broadcast shape, in the operands' dtype; NaN stays NaN.
  /// - Gradient: `g` where `x > 0`, `g * slope` elsewhere; for the slope `g * x` where x is not
  ///   above 0, summed over the axes that were broadcast.
  /// - Error: shapes that do not broadcast.
  /// - Source: He and others, "Delving Deep into Rectifiers", arXiv:1502.01852.
  public func prelu(_ slope: Tensor) -> Tensor {
    if let rejected = rejected("prelu", .floating) { return rejected }
    return Tensor.where(self .> 0, self, slope * self).named("prelu")
  }

  /// The elements above 0, and below the mean of two slopes of them: `rrelu` of PyTorch in use; in
  /// training it draws a slope for each element.
  ///
  ///     y = x  if x >= 0,  (lower + upper) / 2 * x otherwise
  ///
  /// - Parameters:
  ///   - lower: the least slope.
  ///   - upper: the greatest slope.
  /// - Returns: the shape and dtype of `self`; NaN stays NaN.
  /// - Gradient: that of `leakyRelu(slope:)`.
  /// - Error: a dtype that is not floating; slopes that are reversed.
  public func rrelu(lower: Double = 0.125, upper: Double = 1.0 / 3) -> Tensor {
    if let rejected = rejected("rrelu", .floating) { return rejected }
    guard lower <= upper else {
      return Tensor(
        error: TensorError(
          "rrelu", "the slopes are reversed: lower is \(lower), upper is \(upper)",
          operands: [("input", signature)], help: "write lower: \(upper), upper: \(lower)"))
    }
    return leakyRelu(slope: (lower + upper) / 2)
  }

  /// One half of an axis, weighted by the sigmoid of the other: `glu` of PyTorch.
  ///
  ///     y = a * sigmoid(b),  a the first half of x along the axis, b the second
  ///
  /// - Parameter axis: counted from the end if negative; its size is even.
  /// - Returns: the shape of `self` with half the size along the axis, in its dtype.
  /// - Gradient: that of the formula.
  /// - Error: an axis that is not there or has an odd size; a dtype that is not floating.
  /// - Source: Dauphin and others, "Language Modeling with Gated Convolutional Networks",
  ///   arXiv:1612.08083.
  public func glu(axis: Int = -1) -> Tensor {
    if let rejected = rejected("glu", .floating) { return rejected }
    guard let resolved = shape.resolve(axis: axis) else {
      return Tensor(error: .axis("glu", axis, of: self))
    }
    guard shape[resolved] % 2 == 0 else {
      return Tensor(
        error: TensorError(
          "glu", "axis \(axis) has size \(shape[resolved]), which has no half",
          operands: [("input", signature)], help: "give twice the channels of the result"))
    }
    let half = shape[resolved] / 2
    let gate = sliced(axis: resolved, from: half, count: half).sigmoid()
    return sliced(axis: resolved, from: 0, count: half) * gate
  }
}
