import BlitzTensor

/// Adagrad, `torch.optim.Adagrad`: the gradient over the root of the sum of all squares so far.
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
    /// The step size, 0 or more; `lr` in PyTorch.
    public var rate: Double
    /// How fast the rate falls with each step; `lr_decay` in PyTorch.
    public var rateDecay: Double
    /// How much of the weight is added to the gradient (an L2 penalty).
    public var weightDecay: Double
    /// The first value of the sum of squares; `initial_accumulator_value` in PyTorch.
    public var initialSum: Double
    /// A small number added to the divisor, so that it is never zero.
    public var epsilon: Double

    /// Makes the settings; the defaults are PyTorch's.
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

    /// PyTorch's names of the state.
    public var stateNames: [String] { ["sum"] }
    /// Whether weights decay.
    public var structure: [Bool] { [weightDecay != 0] }
    /// The bounded settings.
    public var ranges: [SettingRange] {
      [
        SettingRange("rate", rate), SettingRange("rateDecay", rateDecay),
        SettingRange("weightDecay", weightDecay), SettingRange("initialSum", initialSum),
        SettingRange("epsilon", epsilon),
      ]
    }
    /// The initial sum for each element.
    public func initialState(of weight: Tensor) -> [Tensor] {
      [Tensor.full(like: weight, initialSum)]
    }
    /// The settings as tensors, the rate that of the step.
    public struct Scalars: Sendable {
      let rate, epsilon, weightDecay: Tensor
    }

    /// The settings as tensors.
    public func scalars(step: Int, _ tensor: (Double) -> Tensor) -> Scalars {
      Scalars(
        rate: tensor(rate / (1 + (Double(step) - 1) * rateDecay)), epsilon: tensor(epsilon),
        weightDecay: tensor(weightDecay))
    }

    /// The update.
    public func updated(
      _ weight: Tensor, gradient: Tensor, state: [Tensor], scalars: Scalars
    ) -> (weight: Tensor, state: [Tensor]) {
      let gradient = weightDecay == 0 ? gradient : gradient + scalars.weightDecay * weight
      let sum = state[0] + gradient * gradient
      return (weight - scalars.rate * gradient / (sum.sqrt() + scalars.epsilon), [sum])
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
  ///   - rateDecay: how fast the rate falls with each step; `lr_decay` in PyTorch.
  ///   - weightDecay: how much of the weight is added to the gradient (an L2 penalty).
  ///   - initialSum: the first value of the sum of squares; `initial_accumulator_value` in PyTorch.
  ///   - epsilon: a small number added to the divisor, so that it is never zero.
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
