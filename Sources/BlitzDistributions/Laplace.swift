import BlitzTensor

/// The Laplace distribution, `torch.distributions.Laplace`: two exponential ones back to back.
///
///     density = exp(-|x - mean| / scale) / (2 * scale)
///
/// Samples are PyTorch's for the same seed.
public struct Laplace: SmoothDistribution {
  /// The mean.
  public let mean: Tensor
  /// The mean distance from it, above 0.
  public let scale: Tensor

  /// Makes a distribution.
  ///
  /// - Parameters:
  ///   - mean: `loc` in PyTorch.
  ///   - scale: above 0.
  public init(mean: Tensor, scale: Tensor) {
    let parameters = Tensor.together("Laplace", mean, scale)
    (self.mean, self.scale) = (parameters[0], parameters[1])
  }

  /// The parameters' shape.
  public var batchShape: Shape { mean.shape }
  /// A number.
  public var eventShape: Shape { [] }
  /// `2 * scale^2`
  public var variance: Tensor { 2 * scale.square() }

  /// `mean - scale * sign(u) * log(1 - |u|)`, where `u` are uniform numbers from -1 to 1.
  public func rsample(_ shape: Shape, generator: Generator) -> Tensor {
    if mean.error != nil { return mean }
    let u = Tensor.uniform(
      extended(shape), from: mean.step - 1, to: 1, generator: generator, dtype: mean.dtype,
      device: mean.device)
    return mean - scale * u.sign() * (-u.abs()).log1p()
  }

  /// The logarithm of the density.
  public func logProbability(_ value: Tensor) -> Tensor {
    -(2 * scale).log() - (value - mean).abs() / scale
  }

  /// `1 + log(2 * scale)`
  public func entropy() -> Tensor { 1 + (2 * scale).log() }

  /// The Kullback-Leibler divergence from another to this one.
  public func kl(to other: Laplace) -> Tensor {
    let ratio = scale / other.scale
    let distance = (mean - other.mean).abs()
    return ratio * (-distance / scale).exp() + distance / other.scale - ratio.log() - 1
  }
}
