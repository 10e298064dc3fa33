import BlitzTensor

/// The rectifier, `torch.nn.ReLU`; see ``Tensor/relu()``.
public struct ReLU: Layer, Sendable {
  /// Makes the layer; it has no parameters.
  public init() {}
  /// The larger of each element and zero.
  public func forward(_ input: Tensor) -> Tensor { input.relu() }
}

/// The leaky rectifier, `torch.nn.LeakyReLU`; see ``Tensor/leakyRelu(slope:)``.
public struct LeakyReLU: Layer, Sendable {
  /// The slope for negative elements; `negative_slope` in PyTorch.
  public let slope: Double
  /// Makes the layer; it has no parameters.
  public init(slope: Double = 0.01) { self.slope = slope }
  /// `x` if above zero, else `slope * x`.
  public func forward(_ input: Tensor) -> Tensor { input.leakyRelu(slope: slope) }
}

/// The exponential linear unit, `torch.nn.ELU`; see ``Tensor/elu(alpha:)``.
public struct ELU: Layer, Sendable {
  /// The negative of the limit for very negative elements.
  public let alpha: Double
  /// Makes the layer; it has no parameters.
  public init(alpha: Double = 1) { self.alpha = alpha }
  /// `x` if above zero, else `alpha * (exp(x) - 1)`.
  public func forward(_ input: Tensor) -> Tensor { input.elu(alpha: alpha) }
}

/// The Gaussian error linear unit, `torch.nn.GELU`; see ``Tensor/gelu(approximate:)``.
public struct GELU: Layer, Sendable {
  /// The way in which the normal distribution is computed.
  public let approximate: GELUApproximation
  /// Makes the layer; it has no parameters.
  public init(approximate: GELUApproximation = .none) { self.approximate = approximate }
  /// Each element times the probability that a standard normal number is smaller.
  public func forward(_ input: Tensor) -> Tensor { input.gelu(approximate: approximate) }
}

/// The sigmoid linear unit (swish), `torch.nn.SiLU`; see ``Tensor/silu()``.
public struct SiLU: Layer, Sendable {
  /// Makes the layer; it has no parameters.
  public init() {}
  /// Each element times its sigmoid.
  public func forward(_ input: Tensor) -> Tensor { input.silu() }
}

/// The hyperbolic tangent, `torch.nn.Tanh`; see ``Tensor/tanh()``.
public struct Tanh: Layer, Sendable {
  /// Makes the layer; it has no parameters.
  public init() {}
  /// The hyperbolic tangent of each element.
  public func forward(_ input: Tensor) -> Tensor { input.tanh() }
}

/// The logistic function, `torch.nn.Sigmoid`; see ``Tensor/sigmoid()``.
public struct Sigmoid: Layer, Sendable {
  /// Makes the layer; it has no parameters.
  public init() {}
  /// The logistic function of each element.
  public func forward(_ input: Tensor) -> Tensor { input.sigmoid() }
}

/// A smooth rectifier, `torch.nn.Softplus`; see ``Tensor/softplus(beta:threshold:)``.
public struct Softplus: Layer, Sendable {
  /// The sharpness of the bend.
  public let beta: Double
  /// The value of `beta * x` above which the output is the input.
  public let threshold: Double
  /// Makes the layer; it has no parameters.
  public init(beta: Double = 1, threshold: Double = 20) {
    self.beta = beta
    self.threshold = threshold
  }
  /// `log(1 + exp(beta * x)) / beta`
  public func forward(_ input: Tensor) -> Tensor {
    input.softplus(beta: beta, threshold: threshold)
  }
}

/// Probabilities along an axis, `torch.nn.Softmax`; see ``Tensor/softmax(axis:)``.
public struct Softmax: Layer, Sendable {
  /// The axis along which the output sums to 1.
  public let axis: Int
  /// Makes the layer; it has no parameters.
  public init(axis: Int) { self.axis = axis }
  /// Positive numbers that sum to 1 along the axis.
  public func forward(_ input: Tensor) -> Tensor { input.softmax(axis: axis) }
}

/// Logarithms of probabilities along an axis, `torch.nn.LogSoftmax`; see
/// ``Tensor/logSoftmax(axis:)``.
public struct LogSoftmax: Layer, Sendable {
  /// The axis along which the exponentials of the output sum to 1.
  public let axis: Int
  /// Makes the layer; it has no parameters.
  public init(axis: Int) { self.axis = axis }
  /// The logarithm of the softmax along the axis.
  public func forward(_ input: Tensor) -> Tensor { input.logSoftmax(axis: axis) }
}

/// The input clamped to -1 to 1, `torch.nn.Hardtanh`; see ``Tensor/hardtanh(from:to:)``.
public struct Hardtanh: Layer, Sendable {
  /// Makes the layer; it has no parameters.
  public init() {}
  /// Each element, clamped to -1 to 1.
  public func forward(_ input: Tensor) -> Tensor { input.hardtanh() }
}
