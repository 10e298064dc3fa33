/// How `gelu` computes the normal distribution: PyTorch's `approximate`.
public enum GELUApproximation: Sendable, Hashable {
  /// By the error function.
  case none
  /// By a tanh, as the first GPT models do; off by at most 0.0005.
  case tanh
}

extension Tensor {
  /// The larger of each element and zero: `torch.relu`.
  ///
  ///     y = 0  if x <= 0,  x otherwise
  ///
  /// - Returns: the shape and dtype of `self`; NaN stays NaN.
  /// - Gradient: 0 where `x <= 0`, `g` elsewhere; so 0 at the kink, as in PyTorch and JAX.
  /// - Error: bool.
  public func relu() -> Tensor {
    if let rejected = rejected("relu", .numeric) { return rejected }
    return Tensor.where(self .<= 0, 0, self).noted(.relu, of: [self])
  }

  /// Positive elements as they are, negative ones times a small slope:
  /// `torch.nn.functional.leaky_relu`.
  ///
  ///     y = x  if x > 0,  slope * x otherwise
  ///
  /// - Parameter slope: how much of what is below zero stays.
  /// - Returns: the shape and dtype of `self`; NaN stays NaN.
  /// - Gradient: `g` where `x > 0`, `slope * g` elsewhere, the kink included.
  /// - Error: a dtype that is not floating.
  public func leakyRelu(slope: Double = 0.01) -> Tensor {
    if let rejected = rejected("leakyRelu", .floating) { return rejected }
    if let wide = inFloat32(upcasts: false, { $0.leakyRelu(slope: slope) }) { return wide }
    return Tensor.where(self .> 0, self, self * slope)
      .noted(.leakyRelu(slope: slope), of: [self])
  }

  /// Positive elements as they are, `alpha * (exp(x) - 1)` of the others:
  /// `torch.nn.functional.elu`.
  ///
  ///     y = x  if x > 0,  alpha * (exp(x) - 1) otherwise
  ///
  /// - Parameter alpha: the result approaches `-alpha` far below zero.
  /// - Returns: the shape and dtype of `self`; NaN stays NaN.
  /// - Gradient: `g` where `x > 0`, `g * alpha * exp(x)` elsewhere, the kink included.
  /// - Error: a dtype that is not floating.
  public func elu(alpha: Double = 1) -> Tensor {
    if let rejected = rejected("elu", .floating) { return rejected }
    if let wide = inFloat32(upcasts: false, { $0.elu(alpha: alpha) }) { return wide }
    // The bound keeps the branch that is not chosen finite, and with it its gradient.
    return Tensor.where(self .> 0, self, clamp(max: 0).expm1() * alpha)
      .noted(.elu(alpha: alpha), of: [self])
  }

  /// Each element times the probability that a standard normal number is less:
  /// `torch.nn.functional.gelu`.
  ///
  ///     y = x / 2 * (1 + erf(x / sqrt(2)))                                    none
  ///     y = x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3)))           tanh
  ///
  /// - Returns: the shape and dtype of `self`.
  /// - Gradient: that of the formula.
  /// - Error: a dtype that is not floating.
  /// - Source: Hendrycks and Gimpel, "Gaussian Error Linear Units", arXiv:1606.08415.
  public func gelu(approximate: GELUApproximation = .none) -> Tensor {
    if let rejected = rejected("gelu", .floating) { return rejected }
    if let wide = inFloat32(upcasts: false, { $0.gelu(approximate: approximate) }) { return wide }
    switch approximate {
    case .none:
      return (self * 0.5 * ((self * 0.5.squareRoot()).erf() + 1))
        .noted(.gelu(isTanh: false), of: [self])
    case .tanh:
      let inner = (self + square() * self * 0.044715) * (2 / Double.pi).squareRoot()
      return (self * 0.5 * (inner.tanh() + 1)).noted(.gelu(isTanh: true), of: [self])
    }
  }

  /// Each element times its sigmoid, also called swish: `torch.nn.functional.silu`.
  ///
  ///     y = x / (1 + exp(-x))
  ///
  /// - Returns: the shape and dtype of `self`.
  /// - Gradient: that of the formula.
  /// - Error: a dtype that is not floating.
  public func silu() -> Tensor {
    if let rejected = rejected("silu", .floating) { return rejected }
    if let wide = inFloat32(upcasts: false, { $0.silu() }) { return wide }
    return self * sigmoid()
  }

  /// A smooth `relu`: `torch.nn.functional.softplus`.
  ///
  ///     y = log(1 + exp(beta * x)) / beta  if beta * x <= threshold,  x otherwise
  ///
  /// - Parameters:
  ///   - beta: how sharp the bend is.
  ///   - threshold: from where on the result is `x` itself.
  /// - Returns: the shape and dtype of `self`.
  /// - Gradient: `g * sigmoid(beta * x)`, `g` beyond the threshold.
  /// - Error: a dtype that is not floating.
  public func softplus(beta: Double = 1, threshold: Double = 20) -> Tensor {
    if let rejected = rejected("softplus", .floating) { return rejected }
    if let wide = inFloat32({ $0.softplus(beta: beta, threshold: threshold) }) { return wide }
    let scaled = self * beta
    // The bound keeps the branch that is not chosen finite, and with it its gradient.
    let smooth = scaled.clamp(max: threshold).exp().log1p() / beta
    let answer = Tensor.where(scaled .> threshold, self, smooth)
    return beta == 1 && threshold == 20 ? answer.noted(.softplus, of: [self]) : answer
  }

  /// Each element, kept within bounds: `torch.nn.functional.hardtanh`.
  ///
  /// - Parameters:
  ///   - low: the least value.
  ///   - high: the greatest value.
  /// - Returns: the shape and dtype of `self`; NaN stays NaN.
  /// - Gradient: `g` between the bounds, 0 at and beyond them, as in PyTorch (`clamp` passes
  ///   it at the bounds).
  /// - Error: bool; bounds that are reversed.
  public func hardtanh(from low: Double = -1, to high: Double = 1) -> Tensor {
    if let rejected = rejected("hardtanh", .numeric) { return rejected }
    guard low <= high else {
      return Tensor(
        error: TensorError(
          "hardtanh", "the bounds are reversed: from is \(low), to is \(high)",
          operands: [("input", signature)], help: "write from: \(high), to: \(low)"))
    }
    func bound(_ number: Double) -> Tensor {
      guard let limits = dtype.limits else { return .scalar(.real(number), dtype) }
      let whole = Int(Swift.max(-1e18, Swift.min(1e18, number.isNaN ? 0 : number)))
      let most = Int(clamping: limits.greatest)
      return .scalar(.integer(Swift.min(Swift.max(whole, limits.least), most)), dtype)
    }
    let (bottom, top) = (bound(low), bound(high))
    return .where(self .<= bottom, bottom, .where(self .>= top, top, self))
  }
}
