import BlitzTensor

/// Steps by the gradient divided by a running size of it.
///
///     g = gradient + weightDecay * w
///     v = alpha * v + (1 - alpha) * g * g
///     w = w - rate * g / (sqrt(v) + epsilon)
///
/// With momentum the direction is kept as in ``SGD``. G. Hinton, lecture 6e of "Neural networks
/// for machine learning", 2012.
public final class RMSprop: Optimizer {
  /// The settings, and the update.
  public struct Rule: UpdateRule {
    /// `RMSprop`
    public static var name: String { "RMSprop" }
    /// The step size, 0 or more.
    public var rate: Double
    /// How much of the running mean of squares is kept, from 0 to below 1.
    public var alpha: Double
    /// What keeps the divisor from zero.
    public var epsilon: Double
    /// What is added to the gradient, as a multiple of the weight.
    public var weightDecay: Double
    /// How much of the last direction is kept.
    public var momentum: Double
    /// Whether the square of the running mean is taken off: the divisor is a deviation.
    public var centered: Bool

    /// The settings, PyTorch's where nothing is said.
    public init(
      rate: Double = 1e-2, alpha: Double = 0.99, epsilon: Double = 1e-8, weightDecay: Double = 0,
      momentum: Double = 0, centered: Bool = false
    ) {
      self.rate = rate
      self.alpha = alpha
      self.epsilon = epsilon
      self.weightDecay = weightDecay
      self.momentum = momentum
      self.centered = centered
    }

    /// What PyTorch calls them.
    public var stateNames: [String] {
      ["square_avg"] + (momentum == 0 ? [] : ["momentum_buffer"]) + (centered ? ["grad_avg"] : [])
    }
    /// The terms that are there.
    public var structure: [Bool] { [weightDecay != 0, momentum != 0, centered] }
    /// What has a range.
    public var ranges: [SettingRange] {
      [
        SettingRange("rate", rate), SettingRange("alpha", alpha, below: 1),
        SettingRange("epsilon", epsilon), SettingRange("weightDecay", weightDecay),
        SettingRange("momentum", momentum),
      ]
    }
    /// What changes from step to step, and the settings.
    public func numbers(step: Int) -> [Double] {
      [rate, alpha, 1 - alpha, epsilon, weightDecay, momentum]
    }

    /// The update.
    public func updated(
      _ weight: Tensor, gradient: Tensor, state: [Tensor], numbers: [Tensor]
    ) -> (weight: Tensor, state: [Tensor]) {
      let (rate, alpha, rest) = (numbers[0], numbers[1], numbers[2])
      let gradient = weightDecay == 0 ? gradient : gradient + numbers[4] * weight
      var kept = [state[0] * alpha + rest * gradient * gradient]
      var square = kept[0]
      let mean = centered ? state[state.count - 1] : nil
      let newMean = mean.map { $0 + rest * (gradient - $0) }
      if let newMean { square = square - newMean * newMean }
      let divisor = square.sqrt() + numbers[3]
      if momentum == 0 {
        return (weight - rate * gradient / divisor, kept + [newMean].compactMap { $0 })
      }
      kept.append(numbers[5] * state[1] + gradient / divisor)
      return (weight - rate * kept[1], kept + [newMean].compactMap { $0 })
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
  ///   - alpha: how much of the running mean of squares is kept, from 0 to below 1.
  ///   - epsilon: what keeps the divisor from zero.
  ///   - weightDecay: what is added to the gradient, as a multiple of the weight.
  ///   - momentum: how much of the last direction is kept.
  ///   - centered: whether the square of the running mean is taken off: the divisor is a deviation.
  ///   - allowUnused: whether parameters may be without a gradient at the first step.
  public convenience init(
    _ model: any Module, rate: Double = 1e-2, alpha: Double = 0.99, epsilon: Double = 1e-8,
    weightDecay: Double = 0, momentum: Double = 0, centered: Bool = false, allowUnused: Bool = false
  ) {
    let rule = Rule(
      rate: rate, alpha: alpha, epsilon: epsilon, weightDecay: weightDecay, momentum: momentum,
      centered: centered)
    self.init(groups: [ParameterGroup(model, rule)], allowUnused: allowUnused)
  }
}
