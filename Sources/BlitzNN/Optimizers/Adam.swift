import BlitzTensor

/// Adam, `torch.optim.Adam`: the running mean of gradients over the root of that of their squares.
///
///     g = gradient + weightDecay * w
///     m = beta1 * m + (1 - beta1) * g
///     v = beta2 * v + (1 - beta2) * g * g
///     w = w - rate / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + epsilon)
///
/// D. P. Kingma and J. Ba, "Adam: a method for stochastic optimization", 2015.
public final class Adam: Optimizer, MomentOptimizer {
  /// The settings, and the update.
  public typealias Rule = MomentRule<Adam>
  /// `Adam`
  public static var ruleName: String { "Adam" }
  /// 0
  public static var defaultWeightDecay: Double { 0 }
  /// True: decay is part of the gradient.
  public static var decaysGradient: Bool { true }

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
  ///   - amsgrad: whether to divide by the largest running mean of squares so far instead of the
  ///     latest.
  ///   - allowUnused: whether parameters may be without a gradient at the first step.
  public convenience init(
    _ model: any Module, rate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-8, weightDecay: Double = 0, amsgrad: Bool = false,
    allowUnused: Bool = false
  ) {
    let rule = Rule(
      rate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay,
      amsgrad: amsgrad)
    self.init(groups: [ParameterGroup(model, rule)], allowUnused: allowUnused)
  }
}
