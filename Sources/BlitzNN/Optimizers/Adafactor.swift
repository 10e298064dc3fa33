import BlitzTensor

/// Adafactor, `torch.optim.Adafactor`: of the squares of a matrix's gradient, only the means of
/// rows and columns are kept.
///
///     share = t^decayPower,   size = max(leastSize, rms(w)) * min(rate, 1 / sqrt(t))
///     r = r + share * (mean(g * g, along rows) - r),   c the same along columns
///     v = max(r * c / max(mean(r), epsilon), epsilon^2)      (a vector's is kept as it is)
///     u = g / sqrt(v)
///     w = w * (1 - rate * weightDecay) - size * u / max(1, rms(u) / largestUpdate)
///
/// N. Shazeer and M. Stern, "Adafactor: adaptive learning rates with sublinear memory cost", 2018.
public final class Adafactor: Optimizer {
  /// The settings, and the update.
  public struct Rule: UpdateRule {
    /// `Adafactor`
    public static var name: String { "Adafactor" }
    /// The largest relative step size, 0 or more; `lr` in PyTorch.
    public var rate: Double
    /// The power of the step that is the share of the new squares, 0 or less; `beta2_decay` in
    /// PyTorch.
    public var decayPower: Double
    /// What the root of squares is at least; the dtype's distance from 1 to the next number if nil;
    /// the first of `eps` in PyTorch.
    public var epsilon: Double?
    /// What the size of a weight is taken for at least; the second of `eps` in PyTorch.
    public var leastSize: Double
    /// The root mean square above which an update is scaled down, 1 or more; `d` in PyTorch.
    public var largestUpdate: Double
    /// How much weights shrink at each step, times the rate.
    public var weightDecay: Double

    /// Makes the settings; the defaults are PyTorch's.
    public init(
      rate: Double = 1e-2, decayPower: Double = -0.8, epsilon: Double? = nil,
      leastSize: Double = 1e-3, largestUpdate: Double = 1, weightDecay: Double = 0
    ) {
      self.rate = rate
      self.decayPower = decayPower
      self.epsilon = epsilon
      self.leastSize = leastSize
      self.largestUpdate = largestUpdate
      self.weightDecay = weightDecay
    }

    /// PyTorch's names of what is kept of matrices.
    public var stateNames: [String] { ["row_var", "col_var"] }
    /// PyTorch's names: rows and columns of matrices, all squares of vectors.
    public func stateNames(of weight: Tensor) -> [String] {
      weight.rank > 1 ? stateNames : ["variance"]
    }
    /// Whether weights decay.
    public var structure: [Bool] { [weightDecay != 0] }
    /// The bounded settings.
    public var ranges: [SettingRange] {
      [
        SettingRange("rate", rate), SettingRange("epsilon", epsilon ?? 0),
        SettingRange("leastSize", leastSize), SettingRange("weightDecay", weightDecay),
      ]
    }
    /// A share that grows, or updates that are scaled to less than they are.
    public var contradiction: (problem: String, help: String)? {
      if !(decayPower <= 0) {
        return ("decayPower is \(decayPower)", "write 0 or less, such as -0.8")
      }
      if largestUpdate >= 1 { return nil }
      return ("largestUpdate is \(largestUpdate)", "write 1 or more")
    }
    /// Zeros, of a matrix one for each row and one for each column.
    public func initialState(of weight: Tensor) -> [Tensor] {
      if weight.rank < 2 { return [Tensor.zeros(like: weight)] }
      return [-1, -2].map { Tensor.zeros(like: weight).sum(axis: $0, keepDims: true) }
    }
    /// The settings as tensors.
    public struct Scalars: Sendable {
      let share, largestRate, leastSize, largestUpdate, decay: Tensor
    }

    /// The settings as tensors.
    public func scalars(step: Int, _ tensor: (Double) -> Tensor) -> Scalars {
      Scalars(
        share: tensor(Double(step).power(decayPower)),
        largestRate: tensor(min(rate, 1 / Double(step).squareRoot())), leastSize: tensor(leastSize),
        largestUpdate: tensor(largestUpdate), decay: tensor(1 - rate * weightDecay))
    }

    /// The update.
    public func updated(
      _ weight: Tensor, gradient: Tensor, state: [Tensor], scalars: Scalars
    ) -> (weight: Tensor, state: [Tensor]) {
      let step = weight.dtype == .float64 ? Double.ulpOfOne : Double(Float.ulpOfOne)
      let epsilon = self.epsilon ?? step
      let size = rootMeanSquare(weight).maximum(scalars.leastSize) * scalars.largestRate
      let (square, kept) = squares(of: gradient, state, scalars.share, epsilon)
      let update = square.maximum(epsilon * epsilon).rsqrt() * gradient
      let bound = (rootMeanSquare(update) / scalars.largestUpdate).maximum(1)
      let shrunk = weightDecay == 0 ? weight : weight * scalars.decay
      return (shrunk - size / bound * update, kept)
    }

    /// The running mean of the gradient's squares, of a matrix from those of rows and columns.
    private func squares(
      of gradient: Tensor, _ state: [Tensor], _ share: Tensor, _ epsilon: Double
    ) -> (square: Tensor, state: [Tensor]) {
      let square = gradient * gradient
      if state.count == 1 {
        let mean = state[0] + share * (square - state[0])
        return (mean, [mean])
      }
      let (rows, columns) = (
        state[0] + share * (square.mean(axis: -1, keepDims: true) - state[0]),
        state[1] + share * (square.mean(axis: -2, keepDims: true) - state[1])
      )
      let scale = rows.mean(axis: -2, keepDims: true).maximum(epsilon)
      return (rows * columns / scale, [rows, columns])
    }

    private func rootMeanSquare(_ tensor: Tensor) -> Tensor {
      tensor.norm() / Double(tensor.elementCount).squareRoot()
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
  ///   - rate: the largest relative step size, 0 or more; `lr` in PyTorch.
  ///   - decayPower: the power of the step that is the share of the new squares, 0 or less;
  ///     `beta2_decay` in PyTorch.
  ///   - epsilon: what the root of squares is at least; the dtype's distance from 1 to the next
  ///     number if nil; the first of `eps` in PyTorch.
  ///   - leastSize: what the size of a weight is taken for at least; the second of `eps` in
  ///     PyTorch.
  ///   - largestUpdate: the root mean square above which an update is scaled down, 1 or more; `d`
  ///     in PyTorch.
  ///   - weightDecay: how much weights shrink at each step, times the rate.
  ///   - allowUnused: whether parameters may be without a gradient at the first step.
  public convenience init(
    _ model: any Module, rate: Double = 1e-2, decayPower: Double = -0.8, epsilon: Double? = nil,
    leastSize: Double = 1e-3, largestUpdate: Double = 1, weightDecay: Double = 0,
    allowUnused: Bool = false
  ) {
    let rule = Rule(
      rate: rate, decayPower: decayPower, epsilon: epsilon, leastSize: leastSize,
      largestUpdate: largestUpdate, weightDecay: weightDecay)
    self.init(groups: [ParameterGroup(model, rule)], allowUnused: allowUnused)
  }
}
