import BlitzTensor

/// RMSprop, `torch.optim.RMSprop`: the gradient over the root of a running mean of its squares.
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
    /// The step size, 0 or more; `lr` in PyTorch.
    public var rate: Double
    /// The decay rate of the running mean of squares, from 0 to below 1.
    public var alpha: Double
    /// A small number added to the divisor, so that it is never zero.
    public var epsilon: Double
    /// How much of the weight is added to the gradient (an L2 penalty).
    public var weightDecay: Double
    /// How much of the last direction is kept.
    public var momentum: Double
    /// Whether to divide by the running standard deviation instead.
    public var centered: Bool

    /// Makes the settings; the defaults are PyTorch's.
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

    /// PyTorch's names of the state.
    public var stateNames: [String] {
      ["square_avg"] + (momentum == 0 ? [] : ["momentum_buffer"]) + (centered ? ["grad_avg"] : [])
    }
    /// Whether there are decay and momentum, and `centered`.
    public var structure: [Bool] { [weightDecay != 0, momentum != 0, centered] }
    /// The bounded settings.
    public var ranges: [SettingRange] {
      [
        SettingRange("rate", rate), SettingRange("alpha", alpha, below: 1),
        SettingRange("epsilon", epsilon), SettingRange("weightDecay", weightDecay),
        SettingRange("momentum", momentum),
      ]
    }
    /// The settings as tensors.
    public struct Scalars: Sendable {
      let rate, alpha, oneMinusAlpha, epsilon, weightDecay, momentum: Tensor
    }

    /// The settings as tensors.
    public func scalars(step: Int, _ tensor: (Double) -> Tensor) -> Scalars {
      Scalars(
        rate: tensor(rate), alpha: tensor(alpha), oneMinusAlpha: tensor(1 - alpha),
        epsilon: tensor(epsilon), weightDecay: tensor(weightDecay), momentum: tensor(momentum))
    }

    /// The update.
    public func updated(
      _ weight: Tensor, gradient: Tensor, state: [Tensor], scalars: Scalars
    ) -> (weight: Tensor, state: [Tensor]) {
      let (rate, alpha, oneMinusAlpha) = (scalars.rate, scalars.alpha, scalars.oneMinusAlpha)
      let gradient = weightDecay == 0 ? gradient : gradient + scalars.weightDecay * weight
      let square = alpha * state[0] + oneMinusAlpha * gradient * gradient
      var variance = square
      var mean: [Tensor] = []
      if centered, let old = state.last {
        let new = old + oneMinusAlpha * (gradient - old)
        variance = square - new * new
        mean = [new]
      }
      let divisor = variance.sqrt() + scalars.epsilon
      if momentum == 0 { return (weight - rate * gradient / divisor, [square] + mean) }
      let direction = scalars.momentum * state[1] + gradient / divisor
      return (weight - rate * direction, [square, direction] + mean)
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
  ///   - alpha: the decay rate of the running mean of squares, from 0 to below 1.
  ///   - epsilon: a small number added to the divisor, so that it is never zero.
  ///   - weightDecay: how much of the weight is added to the gradient (an L2 penalty).
  ///   - momentum: how much of the last direction is kept.
  ///   - centered: whether to divide by the running standard deviation instead.
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
