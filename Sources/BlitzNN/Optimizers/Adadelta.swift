import BlitzTensor

/// Adadelta, `torch.optim.Adadelta`: steps as large as past steps were; the rate is a factor.
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
    /// The step size, 0 or more; `lr` in PyTorch.
    public var rate: Double
    /// The decay rate of the running means, from 0 to below 1.
    public var rho: Double
    /// A small number added to the divisor, so that it is never zero.
    public var epsilon: Double
    /// How much of the weight is added to the gradient (an L2 penalty).
    public var weightDecay: Double

    /// Makes the settings; the defaults are PyTorch's.
    public init(
      rate: Double = 1, rho: Double = 0.9, epsilon: Double = 1e-6, weightDecay: Double = 0
    ) {
      self.rate = rate
      self.rho = rho
      self.epsilon = epsilon
      self.weightDecay = weightDecay
    }

    /// PyTorch's names of the state.
    public var stateNames: [String] { ["square_avg", "acc_delta"] }
    /// Whether weights decay.
    public var structure: [Bool] { [weightDecay != 0] }
    /// The bounded settings.
    public var ranges: [SettingRange] {
      [
        SettingRange("rate", rate), SettingRange("rho", rho, below: 1),
        SettingRange("epsilon", epsilon), SettingRange("weightDecay", weightDecay),
      ]
    }
    /// The settings as tensors.
    public struct Scalars: Sendable {
      let rate, rho, oneMinusRho, epsilon, weightDecay: Tensor
    }

    /// The settings as tensors.
    public func scalars(step: Int, _ tensor: (Double) -> Tensor) -> Scalars {
      Scalars(
        rate: tensor(rate), rho: tensor(rho), oneMinusRho: tensor(1 - rho),
        epsilon: tensor(epsilon), weightDecay: tensor(weightDecay))
    }

    /// The update.
    public func updated(
      _ weight: Tensor, gradient: Tensor, state: [Tensor], scalars: Scalars
    ) -> (weight: Tensor, state: [Tensor]) {
      let (rho, oneMinusRho, epsilon) = (scalars.rho, scalars.oneMinusRho, scalars.epsilon)
      let gradient = weightDecay == 0 ? gradient : gradient + scalars.weightDecay * weight
      let square = rho * state[0] + oneMinusRho * gradient * gradient
      let delta = (state[1] + epsilon).sqrt() / (square + epsilon).sqrt() * gradient
      let squareOfDeltas = rho * state[1] + oneMinusRho * delta * delta
      return (weight - scalars.rate * delta, [square, squareOfDeltas])
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
  ///   - rho: the decay rate of the running means, from 0 to below 1.
  ///   - epsilon: a small number added to the divisor, so that it is never zero.
  ///   - weightDecay: how much of the weight is added to the gradient (an L2 penalty).
  ///   - allowUnused: whether parameters may be without a gradient at the first step.
  public convenience init(
    _ model: any Module, rate: Double = 1, rho: Double = 0.9, epsilon: Double = 1e-6,
    weightDecay: Double = 0, allowUnused: Bool = false
  ) {
    let rule = Rule(rate: rate, rho: rho, epsilon: epsilon, weightDecay: weightDecay)
    self.init(groups: [ParameterGroup(model, rule)], allowUnused: allowUnused)
  }
}
