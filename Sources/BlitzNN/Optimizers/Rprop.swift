import BlitzTensor

/// Rprop, `torch.optim.Rprop`: a step size for each weight, which grows while the gradient keeps
/// its sign and shrinks when it changes; the gradient's size does not count. For whole data sets.
///
///     s = clamp(s * growing, least, most)     if the gradient has kept its sign
///         clamp(s * shrinking, least, most)   if it has changed; it then counts as 0, once
///     w = w - sign(gradient) * s
///
/// M. Riedmiller and H. Braun, "A direct adaptive method for faster backpropagation learning: the
/// RPROP algorithm", 1993.
public final class Rprop: Optimizer {
  /// The settings, and the update.
  public struct Rule: UpdateRule {
    /// `Rprop`
    public static var name: String { "Rprop" }
    /// The step size of all weights at first, 0 or more; `lr` in PyTorch. A change after the first
    /// step has no effect.
    public var rate: Double
    /// The factor of a step size where the gradient changes its sign, from 0 to below 1; the first
    /// of `etas` in PyTorch.
    public var shrinking: Double
    /// The factor where it keeps it, above 1; the second of `etas` in PyTorch.
    public var growing: Double
    /// The least step size; the first of `step_sizes` in PyTorch.
    public var least: Double
    /// The largest step size; the second of `step_sizes` in PyTorch.
    public var most: Double

    /// Makes the settings; the defaults are PyTorch's.
    public init(
      rate: Double = 1e-2, shrinking: Double = 0.5, growing: Double = 1.2, least: Double = 1e-6,
      most: Double = 50
    ) {
      self.rate = rate
      self.shrinking = shrinking
      self.growing = growing
      self.least = least
      self.most = most
    }

    /// PyTorch's names of the last gradient and of the step sizes.
    public var stateNames: [String] { ["prev", "step_size"] }
    /// The bounded settings.
    public var ranges: [SettingRange] {
      [
        SettingRange("rate", rate), SettingRange("shrinking", shrinking, below: 1),
        SettingRange("least", least), SettingRange("most", most),
      ]
    }
    /// A factor that does not grow.
    public var contradiction: (problem: String, help: String)? {
      growing > 1 ? nil : ("growing is \(growing)", "write a number above 1, such as 1.2")
    }
    /// No gradient yet, and the step size of all weights.
    public func initialState(of weight: Tensor) -> [Tensor] {
      [Tensor.zeros(like: weight), Tensor.full(like: weight, rate)]
    }
    /// The settings as tensors.
    public struct Scalars: Sendable {
      let shrinking, growing, least, most: Tensor
    }

    /// The settings as tensors.
    public func scalars(step: Int, _ tensor: (Double) -> Tensor) -> Scalars {
      Scalars(
        shrinking: tensor(shrinking), growing: tensor(growing), least: tensor(least),
        most: tensor(most))
    }

    /// The update.
    public func updated(
      _ weight: Tensor, gradient: Tensor, state: [Tensor], scalars: Scalars
    ) -> (weight: Tensor, state: [Tensor]) {
      let agreement = (gradient * state[0]).sign()
      let factor = Tensor.where(
        agreement .> 0, scalars.growing, Tensor.where(agreement .< 0, scalars.shrinking, 1))
      let size = (state[1] * factor).maximum(scalars.least).minimum(scalars.most)
      let used = Tensor.where(agreement .< 0, 0, gradient)
      return (weight - used.sign() * size, [used, size])
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
  ///   - rate: the step size of all weights at first, 0 or more; `lr` in PyTorch. A change after
  ///     the first step has no effect.
  ///   - shrinking: the factor of a step size where the gradient changes its sign, from 0 to below
  ///     1; the first of `etas` in PyTorch.
  ///   - growing: the factor where it keeps it, above 1; the second of `etas` in PyTorch.
  ///   - least: the least step size; the first of `step_sizes` in PyTorch.
  ///   - most: the largest step size; the second of `step_sizes` in PyTorch.
  ///   - allowUnused: whether parameters may be without a gradient at the first step.
  public convenience init(
    _ model: any Module, rate: Double = 1e-2, shrinking: Double = 0.5, growing: Double = 1.2,
    least: Double = 1e-6, most: Double = 50, allowUnused: Bool = false
  ) {
    let rule = Rule(rate: rate, shrinking: shrinking, growing: growing, least: least, most: most)
    self.init(groups: [ParameterGroup(model, rule)], allowUnused: allowUnused)
  }
}
