import BlitzTensor

/// `relu` as a layer.
public struct ReLU: Layer, Sendable {
  /// A layer without parameters.
  public init() {}
  /// The larger of each element and zero.
  public func forward(_ input: Tensor) -> Tensor { input.relu() }
}

/// `leakyRelu` as a layer.
public struct LeakyReLU: Layer, Sendable {
  /// How much of what is below zero stays.
  public let slope: Double
  /// A layer without parameters.
  public init(slope: Double = 0.01) { self.slope = slope }
  /// `x` above zero, `slope * x` below.
  public func forward(_ input: Tensor) -> Tensor { input.leakyRelu(slope: slope) }
}

/// `elu` as a layer.
public struct ELU: Layer, Sendable {
  /// What the output approaches far below zero, negated.
  public let alpha: Double
  /// A layer without parameters.
  public init(alpha: Double = 1) { self.alpha = alpha }
  /// `x` above zero, `alpha * (exp(x) - 1)` below.
  public func forward(_ input: Tensor) -> Tensor { input.elu(alpha: alpha) }
}

/// `gelu` as a layer.
public struct GELU: Layer, Sendable {
  /// How the normal distribution is computed.
  public let approximate: GELUApproximation
  /// A layer without parameters.
  public init(approximate: GELUApproximation = .none) { self.approximate = approximate }
  /// Each element times the probability that a normal random number is less.
  public func forward(_ input: Tensor) -> Tensor { input.gelu(approximate: approximate) }
}

/// `silu` as a layer.
public struct SiLU: Layer, Sendable {
  /// A layer without parameters.
  public init() {}
  /// Each element times its logistic function.
  public func forward(_ input: Tensor) -> Tensor { input.silu() }
}

/// `tanh` as a layer.
public struct Tanh: Layer, Sendable {
  /// A layer without parameters.
  public init() {}
  /// The hyperbolic tangent of each element.
  public func forward(_ input: Tensor) -> Tensor { input.tanh() }
}

/// `sigmoid` as a layer.
public struct Sigmoid: Layer, Sendable {
  /// A layer without parameters.
  public init() {}
  /// The logistic function of each element.
  public func forward(_ input: Tensor) -> Tensor { input.sigmoid() }
}

/// `softplus` as a layer.
public struct Softplus: Layer, Sendable {
  /// How sharp the bend is.
  public let beta: Double
  /// From where on the output is the input itself.
  public let threshold: Double
  /// A layer without parameters.
  public init(beta: Double = 1, threshold: Double = 20) {
    self.beta = beta
    self.threshold = threshold
  }
  /// `log(1 + exp(beta * x)) / beta`
  public func forward(_ input: Tensor) -> Tensor {
    input.softplus(beta: beta, threshold: threshold)
  }
}

/// `softmax` as a layer.
public struct Softmax: Layer, Sendable {
  /// The axis along which the output sums to 1.
  public let axis: Int
  /// A layer without parameters.
  public init(axis: Int) { self.axis = axis }
  /// Positive numbers that sum to 1 along the axis.
  public func forward(_ input: Tensor) -> Tensor { input.softmax(axis: axis) }
}

/// `logSoftmax` as a layer.
public struct LogSoftmax: Layer, Sendable {
  /// The axis along which the output's exponentials sum to 1.
  public let axis: Int
  /// A layer without parameters.
  public init(axis: Int) { self.axis = axis }
  /// The logarithm of the softmax along the axis.
  public func forward(_ input: Tensor) -> Tensor { input.logSoftmax(axis: axis) }
}

/// `hardtanh` as a layer.
public struct Hardtanh: Layer, Sendable {
  /// A layer without parameters.
  public init() {}
  /// Each element, or -1 or 1 if it is beyond them.
  public func forward(_ input: Tensor) -> Tensor { input.hardtanh() }
}
