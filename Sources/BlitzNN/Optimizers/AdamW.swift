import BlitzTensor

/// ``Adam`` whose weight decay is apart from the gradient.
///
///     w = w * (1 - rate * weightDecay)
///     m = beta1 * m + (1 - beta1) * g
///     v = beta2 * v + (1 - beta2) * g * g
///     w = w - rate / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + epsilon)
///
/// I. Loshchilov and F. Hutter, "Decoupled weight decay regularization", 2019.
public final class AdamW: Optimizer {
  /// The settings, and the update.
  public struct Rule: MomentRule {
    /// `AdamW`
    public static var name: String { "AdamW" }
    /// The step size, 0 or more.
    public var rate: Double
    /// How much of the running mean is kept, from 0 to below 1.
    public var beta1: Double
    /// How much of the running mean of squares is kept, from 0 to below 1.
    public var beta2: Double
    /// What keeps the divisor from zero.
    public var epsilon: Double
    /// By which part of itself, times the rate, a weight shrinks in a step.
    public var weightDecay: Double
    /// Whether the greatest mean of squares so far divides, not the present one.
    public var amsgrad: Bool

    /// The settings, PyTorch's where nothing is said.
    public init(
      rate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
      weightDecay: Double = 0.01, amsgrad: Bool = false
    ) {
      self.rate = rate
      self.beta1 = beta1
      self.beta2 = beta2
      self.epsilon = epsilon
      self.weightDecay = weightDecay
      self.amsgrad = amsgrad
    }

    /// What changes from step to step, and the settings.
    public func numbers(step: Int) -> [Double] {
      momentNumbers(step: step) + [1 - rate * weightDecay]
    }

    /// The update.
    public func updated(
      _ weight: Tensor, gradient: Tensor, state: [Tensor], numbers: [Tensor]
    ) -> (weight: Tensor, state: [Tensor]) {
      let weight = weightDecay == 0 ? weight : weight * numbers[Self.momentNumberCount]
      return moved(weight, gradient, state, numbers)
    }
  }

  /// Settings for each group of parameters.
  public init(groups: [ParameterGroup<Rule>], allowUnused: Bool = false) {
    super.init(groups: groups, allowUnused: allowUnused)
  }

  /// One group of all parameters of a model.
  ///
  /// - Parameters:
  ///   - model: whose parameters are to be trained.
  ///   - rate: the step size, 0 or more.
  ///   - beta1: how much of the running mean is kept, from 0 to below 1.
  ///   - beta2: how much of the running mean of squares is kept, from 0 to below 1.
  ///   - epsilon: what keeps the divisor from zero.
  ///   - weightDecay: by which part of itself, times the rate, a weight shrinks in a step.
  ///   - amsgrad: whether the greatest mean of squares so far divides, not the present one.
  ///   - allowUnused: whether parameters may be without a gradient at the first step.
  public convenience init(
    _ model: any Module, rate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-8, weightDecay: Double = 0.01, amsgrad: Bool = false,
    allowUnused: Bool = false
  ) {
    let rule = Rule(
      rate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay,
      amsgrad: amsgrad)
    self.init(groups: [ParameterGroup(model, rule)], allowUnused: allowUnused)
  }
}
