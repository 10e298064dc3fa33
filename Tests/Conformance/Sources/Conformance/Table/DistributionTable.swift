import Blitz
import BlitzDistributions
import BlitzLinearAlgebra

/// How Blitz spells PyTorch's distributions: a row answers a quantity, whose name is the second
/// argument, with the gradients of the parameters.
enum DistributionTable {
  typealias Row = @Sendable (Call) throws -> Tensor

  static let rows: [String: Row] = [
    "Normal": row(kl: { $0.kl(to: $1) }) {
      try Normal(mean: $0.parameter("loc"), std: $0.parameter("scale"))
    },
    "Uniform": row(kl: { $0.kl(to: $1) }) {
      try Uniform(low: $0.parameter("low"), high: $0.parameter("high"))
    },
    "Exponential": row(kl: { $0.kl(to: $1) }) { try Exponential(rate: $0.parameter("rate")) },
    "Laplace": row(kl: { $0.kl(to: $1) }) {
      try Laplace(mean: $0.parameter("loc"), scale: $0.parameter("scale"))
    },
    "Gumbel": row(kl: { $0.kl(to: $1) }) {
      try Gumbel(location: $0.parameter("loc"), scale: $0.parameter("scale"))
    },
    "Gamma": row(kl: { $0.kl(to: $1) }) {
      try Gamma(concentration: $0.parameter("concentration"), rate: $0.parameter("rate"))
    },
    "Beta": row(kl: { $0.kl(to: $1) }) {
      try Beta(alpha: $0.parameter("concentration1"), beta: $0.parameter("concentration0"))
    },
    "Dirichlet": row(kl: { $0.kl(to: $1) }) {
      try Dirichlet(concentration: $0.parameter("concentration"))
    },
    "Bernoulli": row(kl: { $0.kl(to: $1) }) {
      $0.has("probs")
        ? try Bernoulli(probabilities: $0.parameter("probs"))
        : try Bernoulli(logits: $0.parameter("logits"))
    },
    "Categorical": row(kl: { $0.kl(to: $1) }) {
      $0.has("probs")
        ? try Categorical(probabilities: $0.parameter("probs"))
        : try Categorical(logits: $0.parameter("logits"))
    },
    "Poisson": row(kl: { $0.kl(to: $1) }) { try Poisson(rate: $0.parameter("rate")) },
    "MultivariateNormal": row(kl: { $0.kl(to: $1) }) {
      let mean = try $0.parameter("loc")
      return $0.has("scale_tril")
        ? try MultivariateNormal(mean: mean, scaleTril: $0.parameter("scale_tril"))
        : try MultivariateNormal(mean: mean, covariance: $0.parameter("covariance_matrix"))
    },
    "MixtureSameFamily": row(kl: nil) {
      try Mixture(
        Categorical(probabilities: $0.parameter("probs")),
        of: Normal(mean: $0.parameter("loc"), std: $0.parameter("scale")))
    },
  ]

  /// The parameters of one of two distributions.
  struct Parameters {
    let call: Call
    let prefix: String

    func has(_ name: String) -> Bool { call.has(.max, prefix + name) }
    func parameter(_ name: String) throws -> Tensor { try call.tensor(.max, prefix + name) }
  }

  private static func row<D: Distribution>(
    kl: (@Sendable (D, D) -> Tensor)?, _ make: @escaping @Sendable (Parameters) throws -> D
  ) -> Row {
    { call in
      let own = try make(Parameters(call: call, prefix: ""))
      switch try call.text(1) {
      case "sample": return own.sample([4])
      case "rsample":
        guard let smooth = own as? any SmoothDistribution else { throw NoSuchCase() }
        return smooth.rsample([4])
      case "log_prob": return own.logProbability(try call.tensor(2))
      case "entropy": return own.entropy()
      case "mean": return own.mean
      case "variance": return own.variance
      case "kl":
        guard let kl else { throw NoSuchCase() }
        return kl(own, try make(Parameters(call: call, prefix: "other_")))
      default: throw NoSuchCase()
      }
    }
  }
}
