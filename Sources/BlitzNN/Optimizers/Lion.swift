import BlitzTensor

/// Lion: steps by the sign of a running mean of gradients, so of one size in every direction.
///
///     u = sign(beta1 * m + (1 - beta1) * g)
///     w = w * (1 - rate * weightDecay) - rate * u
///     m = beta2 * m + (1 - beta2) * g
///
/// X. Chen et al., "Symbolic discovery of optimization algorithms", 2023. A rate of a third to a
/// tenth of ``Adam``'s suits it.
public final class Lion: Optimizer {
  /// The settings, and the update.
  public struct Rule: UpdateRule {
    /// `Lion`
    public static var name: String { "Lion" }
    /// The step size, 0 or more; `lr` in PyTorch.
    public var rate: Double
    /// The share of the running mean in the direction, from 0 to below 1.
    public var beta1: Double
    /// The decay rate of the running mean, from 0 to below 1.
    public var beta2: Double
    /// The share that a step takes off the weights, times the rate.
    public var weightDecay: Double

    /// Makes the settings; the defaults are the paper's.
    public init(
      rate: Double = 1e-4, beta1: Double = 0.9, beta2: Double = 0.99, weightDecay: Double = 0
    ) {
      self.rate = rate
      self.beta1 = beta1
      self.beta2 = beta2
      self.weightDecay = weightDecay
    }

    /// The name of the running mean, as in PyTorch's Adam.
    public var stateNames: [String] { ["exp_avg"] }
    /// Whether weights decay.
    public var structure: [Bool] { [weightDecay != 0] }
    /// The bounded settings.
    public var ranges: [SettingRange] {
      [
        SettingRange("rate", rate), SettingRange("beta1", beta1, below: 1),
        SettingRange("beta2", beta2, below: 1), SettingRange("weightDecay", weightDecay),
      ]
    }
    /// The settings as tensors.
    public struct Scalars: Sendable {
      let rate, beta1, oneMinusBeta1, beta2, oneMinusBeta2: Tensor
      /// What is left of the weight.
      let decay: Tensor
    }

    /// The settings as tensors.
    public func scalars(step: Int, _ tensor: (Double) -> Tensor) -> Scalars {
      Scalars(
        rate: tensor(rate), beta1: tensor(beta1), oneMinusBeta1: tensor(1 - beta1),
        beta2: tensor(beta2), oneMinusBeta2: tensor(1 - beta2),
        decay: tensor(1 - rate * weightDecay))
    }

    /// The update.
    public func updated(
      _ weight: Tensor, gradient: Tensor, state: [Tensor], scalars: Scalars
    ) -> (weight: Tensor, state: [Tensor]) {
      let mean = state[0]
      let direction = (scalars.beta1 * mean + scalars.oneMinusBeta1 * gradient).sign()
      let weight = weightDecay == 0 ? weight : weight * scalars.decay
      return (
        weight - scalars.rate * direction,
        [scalars.beta2 * mean + scalars.oneMinusBeta2 * gradient]
      )
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
  ///   - beta1: the share of the running mean in the direction, from 0 to below 1.
  ///   - beta2: the decay rate of the running mean, from 0 to below 1.
  ///   - weightDecay: the share that a step takes off the weights, times the rate.
  ///   - allowUnused: whether parameters may be without a gradient at the first step.
  public convenience init(
    _ model: any Module, rate: Double = 1e-4, beta1: Double = 0.9, beta2: Double = 0.99,
    weightDecay: Double = 0, allowUnused: Bool = false
  ) {
    let rule = Rule(rate: rate, beta1: beta1, beta2: beta2, weightDecay: weightDecay)
    self.init(groups: [ParameterGroup(model, rule)], allowUnused: allowUnused)
  }
}
