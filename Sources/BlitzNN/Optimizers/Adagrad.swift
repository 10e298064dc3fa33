import BlitzTensor

/// Steps by the gradient divided by the size of all gradients so far.
///
///     g = gradient + weightDecay * w
///     s = s + g * g
///     w = w - rate / (1 + (t - 1) * rateDecay) * g / (sqrt(s) + epsilon)
///
/// J. Duchi, E. Hazan and Y. Singer, "Adaptive subgradient methods", 2011.
public final class Adagrad: Optimizer {
  /// The settings, and the update.
  public struct Rule: UpdateRule {
    /// `Adagrad`
    public static var name: String { "Adagrad" }
    /// The step size, 0 or more.
    public var rate: Double
    /// How fast the rate falls with the steps.
    public var rateDecay: Double
    /// What is added to the gradient, as a multiple of the weight.
    public var weightDecay: Double
    /// What the sum of squares starts from.
    public var initialSum: Double
    /// What keeps the divisor from zero.
    public var epsilon: Double

    /// The settings, PyTorch's where nothing is said.
    public init(
      rate: Double = 1e-2, rateDecay: Double = 0, weightDecay: Double = 0, initialSum: Double = 0,
      epsilon: Double = 1e-10
    ) {
      self.rate = rate
      self.rateDecay = rateDecay
      self.weightDecay = weightDecay
      self.initialSum = initialSum
      self.epsilon = epsilon
    }

    /// What PyTorch calls them.
    public var stateNames: [String] { ["sum"] }
    /// The terms that are there.
    public var structure: [Bool] { [weightDecay != 0] }
    /// What has a range.
    public var ranges: [SettingRange] {
      [
        SettingRange("rate", rate), SettingRange("rateDecay", rateDecay),
        SettingRange("weightDecay", weightDecay), SettingRange("initialSum", initialSum),
        SettingRange("epsilon", epsilon),
      ]
    }
    /// The initial sum everywhere.
    public func initialState(of weight: Tensor) -> [Tensor] {
      [Tensor.full(like: weight, initialSum)]
    }
    /// What changes from step to step, and the settings.
    public func numbers(step: Int) -> [Double] {
      [rate / (1 + (Double(step) - 1) * rateDecay), epsilon, weightDecay]
    }

    /// The update.
    public func updated(
      _ weight: Tensor, gradient: Tensor, state: [Tensor], numbers: [Tensor]
    ) -> (weight: Tensor, state: [Tensor]) {
      let gradient = weightDecay == 0 ? gradient : gradient + numbers[2] * weight
      let sum = state[0] + gradient * gradient
      return (weight - numbers[0] * gradient / (sum.sqrt() + numbers[1]), [sum])
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
  ///   - rateDecay: how fast the rate falls with the steps.
  ///   - weightDecay: what is added to the gradient, as a multiple of the weight.
  ///   - initialSum: what the sum of squares starts from.
  ///   - epsilon: what keeps the divisor from zero.
  ///   - allowUnused: whether parameters may be without a gradient at the first step.
  public convenience init(
    _ model: any Module, rate: Double = 1e-2, rateDecay: Double = 0, weightDecay: Double = 0,
    initialSum: Double = 0, epsilon: Double = 1e-10, allowUnused: Bool = false
  ) {
    let rule = Rule(
      rate: rate, rateDecay: rateDecay, weightDecay: weightDecay, initialSum: initialSum,
      epsilon: epsilon)
    self.init(groups: [ParameterGroup(model, rule)], allowUnused: allowUnused)
  }
}
