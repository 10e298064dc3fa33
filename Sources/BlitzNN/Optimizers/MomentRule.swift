import BlitzTensor

/// ``Adam`` or ``AdamW``: what tells their updates apart.
public protocol MomentOptimizer: Optimizer {
  /// `Adam`
  static var ruleName: String { get }
  /// The weight decay where none is given, PyTorch's.
  static var defaultWeightDecay: Double { get }
  /// Whether weight decay is added to the gradient; if not, it shrinks the weights themselves.
  static var decaysGradient: Bool { get }
}

/// The settings of ``Adam`` and ``AdamW``, and their update.
public struct MomentRule<Kind: MomentOptimizer>: UpdateRule {
  /// `Adam`
  public static var name: String { Kind.ruleName }
  /// The step size, 0 or more; `lr` in PyTorch.
  public var rate: Double
  /// The decay rate of the running mean of gradients, from 0 to below 1.
  public var beta1: Double
  /// The decay rate of the running mean of squared gradients, from 0 to below 1.
  public var beta2: Double
  /// A small number added to the divisor, so that it is never zero.
  public var epsilon: Double
  /// How much weights decay, 0 or more.
  public var weightDecay: Double
  /// Whether to divide by the largest running mean of squares so far instead of the latest.
  public var amsgrad: Bool

  /// Makes the settings; the defaults are PyTorch's.
  public init(
    rate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
    weightDecay: Double = Kind.defaultWeightDecay, amsgrad: Bool = false
  ) {
    self.rate = rate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.amsgrad = amsgrad
  }

  /// PyTorch's names of the running means.
  public var stateNames: [String] {
    amsgrad ? ["exp_avg", "exp_avg_sq", "max_exp_avg_sq"] : ["exp_avg", "exp_avg_sq"]
  }
  /// Whether weights decay, and `amsgrad`.
  public var structure: [Bool] { [weightDecay != 0, amsgrad] }
  /// The bounded settings.
  public var ranges: [SettingRange] {
    [
      SettingRange("rate", rate), SettingRange("beta1", beta1, below: 1),
      SettingRange("beta2", beta2, below: 1), SettingRange("epsilon", epsilon),
      SettingRange("weightDecay", weightDecay),
    ]
  }

  /// The settings as tensors, the rate with its bias corrections.
  public struct Scalars: Sendable {
    let correctedRate, correction, oneMinusBeta1, beta2, oneMinusBeta2, epsilon: Tensor
    /// What the gradient gets of the weight, or what is left of the weight.
    let decay: Tensor
  }

  /// The settings as tensors.
  public func scalars(step: Int, _ tensor: (Double) -> Tensor) -> Scalars {
    Scalars(
      correctedRate: tensor(rate / (1 - beta1.power(step))),
      correction: tensor((1 - beta2.power(step)).squareRoot()),
      oneMinusBeta1: tensor(1 - beta1), beta2: tensor(beta2), oneMinusBeta2: tensor(1 - beta2),
      epsilon: tensor(epsilon),
      decay: tensor(Kind.decaysGradient ? weightDecay : 1 - rate * weightDecay))
  }

  /// The update.
  public func updated(
    _ weight: Tensor, gradient: Tensor, state: [Tensor], scalars: Scalars
  ) -> (weight: Tensor, state: [Tensor]) {
    let (beta2, oneMinusBeta2) = (scalars.beta2, scalars.oneMinusBeta2)
    var (weight, gradient) = (weight, gradient)
    if weightDecay != 0 {
      if Kind.decaysGradient {
        gradient = gradient + scalars.decay * weight
      } else {
        weight = weight * scalars.decay
      }
    }
    // PyTorch's form of beta1 * mean + (1 - beta1) * gradient.
    let mean = state[0] + scalars.oneMinusBeta1 * (gradient - state[0])
    let square = beta2 * state[1] + oneMinusBeta2 * gradient * gradient
    let largest = amsgrad ? state[2].maximum(square) : square
    let divisor = largest.sqrt() / scalars.correction + scalars.epsilon
    return (
      weight - scalars.correctedRate * mean / divisor,
      amsgrad ? [mean, square, largest] : [mean, square]
    )
  }
}
