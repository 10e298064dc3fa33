import BlitzTensor

/// Stochastic gradient descent, with or without momentum, `torch.optim.SGD`.
///
///     g = gradient + weightDecay * w
///     b = momentum * b + (1 - dampening) * g        (b = g at the first step)
///     w = w - rate * b                              (with nesterov: g + momentum * b)
public final class SGD: Optimizer {
  /// The settings, and the update.
  public struct Rule: UpdateRule {
    /// `SGD`
    public static var name: String { "SGD" }
    /// The step size, 0 or more; `lr` in PyTorch.
    public var rate: Double
    /// How much of the last direction is kept; 0 for none, which also needs no memory.
    public var momentum: Double
    /// The share of the gradient that is left out of the direction.
    public var dampening: Double
    /// How much of the weight is added to the gradient (an L2 penalty).
    public var weightDecay: Double
    /// Whether to use Nesterov's momentum, which takes a momentum above 0 and no dampening.
    public var nesterov: Bool

    /// Makes the settings; the defaults are PyTorch's.
    public init(
      rate: Double, momentum: Double = 0, dampening: Double = 0, weightDecay: Double = 0,
      nesterov: Bool = false
    ) {
      self.rate = rate
      self.momentum = momentum
      self.dampening = dampening
      self.weightDecay = weightDecay
      self.nesterov = nesterov
    }

    /// PyTorch's names of the state.
    public var stateNames: [String] { momentum == 0 ? [] : ["momentum_buffer"] }
    /// Whether there are momentum, Nesterov's momentum and decay.
    public var structure: [Bool] { [momentum != 0, nesterov, weightDecay != 0] }
    /// The bounded settings.
    public var ranges: [SettingRange] {
      [
        SettingRange("rate", rate), SettingRange("momentum", momentum),
        SettingRange("weightDecay", weightDecay),
      ]
    }
    /// Nesterov's momentum without momentum, or with dampening.
    public var contradiction: (problem: String, help: String)? {
      if !nesterov || (momentum > 0 && dampening == 0) { return nil }
      return (
        "nesterov with momentum \(momentum) and dampening \(dampening)",
        "nesterov takes a momentum above 0 and no dampening; write momentum: 0.9"
      )
    }
    /// The settings as tensors.
    public struct Scalars: Sendable {
      let rate, weightDecay, momentum, oneMinusDampening: Tensor
    }

    /// The settings as tensors.
    public func scalars(step: Int, _ tensor: (Double) -> Tensor) -> Scalars {
      // The first direction is the whole gradient, without dampening.
      Scalars(
        rate: tensor(rate), weightDecay: tensor(weightDecay), momentum: tensor(momentum),
        oneMinusDampening: tensor(step == 1 ? 1 : 1 - dampening))
    }

    /// The update.
    public func updated(
      _ weight: Tensor, gradient: Tensor, state: [Tensor], scalars: Scalars
    ) -> (weight: Tensor, state: [Tensor]) {
      let (rate, momentum) = (scalars.rate, scalars.momentum)
      let gradient = weightDecay == 0 ? gradient : gradient + scalars.weightDecay * weight
      if state.isEmpty { return (weight - rate * gradient, []) }
      let direction = momentum * state[0] + scalars.oneMinusDampening * gradient
      let ahead = nesterov ? gradient + momentum * direction : direction
      return (weight - rate * ahead, [direction])
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
  ///   - momentum: how much of the last direction is kept; 0 for none, which also needs no memory.
  ///   - dampening: the share of the gradient that is left out of the direction.
  ///   - weightDecay: how much of the weight is added to the gradient (an L2 penalty).
  ///   - nesterov: whether to use Nesterov's momentum.
  ///   - allowUnused: whether parameters may be without a gradient at the first step.
  public convenience init(
    _ model: any Module, rate: Double, momentum: Double = 0, dampening: Double = 0,
    weightDecay: Double = 0, nesterov: Bool = false, allowUnused: Bool = false
  ) {
    let rule = Rule(
      rate: rate, momentum: momentum, dampening: dampening, weightDecay: weightDecay,
      nesterov: nesterov)
    self.init(groups: [ParameterGroup(model, rule)], allowUnused: allowUnused)
  }
}
