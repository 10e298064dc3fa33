import BlitzTensor

/// NAdam, `torch.optim.NAdam`: ``Adam`` with Nesterov's momentum, which looks one step ahead.
///
///     g = gradient + weightDecay * w
///     mu(t) = beta1 * (1 - 0.5 * 0.96^(t * momentumDecay)),   M(t) = mu(1) * ... * mu(t)
///     m = beta1 * m + (1 - beta1) * g
///     v = beta2 * v + (1 - beta2) * g * g
///     d = (1 - mu(t)) / (1 - M(t)) * g + mu(t + 1) / (1 - M(t + 1)) * m
///     w = w - rate * d / (sqrt(v / (1 - beta2^t)) + epsilon)
///
/// T. Dozat, "Incorporating Nesterov momentum into Adam", 2016.
public final class NAdam: Optimizer {
  /// The settings, and the update.
  public struct Rule: UpdateRule {
    /// `NAdam`
    public static var name: String { "NAdam" }
    /// The step size, 0 or more; `lr` in PyTorch.
    public var rate: Double
    /// The decay rate of the running mean of gradients, from 0 to below 1.
    public var beta1: Double
    /// The decay rate of the running mean of squared gradients, from 0 to below 1.
    public var beta2: Double
    /// A small number added to the divisor, so that it is never zero.
    public var epsilon: Double
    /// How much of the weight is added to the gradient (an L2 penalty).
    public var weightDecay: Double
    /// How fast the momentum rises to `beta1`.
    public var momentumDecay: Double
    /// Whether weights shrink by themselves, as in ``AdamW``, instead of decay in the gradient;
    /// `decoupled_weight_decay` in PyTorch.
    public var decoupledDecay: Bool

    /// Makes the settings; the defaults are PyTorch's.
    public init(
      rate: Double = 2e-3, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
      weightDecay: Double = 0, momentumDecay: Double = 4e-3, decoupledDecay: Bool = false
    ) {
      self.rate = rate
      self.beta1 = beta1
      self.beta2 = beta2
      self.epsilon = epsilon
      self.weightDecay = weightDecay
      self.momentumDecay = momentumDecay
      self.decoupledDecay = decoupledDecay
    }

    /// PyTorch's names of the running means; M follows from the number of the step.
    public var stateNames: [String] { ["exp_avg", "exp_avg_sq"] }
    /// Whether weights decay, and how.
    public var structure: [Bool] { [weightDecay != 0, decoupledDecay] }
    /// The bounded settings.
    public var ranges: [SettingRange] {
      [
        SettingRange("rate", rate), SettingRange("beta1", beta1, below: 1),
        SettingRange("beta2", beta2, below: 1), SettingRange("epsilon", epsilon),
        SettingRange("weightDecay", weightDecay), SettingRange("momentumDecay", momentumDecay),
      ]
    }
    /// The settings as tensors.
    public struct Scalars: Sendable {
      let gradientRate, meanRate, oneMinusBeta1, beta2, oneMinusBeta2: Tensor
      let correction, epsilon, decay: Tensor
    }

    /// The settings as tensors.
    public func scalars(step: Int, _ tensor: (Double) -> Tensor) -> Scalars {
      let product = momentumProduct(step)
      let next = momentum(step < .max ? step + 1 : step)
      return Scalars(
        gradientRate: tensor(rate * (1 - momentum(step)) / (1 - product)),
        meanRate: tensor(rate * next / (1 - product * next)),
        oneMinusBeta1: tensor(1 - beta1), beta2: tensor(beta2), oneMinusBeta2: tensor(1 - beta2),
        correction: tensor(1 - beta2.power(step)), epsilon: tensor(epsilon),
        decay: tensor(decoupledDecay ? 1 - rate * weightDecay : weightDecay))
    }

    private func momentum(_ step: Int) -> Double {
      beta1 * (1 - 0.5 * 0.96.power(Double(step) * momentumDecay))
    }

    /// The product of the momenta up to a step. Where it is below what 1 can lose, more factors
    /// change nothing; after very many, each is that of the last.
    private func momentumProduct(_ step: Int) -> Double {
      let most = 1 << 18
      var product = 1.0
      for index in 0..<min(max(step, 0), most) {
        product *= momentum(index + 1)
        if product < 1e-20 || !product.isFinite { break }
      }
      return step > most ? product * momentum(most).power(step - most) : product
    }

    /// The update.
    public func updated(
      _ weight: Tensor, gradient: Tensor, state: [Tensor], scalars: Scalars
    ) -> (weight: Tensor, state: [Tensor]) {
      let (weight, gradient) = decayed(
        weight, gradient, by: weightDecay == 0 ? nil : scalars.decay, shrinking: decoupledDecay)
      let mean = state[0] + scalars.oneMinusBeta1 * (gradient - state[0])
      let square = scalars.beta2 * state[1] + scalars.oneMinusBeta2 * gradient * gradient
      let divisor = (square / scalars.correction).sqrt() + scalars.epsilon
      let ahead = weight - scalars.gradientRate * gradient / divisor
      return (ahead - scalars.meanRate * mean / divisor, [mean, square])
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
  ///   - beta1: the decay rate of the running mean of gradients, from 0 to below 1.
  ///   - beta2: the decay rate of the running mean of squared gradients, from 0 to below 1.
  ///   - epsilon: a small number added to the divisor, so that it is never zero.
  ///   - weightDecay: how much of the weight is added to the gradient (an L2 penalty).
  ///   - momentumDecay: how fast the momentum rises to `beta1`.
  ///   - decoupledDecay: whether weights shrink by themselves, as in ``AdamW``, instead of decay in
  ///     the gradient; `decoupled_weight_decay` in PyTorch.
  ///   - allowUnused: whether parameters may be without a gradient at the first step.
  public convenience init(
    _ model: any Module, rate: Double = 2e-3, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-8, weightDecay: Double = 0, momentumDecay: Double = 4e-3,
    decoupledDecay: Bool = false, allowUnused: Bool = false
  ) {
    let rule = Rule(
      rate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay,
      momentumDecay: momentumDecay, decoupledDecay: decoupledDecay)
    self.init(groups: [ParameterGroup(model, rule)], allowUnused: allowUnused)
  }
}
