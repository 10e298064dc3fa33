import BlitzTensor

/// The exponential distribution, `torch.distributions.Exponential`: how long one waits for what
/// comes at a rate.
///
///     density = rate * exp(-rate * x) from 0 on
///
/// Samples are PyTorch's for the same seed.
public struct Exponential: SmoothDistribution {
  /// The rate, above 0.
  public let rate: Tensor

  /// Makes a distribution.
  ///
  /// - Parameter rate: above 0.
  public init(rate: Tensor) { self.rate = Tensor.together("Exponential", rate)[0] }

  /// The parameter's shape.
  public var batchShape: Shape { rate.shape }
  /// A number.
  public var eventShape: Shape { [] }
  /// `1 / rate`
  public var mean: Tensor { rate.reciprocal() }
  /// `1 / rate^2`
  public var variance: Tensor { rate.square().reciprocal() }

  /// `-log(1 - u) / rate`, where `u` are uniform numbers of 53 bits.
  public func rsample(_ shape: Shape, generator: Generator) -> Tensor {
    if rate.error != nil { return rate }
    let units = Tensor.rand(extended(shape), generator: generator, dtype: .float64)
    return (-(-units).log1p()).cast(to: rate.dtype).to(rate.device) / rate
  }

  /// The logarithm of the density; -infinity below 0.
  public func logProbability(_ value: Tensor) -> Tensor {
    Tensor.where(value .< 0, -Double.infinity, rate.log() - rate * value)
  }

  /// `1 - log(rate)`
  public func entropy() -> Tensor { 1 - rate.log() }

  /// The Kullback-Leibler divergence from another to this one.
  public func kl(to other: Exponential) -> Tensor {
    let ratio = other.rate / rate
    return ratio - ratio.log() - 1
  }
}
