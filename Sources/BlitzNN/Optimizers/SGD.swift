import BlitzTensor

/// Stochastic gradient descent, with momentum if that is asked for.
///
///     g = gradient + weightDecay * w
///     b = momentum * b + (1 - dampening) * g        (b = g at the first step)
///     w = w - rate * b                              (with nesterov: g + momentum * b)
public final class SGD: Optimizer {
  /// The settings, and the update.
  public struct Rule: UpdateRule {
    /// `SGD`
    public static var name: String { "SGD" }
    /// The step size, 0 or more.
    public var rate: Double
    /// How much of the last direction is kept; 0 keeps none, and no memory for it.
    public var momentum: Double
    /// How much of the gradient is left out of the direction.
    public var dampening: Double
    /// What is added to the gradient, as a multiple of the weight.
    public var weightDecay: Double
    /// Whether the direction looks one step ahead; with a momentum above 0 and no dampening only.
    public var nesterov: Bool

    /// The settings, PyTorch's where nothing is said.
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

    /// What PyTorch calls them.
    public var stateNames: [String] { momentum == 0 ? [] : ["momentum_buffer"] }
    /// The terms that are there.
    public var structure: [Bool] { [momentum != 0, nesterov, weightDecay != 0] }
    /// What has a range.
    public var ranges: [SettingRange] {
      [
        SettingRange("rate", rate), SettingRange("momentum", momentum),
        SettingRange("weightDecay", weightDecay),
      ]
    }
    /// Looking ahead is along the momentum, the whole of it.
    public var contradiction: (problem: String, help: String)? {
      if !nesterov || (momentum > 0 && dampening == 0) { return nil }
      return (
        "nesterov with momentum \(momentum) and dampening \(dampening)",
        "nesterov takes a momentum above 0 and no dampening; write momentum: 0.9"
      )
    }
    /// What changes from step to step, and the settings.
    public func numbers(step: Int) -> [Double] {
      // The first direction is the whole gradient: what there is of an older one is zero.
      [rate, weightDecay, momentum, step == 1 ? 1 : 1 - dampening]
    }

    /// The update.
    public func updated(
      _ weight: Tensor, gradient: Tensor, state: [Tensor], numbers: [Tensor]
    ) -> (weight: Tensor, state: [Tensor]) {
      let (rate, decay, momentum, share) = (numbers[0], numbers[1], numbers[2], numbers[3])
      let gradient = weightDecay == 0 ? gradient : gradient + decay * weight
      if state.isEmpty { return (weight - rate * gradient, []) }
      let direction = momentum * state[0] + share * gradient
      let ahead = nesterov ? gradient + momentum * direction : direction
      return (weight - rate * ahead, [direction])
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
  ///   - momentum: how much of the last direction is kept; 0 keeps none, and no memory for it.
  ///   - dampening: how much of the gradient is left out of the direction.
  ///   - weightDecay: what is added to the gradient, as a multiple of the weight.
  ///   - nesterov: whether the direction looks one step ahead.
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
