import BlitzTensor

/// 1 with a probability, else 0: `torch.distributions.Bernoulli`.
///
/// Samples are PyTorch's for the same seed, in the dtype of the parameter.
public struct Bernoulli: Distribution {
  /// The probability of 1.
  public let probabilities: Tensor
  /// Its logit, `log(p / (1 - p))`.
  public let logits: Tensor

  /// Makes a distribution of probabilities, from 0 to 1.
  public init(probabilities: Tensor) {
    let p = Tensor.together("Bernoulli", probabilities)[0]
    self.probabilities = p
    // As in PyTorch, so that a certain outcome has a finite logit.
    let bounded = p.clamp(min: p.step, max: 1 - p.step)
    logits = bounded.log() - (-bounded).log1p()
  }

  /// Makes a distribution of logits.
  public init(logits: Tensor) {
    self.logits = Tensor.together("Bernoulli", logits)[0]
    probabilities = self.logits.sigmoid()
  }

  /// The parameter's shape.
  public var batchShape: Shape { logits.shape }
  /// A number.
  public var eventShape: Shape { [] }
  /// The probability of 1.
  public var mean: Tensor { probabilities }
  /// `p * (1 - p)`
  public var variance: Tensor { probabilities * (1 - probabilities) }

  /// 1 where a uniform number is below the probability, else 0.
  public func sample(_ shape: Shape, generator: Generator) -> Tensor {
    let p = probabilities.detached()
    if p.error != nil { return p }
    return (Tensor.uniform(extended(shape), like: p, generator) .< p).cast(to: p.dtype)
  }

  /// The logarithm of the probability of 0 or 1.
  public func logProbability(_ value: Tensor) -> Tensor {
    value * logits.logSigmoid() + (1 - value) * (-logits).logSigmoid()
  }

  /// `-p * log(p) - (1 - p) * log(1 - p)`
  public func entropy() -> Tensor {
    -(probabilities * logits.logSigmoid() + (1 - probabilities) * (-logits).logSigmoid())
  }

  /// The Kullback-Leibler divergence from another to this one.
  public func kl(to other: Bernoulli) -> Tensor {
    let (p, q) = (probabilities, other.probabilities)
    let one = part(p, q, logits.logSigmoid() - other.logits.logSigmoid())
    let zero = part(1 - p, 1 - q, (-logits).logSigmoid() - (-other.logits).logSigmoid())
    return one + zero
  }

  /// What an outcome adds: nothing if it never comes up here, infinitely much if never there.
  private func part(_ p: Tensor, _ q: Tensor, _ difference: Tensor) -> Tensor {
    let known = Tensor.where(q .== 0, Double.infinity, p * difference)
    return Tensor.where(p .== 0, 0, known)
  }
}
