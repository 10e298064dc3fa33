import BlitzTensor

/// Several distributions of one kind, of which one is chosen for each sample:
/// `torch.distributions.MixtureSameFamily`.
///
///     let mixture = Mixture(
///       Categorical(probabilities: Tensor([0.3, 0.7])),
///       of: Normal(mean: Tensor([-1.0, 2.0]), std: Tensor([0.5, 1.0])))
///
/// Samples are PyTorch's for the same seed.
public struct Mixture<Component: Distribution>: Distribution {
  /// Which component is chosen.
  public let choice: Categorical
  /// The components, along the last axis of their batch.
  public let components: Component
  private let fault: TensorError?

  /// Makes a mixture.
  ///
  /// - Parameters:
  ///   - choice: which component is chosen, `[..., components]`.
  ///   - components: the components, along the last axis of their batch.
  public init(_ choice: Categorical, of components: Component) {
    (self.choice, self.components) = (choice, components)
    let count = choice.logits.shape.last
    let fits =
      choice.logits.error != nil
      || (components.batchShape.last == count && count != nil
        && components.batchShape.sizes.dropLast().elementsEqual(choice.batchShape.sizes))
    fault =
      fits
      ? nil
      : TensorError(
        "Mixture", "the components are not the classes of the choice",
        operands: [
          ("choice", "\(choice.logits.shape)"), ("components", "\(components.batchShape)"),
        ], help: "give components with the batch's shape of the choice, then one for each class")
  }

  /// The components' shape without their axis.
  public var batchShape: Shape { Shape(components.batchShape.sizes.dropLast()) }
  /// That of a component.
  public var eventShape: Shape { components.eventShape }

  /// The axis of the components in a tensor of the batch's and the event's shape.
  private var axis: Int { -1 - eventShape.rank }

  private var weights: Tensor {
    (0..<eventShape.rank).reduce(choice.probabilities) { weights, _ in
      weights.unsqueezed(axis: -1)
    }
  }

  /// The mean of the components' means.
  public var mean: Tensor {
    if let fault { return Tensor(error: fault) }
    return (weights * components.mean).sum(axis: axis)
  }

  /// The mean of the components' variances, and the variance of their means.
  public var variance: Tensor {
    if let fault { return Tensor(error: fault) }
    let distance = (components.mean - mean.unsqueezed(axis: axis)).square()
    return (weights * (components.variance + distance)).sum(axis: axis)
  }

  /// Samples of the components that are chosen.
  public func sample(_ shape: Shape, generator: Generator) -> Tensor {
    if let fault { return Tensor(error: fault) }
    let chosen = choice.sample(shape, generator: generator)
    let all = components.sample(shape, generator: generator)
    if let failed = [chosen, all].first(where: { $0.error != nil }) { return failed }
    let index = (0...eventShape.rank).reduce(chosen) { index, _ in index.unsqueezed(axis: -1) }
    return all.takeAlong(axis: axis, index).squeezed(axis: axis)
  }

  /// The logarithm of the mean of the components' probabilities.
  public func logProbability(_ value: Tensor) -> Tensor {
    if let fault { return Tensor(error: fault) }
    if value.error != nil { return value }
    guard value.rank >= eventShape.rank else {
      return Tensor(
        error: TensorError(
          "Mixture", "an event has \(eventShape.rank) axes",
          operands: [("value", value.signature)], help: "give values of the event's shape"))
    }
    let each = components.logProbability(value.unsqueezed(axis: axis))
    return (each + choice.logits).logSumExp(axis: -1)
  }

  /// An error: no formula is known.
  public func entropy() -> Tensor {
    Tensor(
      error: TensorError(
        "Mixture", "the entropy has no closed form",
        operands: [("choice", choice.logits.signature)],
        help: "take the mean of -logProbability over samples"))
  }
}
