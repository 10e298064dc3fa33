import BlitzTensor

/// Adamax, `torch.optim.Adamax`: ``Adam`` that divides by the largest recent gradient.
///
///     g = gradient + weightDecay * w
///     m = beta1 * m + (1 - beta1) * g
///     u = max(beta2 * u, |g| + epsilon)
///     w = w - rate / (1 - beta1^t) * m / u
///
/// D. P. Kingma and J. Ba, "Adam: a method for stochastic optimization", 2015, section 7.1.
public final class Adamax: Optimizer {
  /// The settings, and the update.
  public struct Rule: UpdateRule {
    /// `Adamax`
    public static var name: String { "Adamax" }
    /// The step size, 0 or more; `lr` in PyTorch.
    public var rate: Double
    /// The decay rate of the running mean of gradients, from 0 to below 1.
    public var beta1: Double
    /// The decay rate of the largest gradient, from 0 to below 1.
    public var beta2: Double
    /// A small number added to the divisor, so that it is never zero.
    public var epsilon: Double
    /// How much of the weight is added to the gradient (an L2 penalty).
    public var weightDecay: Double

    /// Makes the settings; the defaults are PyTorch's.
    public init(
      rate: Double = 2e-3, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
      weightDecay: Double = 0
    ) {
      self.rate = rate
      self.beta1 = beta1
      self.beta2 = beta2
      self.epsilon = epsilon
      self.weightDecay = weightDecay
    }

    /// PyTorch's names of the running mean and the largest gradient.
    public var stateNames: [String] { ["exp_avg", "exp_inf"] }
    /// Whether weights decay.
    public var structure: [Bool] { [weightDecay != 0] }
    /// The bounded settings.
    public var ranges: [SettingRange] {
      [
        SettingRange("rate", rate), SettingRange("beta1", beta1, below: 1),
        SettingRange("beta2", beta2, below: 1), SettingRange("epsilon", epsilon),
        SettingRange("weightDecay", weightDecay),
      ]
    }
    /// The settings as tensors.
    public struct Scalars: Sendable {
      let correctedRate, oneMinusBeta1, beta2, epsilon, decay: Tensor
    }

    /// The settings as tensors.
    public func scalars(step: Int, _ tensor: (Double) -> Tensor) -> Scalars {
      Scalars(
        correctedRate: tensor(rate / (1 - beta1.power(step))), oneMinusBeta1: tensor(1 - beta1),
        beta2: tensor(beta2), epsilon: tensor(epsilon), decay: tensor(weightDecay))
    }

    /// The update.
    public func updated(
      _ weight: Tensor, gradient: Tensor, state: [Tensor], scalars: Scalars
    ) -> (weight: Tensor, state: [Tensor]) {
      let gradient = weightDecay == 0 ? gradient : gradient + scalars.decay * weight
      let mean = state[0] + scalars.oneMinusBeta1 * (gradient - state[0])
      let largest = (scalars.beta2 * state[1]).maximum(gradient.abs() + scalars.epsilon)
      return (weight - scalars.correctedRate * mean / largest, [mean, largest])
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
  ///   - beta2: the decay rate of the largest gradient, from 0 to below 1.
  ///   - epsilon: a small number added to the divisor, so that it is never zero.
  ///   - weightDecay: how much of the weight is added to the gradient (an L2 penalty).
  ///   - allowUnused: whether parameters may be without a gradient at the first step.
  public convenience init(
    _ model: any Module, rate: Double = 2e-3, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-8, weightDecay: Double = 0, allowUnused: Bool = false
  ) {
    let rule = Rule(
      rate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay)
    self.init(groups: [ParameterGroup(model, rule)], allowUnused: allowUnused)
  }
}
