import BlitzTensor

/// How often something comes up that comes at a rate, `torch.distributions.Poisson`.
///
///     probability = rate^k * exp(-rate) / k!
///
/// Samples are PyTorch's for the same seed, in the dtype of the rate.
public struct Poisson: Distribution {
  /// The rate, 0 or more.
  public let rate: Tensor

  /// Makes a distribution.
  ///
  /// - Parameter rate: 0 or more.
  public init(rate: Tensor) { self.rate = Tensor.together("Poisson", rate)[0] }

  /// The parameter's shape.
  public var batchShape: Shape { rate.shape }
  /// A number.
  public var eventShape: Shape { [] }
  /// The rate.
  public var mean: Tensor { rate }
  /// The rate.
  public var variance: Tensor { rate }

  /// Counts.
  public func sample(_ shape: Shape, generator: Generator) -> Tensor {
    let rates = rate.detached().expanded(to: extended(shape))
    if rates.error != nil { return rates }
    do {
      let source = UnitSource(generator)
      let counts = try rates.cast(to: .float64).scalars(as: Double.self).map {
        try source.poisson($0)
      }
      return Tensor(counts, shape: rates.shape, dtype: rate.dtype).to(rate.device)
    } catch {
      return Tensor(error: error as? TensorError ?? TensorError("Poisson", "\(error)", help: ""))
    }
  }

  /// The logarithm of the probability of counts; -infinity below 0.
  public func logProbability(_ value: Tensor) -> Tensor {
    let value = value.dtype.isFloating ? value : value.cast(to: rate.dtype)
    let known = value.xlogy(rate) - rate - (value + 1).lgamma()
    return Tensor.where(value .< 0, -Double.infinity, known)
  }

  /// An error: no formula is known, and PyTorch has none either.
  public func entropy() -> Tensor {
    Tensor(
      error: TensorError(
        "Poisson", "the entropy has no closed form", operands: [("rate", rate.signature)],
        help: "take the mean of -logProbability over samples"))
  }

  /// The Kullback-Leibler divergence from another to this one.
  public func kl(to other: Poisson) -> Tensor {
    rate * (rate.log() - other.rate.log()) - (rate - other.rate)
  }
}
