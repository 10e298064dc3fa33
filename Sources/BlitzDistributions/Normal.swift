import BlitzTensor

/// The normal distribution, `torch.distributions.Normal`.
///
///     density = exp(-((x - mean) / std)^2 / 2) / (std * sqrt(2 * pi))
///
/// Samples are PyTorch's for the same seed.
public struct Normal: SmoothDistribution {
  /// The mean.
  public let mean: Tensor
  /// The standard deviation, above 0.
  public let std: Tensor

  /// Makes a distribution.
  ///
  /// - Parameters:
  ///   - mean: `loc` in PyTorch.
  ///   - std: above 0; `scale` in PyTorch.
  public init(mean: Tensor, std: Tensor) {
    let parameters = Tensor.together("Normal", mean, std)
    (self.mean, self.std) = (parameters[0], parameters[1])
  }

  /// The parameters' shape.
  public var batchShape: Shape { mean.shape }
  /// A number.
  public var eventShape: Shape { [] }
  /// The square of the deviation.
  public var variance: Tensor { std.square() }

  /// `mean + std * z`, where `z` are standard normal numbers.
  public func rsample(_ shape: Shape, generator: Generator) -> Tensor {
    if mean.error != nil { return mean }
    let noise = Tensor.randn(
      extended(shape), generator: generator, dtype: mean.dtype, device: mean.device)
    return mean + noise * std
  }

  /// The logarithm of the density.
  public func logProbability(_ value: Tensor) -> Tensor {
    let distance = (value - mean).square() / (2 * std.square())
    return -distance - std.log() - 0.9189385332046727
  }

  /// `log(std * sqrt(2 * pi * e))`
  public func entropy() -> Tensor { std.log() + 1.4189385332046727 }

  /// The Kullback-Leibler divergence from another to this one: how much more is to be said of this
  /// one's samples by who takes them for the other's.
  public func kl(to other: Normal) -> Tensor {
    let ratio = (std / other.std).square()
    let distance = ((mean - other.mean) / other.std).square()
    return 0.5 * (ratio + distance - 1 - ratio.log())
  }
}
