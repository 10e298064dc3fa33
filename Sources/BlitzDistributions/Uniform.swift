import BlitzTensor

/// The uniform distribution between two numbers, `torch.distributions.Uniform`.
///
///     density = 1 / (high - low) from low up to, not including, high
///
/// Samples are PyTorch's for the same seed.
public struct Uniform: SmoothDistribution {
  /// The lower bound.
  public let low: Tensor
  /// The upper bound, above the lower.
  public let high: Tensor

  /// Makes a distribution.
  ///
  /// - Parameters:
  ///   - low: the lower bound.
  ///   - high: the upper bound, above the lower.
  public init(low: Tensor, high: Tensor) {
    let parameters = Tensor.together("Uniform", low, high)
    (self.low, self.high) = (parameters[0], parameters[1])
  }

  /// The parameters' shape.
  public var batchShape: Shape { low.shape }
  /// A number.
  public var eventShape: Shape { [] }
  /// The middle.
  public var mean: Tensor { (low + high) / 2 }
  /// `(high - low)^2 / 12`
  public var variance: Tensor { (high - low).square() / 12 }

  /// `low + u * (high - low)`, where `u` are uniform numbers from 0 to 1.
  public func rsample(_ shape: Shape, generator: Generator) -> Tensor {
    if low.error != nil { return low }
    return low + Tensor.uniform(extended(shape), like: low, generator) * (high - low)
  }

  /// The logarithm of the density; -infinity outside.
  public func logProbability(_ value: Tensor) -> Tensor {
    let isInside = (low .<= value) .& (high .> value)
    return isInside.cast(to: low.dtype).log() - (high - low).log()
  }

  /// `log(high - low)`
  public func entropy() -> Tensor { (high - low).log() }

  /// The Kullback-Leibler divergence from another to this one; infinite if this one reaches beyond
  /// the other.
  public func kl(to other: Uniform) -> Tensor {
    let ratio = ((other.high - other.low) / (high - low)).log()
    return Tensor.where((other.low .> low) .| (other.high .< high), Double.infinity, ratio)
  }
}
