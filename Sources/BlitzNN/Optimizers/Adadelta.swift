import BlitzTensor

/// Steps whose size is that of past steps: the rate is only a factor.
///
///     g = gradient + weightDecay * w
///     v = rho * v + (1 - rho) * g * g
///     d = sqrt(u + epsilon) / sqrt(v + epsilon) * g
///     u = rho * u + (1 - rho) * d * d
///     w = w - rate * d
///
/// M. D. Zeiler, "Adadelta: an adaptive learning rate method", 2012.
public final class Adadelta: Optimizer {
  /// The settings, and the update.
  public struct Rule: UpdateRule {
    /// `Adadelta`
    public static var name: String { "Adadelta" }
    /// The step size, 0 or more.
    public var rate: Double
    /// How much of the running means is kept, from 0 to below 1.
    public var rho: Double
    /// What keeps the divisor from zero.
    public var epsilon: Double
    /// What is added to the gradient, as a multiple of the weight.
    public var weightDecay: Double

    /// The settings, PyTorch's where nothing is said.
    public init(
      rate: Double = 1, rho: Double = 0.9, epsilon: Double = 1e-6, weightDecay: Double = 0
    ) {
      self.rate = rate
      self.rho = rho
      self.epsilon = epsilon
      self.weightDecay = weightDecay
    }

    /// What PyTorch calls them.
    public var stateNames: [String] { ["square_avg", "acc_delta"] }
    /// The terms that are there.
    public var structure: [Bool] { [weightDecay != 0] }
    /// What has a range.
    public var ranges: [SettingRange] {
      [
        SettingRange("rate", rate), SettingRange("rho", rho, below: 1),
        SettingRange("epsilon", epsilon), SettingRange("weightDecay", weightDecay),
      ]
    }
    /// What changes from step to step, and the settings.
    public func numbers(step: Int) -> [Double] {
      [rate, rho, 1 - rho, epsilon, weightDecay]
    }

    /// The update.
    public func updated(
      _ weight: Tensor, gradient: Tensor, state: [Tensor], numbers: [Tensor]
    ) -> (weight: Tensor, state: [Tensor]) {
      let (rate, rho, rest, epsilon) = (numbers[0], numbers[1], numbers[2], numbers[3])
      let gradient = weightDecay == 0 ? gradient : gradient + numbers[4] * weight
      let square = state[0] * rho + rest * gradient * gradient
      let delta = (state[1] + epsilon).sqrt() / (square + epsilon).sqrt() * gradient
      return (weight - rate * delta, [square, state[1] * rho + rest * delta * delta])
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
  ///   - rho: how much of the running means is kept, from 0 to below 1.
  ///   - epsilon: what keeps the divisor from zero.
  ///   - weightDecay: what is added to the gradient, as a multiple of the weight.
  ///   - allowUnused: whether parameters may be without a gradient at the first step.
  public convenience init(
    _ model: any Module, rate: Double = 1, rho: Double = 0.9, epsilon: Double = 1e-6,
    weightDecay: Double = 0, allowUnused: Bool = false
  ) {
    let rule = Rule(rate: rate, rho: rho, epsilon: epsilon, weightDecay: weightDecay)
    self.init(groups: [ParameterGroup(model, rule)], allowUnused: allowUnused)
  }
}
