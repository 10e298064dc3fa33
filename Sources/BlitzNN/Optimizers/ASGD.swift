import BlitzTensor

/// Averaged stochastic gradient descent, `torch.optim.ASGD`.
///
///     g = gradient + weightDecay * w
///     e(t) = rate / (1 + shrinking * rate * (t - 1))^power
///     w = (1 - shrinking * e(t)) * w - e(t) * g
///     a = a + (w - a) / max(1, t - 1 - start)
///
/// The averages are in the state of the optimizer, under the weight's name and `ax`. A rate
/// that is changed counts from the next step on; in PyTorch from the one after it.
///
/// B. Polyak and A. Juditsky, "Acceleration of stochastic approximation by averaging", 1992.
public final class ASGD: Optimizer {
  /// The settings, and the update.
  public struct Rule: UpdateRule {
    /// `ASGD`
    public static var name: String { "ASGD" }
    /// The step size, 0 or more; `lr` in PyTorch.
    public var rate: Double
    /// How much weights shrink and how fast the rate falls; `lambd` in PyTorch.
    public var shrinking: Double
    /// The power with which the rate falls; `alpha` in PyTorch.
    public var power: Double
    /// The step from which weights are averaged; `t0` in PyTorch.
    public var start: Double
    /// How much of the weight is added to the gradient (an L2 penalty).
    public var weightDecay: Double

    /// Makes the settings; the defaults are PyTorch's.
    public init(
      rate: Double = 1e-2, shrinking: Double = 1e-4, power: Double = 0.75, start: Double = 1e6,
      weightDecay: Double = 0
    ) {
      self.rate = rate
      self.shrinking = shrinking
      self.power = power
      self.start = start
      self.weightDecay = weightDecay
    }

    /// PyTorch's name of the average.
    public var stateNames: [String] { ["ax"] }
    /// Whether weights decay.
    public var structure: [Bool] { [weightDecay != 0] }
    /// The bounded settings.
    public var ranges: [SettingRange] {
      [
        SettingRange("rate", rate), SettingRange("shrinking", shrinking),
        SettingRange("power", power), SettingRange("weightDecay", weightDecay),
      ]
    }
    /// The settings as tensors.
    public struct Scalars: Sendable {
      let rate, kept, share, oneMinusShare, decay: Tensor
    }

    /// The settings as tensors.
    public func scalars(step: Int, _ tensor: (Double) -> Tensor) -> Scalars {
      let before = Double(step) - 1
      let falling = rate / (1 + shrinking * rate * before).power(power)
      let share = 1 / max(1, before - start)
      return Scalars(
        rate: tensor(falling), kept: tensor(1 - shrinking * falling), share: tensor(share),
        oneMinusShare: tensor(1 - share), decay: tensor(weightDecay))
    }

    /// The update.
    public func updated(
      _ weight: Tensor, gradient: Tensor, state: [Tensor], scalars: Scalars
    ) -> (weight: Tensor, state: [Tensor]) {
      let gradient = weightDecay == 0 ? gradient : gradient + scalars.decay * weight
      let new = weight * scalars.kept - scalars.rate * gradient
      return (new, [scalars.oneMinusShare * state[0] + scalars.share * new])
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
  ///   - shrinking: how much weights shrink and how fast the rate falls; `lambd` in PyTorch.
  ///   - power: the power with which the rate falls; `alpha` in PyTorch.
  ///   - start: the step from which weights are averaged; `t0` in PyTorch.
  ///   - weightDecay: how much of the weight is added to the gradient (an L2 penalty).
  ///   - allowUnused: whether parameters may be without a gradient at the first step.
  public convenience init(
    _ model: any Module, rate: Double = 1e-2, shrinking: Double = 1e-4, power: Double = 0.75,
    start: Double = 1e6, weightDecay: Double = 0, allowUnused: Bool = false
  ) {
    let rule = Rule(
      rate: rate, shrinking: shrinking, power: power, start: start, weightDecay: weightDecay)
    self.init(groups: [ParameterGroup(model, rule)], allowUnused: allowUnused)
  }
}
