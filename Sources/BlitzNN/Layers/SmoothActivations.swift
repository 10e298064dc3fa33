import BlitzTensor

/// A smooth exponential linear unit, `torch.nn.CELU`; see ``Tensor/celu(alpha:)``.
public struct CELU: Layer, Sendable {
  /// The negative of the limit for very negative elements.
  public let alpha: Double
  /// Makes the layer; it has no parameters.
  public init(alpha: Double = 1) {
    self.alpha = alpha
  }
  /// `x` if above zero, else `alpha * (exp(x / alpha) - 1)`.
  public func forward(_ input: Tensor) -> Tensor { input.celu(alpha: alpha) }
}

/// The scaled exponential linear unit, `torch.nn.SELU`; see ``Tensor/selu()``.
public struct SELU: Layer, Sendable {
  /// Makes the layer; it has no parameters.
  public init() {}
  /// The exponential linear unit, scaled so that mean and variance stay.
  public func forward(_ input: Tensor) -> Tensor { input.selu() }
}

/// A smooth rectifier, `torch.nn.Mish`; see ``Tensor/mish()``.
public struct Mish: Layer, Sendable {
  /// Makes the layer; it has no parameters.
  public init() {}
  /// `x * tanh(log(1 + exp(x)))`
  public func forward(_ input: Tensor) -> Tensor { input.mish() }
}

/// A sigmoid of a fraction, `torch.nn.Softsign`; see ``Tensor/softsign()``.
public struct Softsign: Layer, Sendable {
  /// Makes the layer; it has no parameters.
  public init() {}
  /// `x / (1 + |x|)`
  public func forward(_ input: Tensor) -> Tensor { input.softsign() }
}

/// What the hyperbolic tangent leaves, `torch.nn.Tanhshrink`; see ``Tensor/tanhShrink()``.
public struct Tanhshrink: Layer, Sendable {
  /// Makes the layer; it has no parameters.
  public init() {}
  /// `x - tanh(x)`
  public func forward(_ input: Tensor) -> Tensor { input.tanhShrink() }
}

/// The logarithm of the logistic function, `torch.nn.LogSigmoid`; see ``Tensor/logSigmoid()``.
public struct LogSigmoid: Layer, Sendable {
  /// Makes the layer; it has no parameters.
  public init() {}
  /// `log(1 / (1 + exp(-x)))`
  public func forward(_ input: Tensor) -> Tensor { input.logSigmoid() }
}

/// The gated linear unit, `torch.nn.GLU`; see ``Tensor/glu(axis:)``.
public struct GLU: Layer, Sendable {
  /// The axis that is halved.
  public let axis: Int
  /// Makes the layer; it has no parameters.
  public init(axis: Int = -1) {
    self.axis = axis
  }
  /// The first half along the axis times the sigmoid of the second.
  public func forward(_ input: Tensor) -> Tensor { input.glu(axis: axis) }
}

/// Probabilities that fall with the elements, `torch.nn.Softmin`; see ``Tensor/softmax(axis:)``.
public struct Softmin: Layer, Sendable {
  /// The axis along which the output sums to 1.
  public let axis: Int
  /// Makes the layer; it has no parameters.
  public init(axis: Int) {
    self.axis = axis
  }
  /// The softmax of the negative.
  public func forward(_ input: Tensor) -> Tensor {
    input.error == nil ? (-input).softmax(axis: axis).named("Softmin") : input
  }
}

/// Probabilities of the channels at each place, `torch.nn.Softmax2d`; see
/// ``Tensor/softmax(axis:)``.
///
/// - Shapes: `[N, C, H, W]` or `[C, H, W]`; the output has the shape of the input.
/// - Error: another number of axes.
public struct Softmax2d: Layer, Sendable {
  /// Makes the layer; it has no parameters.
  public init() {}
  /// Positive numbers that sum to 1 over the channels.
  public func forward(_ input: Tensor) -> Tensor {
    guard input.rank == 3 || input.rank == 4 else {
      return input.refused(
        by: "Softmax2d()", "the input has \(input.rank) axes",
        help: "the input is [N, channels, height, width]")
    }
    return input.softmax(axis: -3).named("Softmax2d")
  }
}

/// The rectifier whose slope below zero is learned, `torch.nn.PReLU`; see ``Tensor/prelu(_:)``.
///
/// - Shapes: any; with a slope for each channel, these are axis 1. `weight` is `[count]`.
/// - Error: another number of channels or dtype.
public struct PReLU: Layer, Sendable, CustomStringConvertible {
  /// The slopes below zero, one or one for each channel.
  @Parameter public var weight: Tensor
  private let count: Int

  /// Makes the layer.
  ///
  /// - Parameters:
  ///   - count: 1, or the number of channels; `num_parameters` in PyTorch.
  ///   - slope: what slopes are at first; `init` in PyTorch.
  public init(_ count: Int = 1, slope: Double = 0.25) {
    self.count = count
    weight = LayerSizes(layer: "PReLU(\(count))", sizes: [("count", count)])
      .draw { .full([count], slope) }
  }

  /// `x` if above zero, else the slope times `x`.
  public func forward(_ input: Tensor) -> Tensor {
    let weight = weight
    if let refusal = input.refusal(by: description, weights: weight) { return refusal }
    guard count == 1 || (input.rank > 1 && input.shape[1] == count) else {
      return input.refused(
        by: description, "there are \(count) slopes", help: "the input is [N, \(count), ...]")
    }
    let slopes = weight.cast(to: input.dtype)
    // One slope goes with any shape, a single number's too.
    let one = slopes.elementCount == 1 ? slopes.reshaped(to: []) : slopes
    return input.prelu(count == 1 ? one : slopes.alongChannels(input.rank))
  }

  /// `PReLU(1)`
  public var description: String { "PReLU(\(count))" }
}
