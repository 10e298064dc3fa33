import BlitzTensor

/// Steps by the sign of a mean of gradients, so of one size everywhere.
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
    /// The step size, 0 or more.
    public var rate: Double
    /// The share of the running mean in the direction, from 0 to below 1.
    public var beta1: Double
    /// How much of the running mean is kept, from 0 to below 1.
    public var beta2: Double
    /// By which part of itself, times the rate, a weight shrinks in a step.
    public var weightDecay: Double

    /// The settings, PyTorch's where nothing is said.
    public init(
      rate: Double = 1e-4, beta1: Double = 0.9, beta2: Double = 0.99, weightDecay: Double = 0
    ) {
      self.rate = rate
      self.beta1 = beta1
      self.beta2 = beta2
      self.weightDecay = weightDecay
    }

    /// What PyTorch calls them.
    public var stateNames: [String] { ["exp_avg"] }
    /// The terms that are there.
    public var structure: [Bool] { [weightDecay != 0] }
    /// What has a range.
    public var ranges: [SettingRange] {
      [
        SettingRange("rate", rate), SettingRange("beta1", beta1, below: 1),
        SettingRange("beta2", beta2, below: 1), SettingRange("weightDecay", weightDecay),
      ]
    }
    /// What changes from step to step, and the settings.
    public func numbers(step: Int) -> [Double] {
      [rate, beta1, 1 - beta1, beta2, 1 - beta2, 1 - rate * weightDecay]
    }

    /// The update.
    public func updated(
      _ weight: Tensor, gradient: Tensor, state: [Tensor], numbers: [Tensor]
    ) -> (weight: Tensor, state: [Tensor]) {
      let direction = (numbers[1] * state[0] + numbers[2] * gradient).sign()
      let weight = weightDecay == 0 ? weight : weight * numbers[5]
      return (
        weight - numbers[0] * direction, [numbers[3] * state[0] + numbers[4] * gradient]
      )
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
  ///   - beta1: the share of the running mean in the direction, from 0 to below 1.
  ///   - beta2: how much of the running mean is kept, from 0 to below 1.
  ///   - weightDecay: by which part of itself, times the rate, a weight shrinks in a step.
  ///   - allowUnused: whether parameters may be without a gradient at the first step.
  public convenience init(
    _ model: any Module, rate: Double = 1e-4, beta1: Double = 0.9, beta2: Double = 0.99,
    weightDecay: Double = 0, allowUnused: Bool = false
  ) {
    let rule = Rule(rate: rate, beta1: beta1, beta2: beta2, weightDecay: weightDecay)
    self.init(groups: [ParameterGroup(model, rule)], allowUnused: allowUnused)
  }
}
