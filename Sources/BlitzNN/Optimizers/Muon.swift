import BlitzTensor

/// Muon, `torch.optim.Muon`: momentum whose singular values are made nearly equal. For matrices;
/// give other parameters to another optimizer, such as ``AdamW``.
///
///     m = momentum * m + (1 - momentum) * gradient
///     u = orthogonal(gradient + momentum * (m - gradient))    (without nesterov: orthogonal(m))
///     w = w * (1 - rate * weightDecay) - rate * ratio * u
///
/// `orthogonal` divides by the norm, then makes `iterations` steps of Newton and Schulz's,
/// `x = a x + (b y + c y y) x` with `y = x xᵀ`. PyTorch makes them in bfloat16, here they are in
/// the dtype of the weight, so that updates are PyTorch's to about two digits.
///
/// K. Jordan et al., "Muon: an optimizer for hidden layers in neural networks", 2024.
public final class Muon: Optimizer {
  /// The settings, and the update.
  public struct Rule: UpdateRule {
    /// `Muon`
    public static var name: String { "Muon" }
    /// The step size, 0 or more; `lr` in PyTorch.
    public var rate: Double
    /// How much weights shrink at each step, times the rate.
    public var weightDecay: Double
    /// How much of the last direction is kept, from 0 to below 1.
    public var momentum: Double
    /// Whether to use Nesterov's momentum.
    public var nesterov: Bool
    /// What the norm that is divided by is at least; `eps` in PyTorch.
    public var epsilon: Double
    /// The number of Newton and Schulz's steps, below 100; `ns_steps` in PyTorch.
    public var iterations: Int
    /// How the rate depends on the shape of the matrix; `adjust_lr_fn` in PyTorch.
    public var ratio: RateRatio

    /// Makes the settings; the defaults are PyTorch's.
    public init(
      rate: Double = 1e-3, weightDecay: Double = 0.1, momentum: Double = 0.95,
      nesterov: Bool = true, epsilon: Double = 1e-7, iterations: Int = 5,
      ratio: RateRatio = .original
    ) {
      self.rate = rate
      self.weightDecay = weightDecay
      self.momentum = momentum
      self.nesterov = nesterov
      self.epsilon = epsilon
      self.iterations = iterations
      self.ratio = ratio
    }

    /// PyTorch's name of the momentum.
    public var stateNames: [String] { ["momentum_buffer"] }
    /// Whether there are decay and Nesterov's momentum.
    public var structure: [Bool] { [weightDecay != 0, nesterov] }
    /// The bounded settings.
    public var ranges: [SettingRange] {
      [
        SettingRange("rate", rate), SettingRange("weightDecay", weightDecay),
        SettingRange("momentum", momentum, below: 1), SettingRange("epsilon", epsilon),
        SettingRange("iterations", Double(iterations), below: 100),
      ]
    }
    /// The settings as tensors.
    public struct Scalars: Sendable {
      let rate, momentum, oneMinusMomentum, decay: Tensor
    }

    /// The settings as tensors.
    public func scalars(step: Int, _ tensor: (Double) -> Tensor) -> Scalars {
      Scalars(
        rate: tensor(rate), momentum: tensor(momentum), oneMinusMomentum: tensor(1 - momentum),
        decay: tensor(1 - rate * weightDecay))
    }

    /// The update.
    public func updated(
      _ weight: Tensor, gradient: Tensor, state: [Tensor], scalars: Scalars
    ) -> (weight: Tensor, state: [Tensor]) {
      guard gradient.error == nil, gradient.rank == 2, weight.rank == 2 else {
        return (refused(weight, gradient), state)
      }
      let mean = state[0] + scalars.oneMinusMomentum * (gradient - state[0])
      let update = nesterov ? gradient + scalars.momentum * (mean - gradient) : mean
      let shrunk = weightDecay == 0 ? weight : weight * scalars.decay
      return (shrunk - scalars.rate * ratio.of(weight) * orthogonal(update), [mean])
    }

    /// The matrix with its singular values made nearly equal.
    private func orthogonal(_ matrix: Tensor) -> Tensor {
      // A state of another shape than the weight's is an error by now.
      guard matrix.error == nil, matrix.rank == 2 else { return matrix }
      // The gram matrix is that of the shorter side.
      let isTall = matrix.shape[0] > matrix.shape[1]
      var x = isTall ? matrix.transposed() : matrix
      x = x / x.norm().maximum(epsilon)
      // The coefficients of the paper: they raise small singular values fastest.
      for _ in 0..<min(max(iterations, 0), 99) {
        let gram = x.matmul(x.transposed())
        let change = -4.7750 * gram + 2.0315 * gram.matmul(gram)
        x = 3.4445 * x + change.matmul(x)
      }
      return isTall ? x.transposed() : x
    }

    private func refused(_ weight: Tensor, _ gradient: Tensor) -> Tensor {
      if weight.error != nil { return weight }
      if gradient.error != nil { return gradient }
      return Tensor(
        error: TensorError(
          Self.name, "takes matrices, not a parameter with \(weight.rank) axes",
          operands: [("parameter", weight.signature), ("gradient", gradient.signature)],
          help: "give it those of rank 2, model.parameters.filter { $0.parameter.value.rank == 2 }")
      )
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
  ///   - weightDecay: how much weights shrink at each step, times the rate.
  ///   - momentum: how much of the last direction is kept, from 0 to below 1.
  ///   - nesterov: whether to use Nesterov's momentum.
  ///   - epsilon: what the norm that is divided by is at least; `eps` in PyTorch.
  ///   - iterations: the number of Newton and Schulz's steps, below 100; `ns_steps` in PyTorch.
  ///   - ratio: how the rate depends on the shape of the matrix; `adjust_lr_fn` in PyTorch.
  ///   - allowUnused: whether parameters may be without a gradient at the first step.
  public convenience init(
    _ model: any Module, rate: Double = 1e-3, weightDecay: Double = 0.1, momentum: Double = 0.95,
    nesterov: Bool = true, epsilon: Double = 1e-7, iterations: Int = 5,
    ratio: RateRatio = .original, allowUnused: Bool = false
  ) {
    let rule = Rule(
      rate: rate, weightDecay: weightDecay, momentum: momentum, nesterov: nesterov,
      epsilon: epsilon, iterations: iterations, ratio: ratio)
    self.init(groups: [ParameterGroup(model, rule)], allowUnused: allowUnused)
  }
}

extension Muon {
  /// How the rate depends on a matrix's rows and columns.
  public enum RateRatio: String, Codable, Sendable, CaseIterable {
    /// The root of rows over columns, at least 1.
    case original
    /// 0.2 times the root of the larger of them, so that updates are as large as ``AdamW``'s;
    /// `match_rms_adamw` in PyTorch.
    case likeAdamW
    /// The root of rows over columns; `spectral_unclamped` in PyTorch.
    case spectral

    func of(_ matrix: Tensor) -> Double {
      let (rows, columns) = (Double(matrix.shape[0]), Double(matrix.shape[1]))
      return switch self {
      case .original: max(1, rows / columns).squareRoot()
      case .likeAdamW: 0.2 * max(rows, columns).squareRoot()
      case .spectral: (rows / columns).squareRoot()
      }
    }
  }
}
