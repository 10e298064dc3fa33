import BlitzTensor

/// The gamma distribution, `torch.distributions.Gamma`.
///
///     density = rate^c * x^(c - 1) * exp(-rate * x) / Gamma(c) from 0 on, c the concentration
///
/// Samples are PyTorch's for the same seed.
public struct Gamma: SmoothDistribution {
  /// The concentration, above 0.
  public let concentration: Tensor
  /// The rate, above 0.
  public let rate: Tensor

  /// Makes a distribution.
  ///
  /// - Parameters:
  ///   - concentration: above 0; `concentration` or alpha.
  ///   - rate: above 0; beta.
  public init(concentration: Tensor, rate: Tensor) {
    let parameters = Tensor.together("Gamma", concentration, rate)
    (self.concentration, self.rate) = (parameters[0], parameters[1])
  }

  /// The parameters' shape.
  public var batchShape: Shape { rate.shape }
  /// A number.
  public var eventShape: Shape { [] }
  /// `c / rate`
  public var mean: Tensor { concentration / rate }
  /// `c / rate^2`
  public var variance: Tensor { concentration / rate.square() }

  /// Numbers of rate 1, divided by the rate. The gradient keeps each number's place among all: it
  /// is `-dF/dc / density`, where F is the distribution function.
  public func rsample(_ shape: Shape, generator: Generator) -> Tensor {
    if rate.error != nil { return rate }
    return concentration.expanded(to: extended(shape)).gammaSample(generator) / rate
  }

  /// The logarithm of the density; -infinity below 0.
  public func logProbability(_ value: Tensor) -> Tensor {
    let known =
      concentration.xlogy(rate) + (concentration - 1).xlogy(value) - rate * value
      - concentration.lgamma()
    return Tensor.where(value .< 0, -Double.infinity, known)
  }

  /// `c - log(rate) + log(Gamma(c)) + (1 - c) * digamma(c)`
  public func entropy() -> Tensor {
    concentration - rate.log() + concentration.lgamma()
      + (1 - concentration) * concentration.digamma()
  }

  /// The Kullback-Leibler divergence from another to this one.
  public func kl(to other: Gamma) -> Tensor {
    let (p, q) = (concentration, other.concentration)
    return q * (rate / other.rate).log() + q.lgamma() - p.lgamma() + (p - q) * p.digamma()
      + (other.rate - rate) * (p / rate)
  }
}

/// The beta distribution, `torch.distributions.Beta`: numbers from 0 to 1.
///
///     density = x^(alpha - 1) * (1 - x)^(beta - 1) / B(alpha, beta)
///
/// Samples are PyTorch's for the same seed; their gradient goes through two gamma samples, so that
/// it differs from PyTorch's number by number, and has the same mean.
public struct Beta: SmoothDistribution {
  /// The concentration at 1, above 0.
  public let alpha: Tensor
  /// The concentration at 0, above 0.
  public let beta: Tensor

  /// Makes a distribution.
  ///
  /// - Parameters:
  ///   - alpha: above 0; `concentration1` in PyTorch.
  ///   - beta: above 0; `concentration0` in PyTorch.
  public init(alpha: Tensor, beta: Tensor) {
    let parameters = Tensor.together("Beta", alpha, beta)
    (self.alpha, self.beta) = (parameters[0], parameters[1])
  }

  private var both: Dirichlet { Dirichlet(concentration: stack([alpha, beta], axis: -1)) }

  /// The parameters' shape.
  public var batchShape: Shape { alpha.shape }
  /// A number.
  public var eventShape: Shape { [] }
  /// `alpha / (alpha + beta)`
  public var mean: Tensor { alpha / (alpha + beta) }
  /// `alpha * beta / ((alpha + beta)^2 * (alpha + beta + 1))`
  public var variance: Tensor {
    let sum = alpha + beta
    return alpha * beta / (sum.square() * (sum + 1))
  }

