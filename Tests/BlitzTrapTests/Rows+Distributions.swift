import Blitz
import BlitzDistributions

extension Row {
  /// A distribution of parameters of any kind: samples, probabilities, entropy and divergence.
  private static func distribution<D: Distribution>(
    _ name: String, _ initializer: String, smooth: Bool = true,
    _ make: @escaping @Sendable (inout Values) -> D,
    kl: (@Sendable (D, D) -> Tensor)? = nil
  ) -> Row {
    var row = Row("\(name).\(initializer)") { values in
      let (one, other) = (make(&values), make(&values))
      let shape = values.pick([[], [2], [0], [2, 3]] as [Shape])
      var found = [
        one.logProbability(values.tensor()), one.logProbability(values.labels()), one.entropy(),
        one.mean, one.variance, one.std,
      ]
      // Of a huge parameter there would be as many draws.
      let counts = [one.batchShape, one.eventShape].map(\.elementCount)
      if !values.hasHugeOperand, counts.allSatisfy({ $0 < 1000 }) {
        found += [
          one.sample(), one.sample(shape), one.sample(shape, generator: values.generator()),
        ]
        if let smooth = one as? any SmoothDistribution {
          found += [
            smooth.rsample(), smooth.rsample(shape),
            smooth.rsample(shape, generator: values.generator()),
          ]
        }
      }
      return found + [kl?(one, other) ?? 0]
    }
    row.names +=
      ["logProbability(_:)", "entropy()"].map { "\(name).\($0)" }
      + (smooth ? ["\(name).rsample(_:generator:)"] : ["\(name).sample(_:generator:)"])
      + (kl == nil ? [] : ["\(name).kl(to:)"])
    return row
  }

  private static func number(_ values: inout Values) -> Tensor {
    values.bool() ? values.tensor() : Tensor(values.double())
  }

  static let distributions: [Row] = [
    distribution("Normal", "init(mean:std:)") {
      Normal(mean: number(&$0), std: number(&$0))
    } kl: {
      $0.kl(to: $1)
    },
    distribution("Uniform", "init(low:high:)") {
      Uniform(low: number(&$0), high: number(&$0))
    } kl: {
      $0.kl(to: $1)
    },
    distribution("Exponential", "init(rate:)") {
      Exponential(rate: number(&$0))
    } kl: {
      $0.kl(to: $1)
    },
    distribution("Laplace", "init(mean:scale:)") {
      Laplace(mean: number(&$0), scale: number(&$0))
    } kl: {
      $0.kl(to: $1)
    },
    distribution("Gumbel", "init(location:scale:)") {
      Gumbel(location: number(&$0), scale: number(&$0))
    } kl: {
      $0.kl(to: $1)
    },
    distribution("Bernoulli", "init(probabilities:)", smooth: false) {
      Bernoulli(probabilities: number(&$0))
    } kl: {
      $0.kl(to: $1)
    },
    distribution("Bernoulli", "init(logits:)", smooth: false) {
      Bernoulli(logits: number(&$0))
    } kl: {
      $0.kl(to: $1)
    },
    distribution("Categorical", "init(probabilities:)", smooth: false) {
      Categorical(probabilities: number(&$0))
    } kl: {
      $0.kl(to: $1)
    },
    distribution("Categorical", "init(logits:)", smooth: false) {
      Categorical(logits: number(&$0))
    } kl: {
      $0.kl(to: $1)
    },
    distribution("Gamma", "init(concentration:rate:)") {
      Gamma(concentration: number(&$0), rate: number(&$0))
    } kl: {
      $0.kl(to: $1)
    },
    distribution("Beta", "init(alpha:beta:)") {
      Beta(alpha: number(&$0), beta: number(&$0))
    } kl: {
      $0.kl(to: $1)
    },
    distribution("Dirichlet", "init(concentration:)") {
      Dirichlet(concentration: number(&$0))
    } kl: {
      $0.kl(to: $1)
    },
    distribution("Poisson", "init(rate:)", smooth: false) {
      Poisson(rate: number(&$0))
    } kl: {
      $0.kl(to: $1)
    },
    distribution("MultivariateNormal", "init(mean:scaleTril:)") {
      MultivariateNormal(mean: $0.tensor(), scaleTril: $0.tensor())
    } kl: {
      $0.kl(to: $1)
    },
    distribution("MultivariateNormal", "init(mean:covariance:)") {
      MultivariateNormal(mean: $0.tensor(), covariance: $0.tensor())
    } kl: {
      $0.kl(to: $1)
    },
    distribution("Mixture", "init(_:of:)", smooth: false) {
      Mixture(
        Categorical(logits: number(&$0)), of: Normal(mean: number(&$0), std: number(&$0)))
    },
    Row(
      "Distribution.sample(_:generator:)", "Distribution.logProbability(_:)",
      "Distribution.entropy()", "Distribution.sample()", "Distribution.sample(_:)",
      "SmoothDistribution.rsample(_:generator:)", "SmoothDistribution.sample(_:generator:)",
      "SmoothDistribution.rsample()", "SmoothDistribution.rsample(_:)"
    ) {
      let normal = Normal(mean: $0.tensor(), std: 1)
      return $0.hasHugeOperand ? [normal.mean] : [normal.sample(), normal.rsample([2])]
    },
  ]
}
