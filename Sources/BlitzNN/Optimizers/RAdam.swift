import BlitzTensor

/// RAdam, `torch.optim.RAdam`: ``Adam`` that does without the divisor until enough steps have been
/// made to trust it.
///
///     g = gradient + weightDecay * w
///     m = beta1 * m + (1 - beta1) * g
///     v = beta2 * v + (1 - beta2) * g * g
///     n = 2 / (1 - beta2) - 1,   n(t) = n - 2 * t * beta2^t / (1 - beta2^t)
///     r = sqrt((n(t) - 4) * (n(t) - 2) * n / ((n - 4) * (n - 2) * n(t)))
///     w = w - rate / (1 - beta1^t) * m * r * sqrt(1 - beta2^t) / (sqrt(v) + epsilon)   if n(t) > 5
///     w = w - rate / (1 - beta1^t) * m                                                 otherwise
///
/// L. Liu et al., "On the variance of the adaptive learning rate and beyond", 2020.
public final class RAdam: Optimizer {
  /// The settings, and the update.
  public struct Rule: UpdateRule {
    /// `RAdam`
    public static var name: String { "RAdam" }
    /// The step size, 0 or more; `lr` in PyTorch.
    public var rate: Double
    /// The decay rate of the running mean of gradients, from 0 to below 1.
    public var beta1: Double
    /// The decay rate of the running mean of squared gradients, from 0 to below 1.
    public var beta2: Double
    /// A small number added to the divisor, so that it is never zero.
    public var epsilon: Double
    /// How much of the weight is added to the gradient (an L2 penalty).
    public var weightDecay: Double
    /// Whether weights shrink by themselves, as in ``AdamW``, instead of decay in the gradient;
    /// `decoupled_weight_decay` in PyTorch.
    public var decoupledDecay: Bool

    /// Makes the settings; the defaults are PyTorch's.
    public init(
      rate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
      weightDecay: Double = 0, decoupledDecay: Bool = false
    ) {
      self.rate = rate
      self.beta1 = beta1
      self.beta2 = beta2
      self.epsilon = epsilon
      self.weightDecay = weightDecay
      self.decoupledDecay = decoupledDecay
    }

    /// PyTorch's names of the running means.
    public var stateNames: [String] { ["exp_avg", "exp_avg_sq"] }
    /// Whether weights decay, and how.
    public var structure: [Bool] { [weightDecay != 0, decoupledDecay] }
    /// The bounded settings.
    public var ranges: [SettingRange] {
      [
        SettingRange("rate", rate), SettingRange("beta1", beta1, below: 1),
        SettingRange("beta2", beta2, below: 1), SettingRange("epsilon", epsilon),
        SettingRange("weightDecay", weightDecay),
      ]
    }
    /// The settings as tensors; the rectification is 0 where there is none.
    public struct Scalars: Sendable {
      let correctedRate, oneMinusBeta1, beta2, oneMinusBeta2, rectification, epsilon, decay: Tensor
    }

    /// The settings as tensors.
    public func scalars(step: Int, _ tensor: (Double) -> Tensor) -> Scalars {
      let correction = 1 - beta2.power(step)
      let longest = 2 / (1 - beta2) - 1
      let length = longest - 2 * Double(step) * beta2.power(step) / correction
      let ratio = (length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length)
      return Scalars(
        correctedRate: tensor(rate / (1 - beta1.power(step))), oneMinusBeta1: tensor(1 - beta1),
        beta2: tensor(beta2), oneMinusBeta2: tensor(1 - beta2),
        rectification: tensor(length > 5 ? correction.squareRoot() * ratio.squareRoot() : 0),
        epsilon: tensor(epsilon),
        decay: tensor(decoupledDecay ? 1 - rate * weightDecay : weightDecay))
    }

    /// The update.
    public func updated(
      _ weight: Tensor, gradient: Tensor, state: [Tensor], scalars: Scalars
    ) -> (weight: Tensor, state: [Tensor]) {
      let (weight, gradient) = decayed(
        weight, gradient, by: weightDecay == 0 ? nil : scalars.decay, shrinking: decoupledDecay)
      let mean = state[0] + scalars.oneMinusBeta1 * (gradient - state[0])
      let square = scalars.beta2 * state[1] + scalars.oneMinusBeta2 * gradient * gradient
      let adapted = scalars.rectification / (square.sqrt() + scalars.epsilon)
      let factor = Tensor.where(scalars.rectification .> 0, adapted, 1)
      return (weight - scalars.correctedRate * mean * factor, [mean, square])
    }
  }

  /// Trains groups of parameters, each with settings of its own.
  ///
  /// - Parameters:
  ///   - groups: a parameter may be in one of them only.
  ///   - allowUnused: whether parameters may be without a gradient at the first step.
  public init(groups: [ParameterGroup<Rule>], allowUnused: Bool = false) {
    super.init(groups: groups, allowUnused: allowUnused)
  }

  /// Trains all parameters of a model.
  ///
  /// - Parameters:
  ///   - model: the module whose parameters are trained.
  ///   - rate: the step size, 0 or more; `lr` in PyTorch.
  ///   - beta1: the decay rate of the running mean of gradients, from 0 to below 1.
  ///   - beta2: the decay rate of the running mean of squared gradients, from 0 to below 1.
  ///   - epsilon: a small number added to the divisor, so that it is never zero.
  ///   - weightDecay: how much of the weight is added to the gradient (an L2 penalty).
  ///   - decoupledDecay: whether weights shrink by themselves, as in ``AdamW``, instead of decay in
  ///     the gradient; `decoupled_weight_decay` in PyTorch.
  ///   - allowUnused: whether parameters may be without a gradient at the first step.
  public convenience init(
    _ model: any Module, rate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-8, weightDecay: Double = 0, decoupledDecay: Bool = false,
    allowUnused: Bool = false
  ) {
    let rule = Rule(
      rate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay,
      decoupledDecay: decoupledDecay)
    self.init(groups: [ParameterGroup(model, rule)], allowUnused: allowUnused)
  }
}