  /// The first of two parts that sum to 1.
  public func rsample(_ shape: Shape, generator: Generator) -> Tensor {
    both.rsample(shape, generator: generator)[..., 0]
  }

  /// The logarithm of the density; -infinity outside of 0 to 1.
  public func logProbability(_ value: Tensor) -> Tensor {
    both.logProbability(stack([value, 1 - value], axis: -1))
  }

  /// That of the two parts.
  public func entropy() -> Tensor { both.entropy() }

  /// The Kullback-Leibler divergence from another to this one.
  public func kl(to other: Beta) -> Tensor { both.kl(to: other.both) }
}

/// Parts that sum to 1, `torch.distributions.Dirichlet`.
///
///     density = product of x[i]^(c[i] - 1) / B(c), c the concentrations
///
/// Samples are PyTorch's for the same seed; their gradient goes through gamma samples, so that it
/// differs from PyTorch's number by number, and has the same mean.
public struct Dirichlet: SmoothDistribution {
  /// The concentration of each part, above 0, along the last axis.
  public let concentration: Tensor

  /// Makes a distribution.
  ///
  /// - Parameter concentration: `[..., parts]`, above 0.
  public init(concentration: Tensor) {
    let given = Tensor.together("Dirichlet", concentration)[0]
    guard given.error == nil, given.rank == 0 else {
      self.concentration = given
      return
    }
    self.concentration = Tensor(
      error: TensorError(
        "Dirichlet", "a single number has no parts", operands: [("concentration", given.signature)],
        help: "the parts are the last axis"))
  }

  /// The parameter's shape without the parts.
  public var batchShape: Shape { Shape(concentration.shape.sizes.dropLast()) }
  /// The parts.
  public var eventShape: Shape { Shape(concentration.shape.sizes.suffix(1)) }

  private var sum: Tensor { concentration.sum(axis: -1) }

  /// `c / sum of c`
  public var mean: Tensor { concentration / sum.unsqueezed(axis: -1) }
  /// `c * (s - c) / (s^2 * (s + 1))`, s the sum of c
  public var variance: Tensor {
    let sum = sum.unsqueezed(axis: -1)
    return concentration * (sum - concentration) / (sum.square() * (sum + 1))
  }

  /// Gamma samples over their sum.
  public func rsample(_ shape: Shape, generator: Generator) -> Tensor {
    if concentration.error != nil { return concentration }
    // In double, as in PyTorch.
    let parts = concentration.expanded(to: extended(shape)).cast(to: .float64)
      .gammaSample(generator)
    return (parts / parts.sum(axis: -1, keepDims: true)).cast(to: concentration.dtype)
      .clamp(min: concentration.least, max: 1 - concentration.step / 2)
  }

  /// The logarithm of the density; -infinity if a part is below 0.
  public func logProbability(_ value: Tensor) -> Tensor {
    let known =
      (concentration - 1).xlogy(value).sum(axis: -1) + sum.lgamma()
      - concentration.lgamma().sum(axis: -1)
    return Tensor.where((value .< 0).any(axis: -1), -Double.infinity, known)
  }

  /// The formula is in Wikipedia's article on the distribution.
  public func entropy() -> Tensor {
    let parts = Double(concentration.shape.last ?? 0)
    return concentration.lgamma().sum(axis: -1) - sum.lgamma() - (parts - sum) * sum.digamma()
      - ((concentration - 1) * concentration.digamma()).sum(axis: -1)
  }

  /// The Kullback-Leibler divergence from another to this one.
  public func kl(to other: Dirichlet) -> Tensor {
    let (p, q) = (concentration, other.concentration)
    let slope = p.digamma() - sum.digamma().unsqueezed(axis: -1)
    return sum.lgamma() - other.sum.lgamma() - (p.lgamma() - q.lgamma()).sum(axis: -1)
      + ((p - q) * slope).sum(axis: -1)
  }
}
