import BlitzTensor

/// The Gumbel distribution, `torch.distributions.Gumbel`: that of the largest of many samples.
///
///     density = exp(y - exp(y)) / scale,   y = (location - x) / scale
///
/// Samples are PyTorch's for the same seed.
public struct Gumbel: SmoothDistribution {
  /// Where the density is greatest.
  public let location: Tensor
  /// How wide it is, above 0.
  public let scale: Tensor

  private static let euler = 0.5772156649015329

  /// Makes a distribution.
  ///
  /// - Parameters:
  ///   - location: where the density is greatest; `loc` in PyTorch.
  ///   - scale: how wide it is, above 0.
  public init(location: Tensor, scale: Tensor) {
    let parameters = Tensor.together("Gumbel", location, scale)
    (self.location, self.scale) = (parameters[0], parameters[1])
  }

  /// The parameters' shape.
  public var batchShape: Shape { location.shape }
  /// A number.
  public var eventShape: Shape { [] }
  /// `location + scale * 0.5772...`
  public var mean: Tensor { location + scale * Gumbel.euler }
  /// `(pi * scale)^2 / 6`
  public var variance: Tensor { scale.square() * (Double.pi * Double.pi / 6) }

  /// `location - scale * log(-log(u))`, where `u` are uniform numbers between 0 and 1.
  public func rsample(_ shape: Shape, generator: Generator) -> Tensor {
    if location.error != nil { return location }
    let least = location.least
    // Neither 0 nor 1: their logarithms have none.
    let u =
      Tensor.uniform(extended(shape), like: location, generator) * (1 - location.step - least)
      + least
    return location - scale * (-u.log()).log()
  }

  /// The logarithm of the density.
  public func logProbability(_ value: Tensor) -> Tensor {
    let y = (location - value) / scale
    return y - y.exp() - scale.log()
  }

  /// `log(scale) + 1 + 0.5772...`
  public func entropy() -> Tensor { scale.log() + (1 + Gumbel.euler) }

  /// The Kullback-Leibler divergence from another to this one.
  public func kl(to other: Gumbel) -> Tensor {
    let ratio = scale / other.scale
    let distance = (location - other.location) / other.scale
    let rest = (-distance + (1 + ratio).lgamma()).exp()
    return distance - ratio.log() + ratio * Gumbel.euler + rest - (1 + Gumbel.euler)
  }
}
