import BlitzTensor

/// A probability distribution, `torch.distributions.Distribution`.
///
///     let policy = Categorical(logits: network(state))
///     let action = policy.sample()
///     let loss = -(policy.logProbability(action) * reward).mean()
///
/// Parameters are tensors of one floating dtype that broadcast with each other to the batch's
/// shape; whole numbers become float32. A sample has the shape asked for, then the batch's, then
/// that of an event. What is no parameter, such as a deviation below 0, gives NaN; where PyTorch
/// refuses a value that cannot come up, its probability is 0 here, and the logarithm -infinity.
public protocol Distribution: Sendable {
  /// The shape of the parameters, without that of an event.
  var batchShape: Shape { get }
  /// The shape of what comes up together: `[]` for numbers, `[n]` for vectors.
  var eventShape: Shape { get }
  /// The mean, in the batch's shape and the event's.
  var mean: Tensor { get }
  /// The variance, in the batch's shape and the event's.
  var variance: Tensor { get }

  /// Draws samples, through which no gradient goes.
  ///
  /// - Parameters:
  ///   - shape: how many, before the batch's shape.
  ///   - generator: where the numbers come from; they are drawn at the call.
  func sample(_ shape: Shape, generator: Generator) -> Tensor

  /// The logarithm of the probability, or of its density, of values.
  ///
  /// - Parameter value: a shape that broadcasts with the batch's and the event's.
  /// - Returns: that shape without the event's.
  func logProbability(_ value: Tensor) -> Tensor

  /// How uncertain the distribution is, in natural units; the batch's shape.
  func entropy() -> Tensor
}

/// A distribution whose samples depend on its parameters smoothly, so that a gradient goes through
/// them: PyTorch's `rsample`.
public protocol SmoothDistribution: Distribution {
  /// Draws samples, through which the gradient goes to the parameters.
  ///
  /// - Parameters:
  ///   - shape: how many, before the batch's shape.
  ///   - generator: where the numbers come from; they are drawn at the call.
  func rsample(_ shape: Shape, generator: Generator) -> Tensor
}

extension Distribution {
  /// Draws a sample from the shared generator.
  public func sample() -> Tensor { sample([], generator: .shared) }
  /// Draws samples from the shared generator.
  public func sample(_ shape: Shape) -> Tensor { sample(shape, generator: .shared) }
  /// The root of the variance.
  public var std: Tensor { variance.sqrt() }

  /// The shape of samples.
  func extended(_ shape: Shape) -> Shape {
    Shape(shape.sizes + batchShape.sizes + eventShape.sizes)
  }
}

extension SmoothDistribution {
  /// Draws samples, through which no gradient goes.
  public func sample(_ shape: Shape, generator: Generator) -> Tensor {
    noGrad { rsample(shape, generator: generator) }.detached()
  }
  /// Draws a sample from the shared generator, through which the gradient goes.
  public func rsample() -> Tensor { rsample([], generator: .shared) }
  /// Draws samples from the shared generator, through which the gradient goes.
  public func rsample(_ shape: Shape) -> Tensor { rsample(shape, generator: .shared) }
}

extension Tensor {
  /// Parameters as floats of one dtype and shape; all carry the error if they do not broadcast.
  static func together(_ name: String, _ given: Tensor...) -> [Tensor] {
    if let failed = given.first(where: { $0.error != nil }) { return given.map { _ in failed } }
    let floats = given.map { $0.dtype.isFloating ? $0 : $0.cast(to: .float32) }
    let sum = noGrad { floats.dropFirst().reduce(floats[0].detached()) { $0 + $1.detached() } }
    if sum.error != nil {
      let failed = Tensor(
        error: TensorError(
          name, "the parameters do not broadcast",
          operands: given.map { ("parameter", $0.signature) }, help: "give shapes that do"))
      return given.map { _ in failed }
    }
    return floats.map { $0.cast(to: sum.dtype).expanded(to: sum.shape) }
  }

  /// Uniform numbers from 0 to 1, of the dtype of the parameters.
  static func uniform(_ shape: Shape, like parameter: Tensor, _ generator: Generator) -> Tensor {
    .rand(shape, generator: generator, dtype: parameter.dtype, device: parameter.device)
  }

  /// The distance from 1 to the next number of the dtype.
  var step: Double {
    switch dtype {
    case .float64: Double.ulpOfOne
    case .float16: Double(Float16.ulpOfOne)
    case .bfloat16: 0x1p-7
    default: Double(Float.ulpOfOne)
    }
  }

  /// The least number of the dtype that has all its digits.
  var least: Double {
    switch dtype {
    case .float64: Double.leastNormalMagnitude
    case .float16: Double(Float16.leastNormalMagnitude)
    default: Double(Float.leastNormalMagnitude)
    }
  }
}
