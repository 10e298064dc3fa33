import Blitz
import BlitzDistributions
import Foundation
import Testing

/// What torch.distributions computed; Tests/Reference/distributions.py writes it.
struct DistributionCase: Decodable, Sendable, CustomTestStringConvertible {
  let row: String
  let parameters: [Stored]
  let draws: [Draw]
  let values: Stored
  let log: Stored
  let logGradients: [Stored]
  let mean: Stored?
  let variance: Stored?
  let entropy: Stored?
  let other: [Stored]?
  let kl: Stored?
  let klGradients: [Stored]?
  let path: [Stored]?

  struct Draw: Decodable, Sendable {
    let dtype: String
    let shape: [Int]
    let sample: Stored
  }

  struct Stored: Decodable, Sendable {
    let shape: [Int]
    let dtype: String
    let values: [String]

    func tensor(_ dtype: DType = .float64) -> Tensor {
      Tensor(values.map { Double($0)! }, shape: Shape(shape), dtype: dtype)
    }
  }

  var testDescription: String { row }

  static let all: [DistributionCase] = {
    struct File: Decodable { let cases: [DistributionCase] }
    guard
      let url = Bundle.module.url(
        forResource: "distributions", withExtension: "json", subdirectory: "Reference"),
      let data = try? Data(contentsOf: url),
      let file = try? JSONDecoder().decode(File.self, from: data)
    else { return [] }
    return file.cases
  }()
}

@Suite struct DistributionTests {
  /// How a row's distribution is made, and the divergence of two of them.
  struct Row: Sendable {
    let make: @Sendable ([Tensor]) -> any Distribution
    let kl: @Sendable ([Tensor], [Tensor]) -> Tensor

    init<D: Distribution>(
      _ make: @escaping @Sendable ([Tensor]) -> D, _ kl: @escaping @Sendable (D, D) -> Tensor
    ) {
      self.make = make
      self.kl = { kl(make($0), make($1)) }
    }
  }

  static let rows: [String: Row] = [
    "Normal": Row({ Normal(mean: $0[0], std: $0[1]) }) { $0.kl(to: $1) },
    "Uniform": Row({ Uniform(low: $0[0], high: $0[1]) }) { $0.kl(to: $1) },
    "Exponential": Row({ Exponential(rate: $0[0]) }) { $0.kl(to: $1) },
    "Laplace": Row({ Laplace(mean: $0[0], scale: $0[1]) }) { $0.kl(to: $1) },
    "Gumbel": Row({ Gumbel(location: $0[0], scale: $0[1]) }) { $0.kl(to: $1) },
    "Bernoulli(probabilities)": Row({ Bernoulli(probabilities: $0[0]) }) { $0.kl(to: $1) },
    "Bernoulli(logits)": Row({ Bernoulli(logits: $0[0]) }) { $0.kl(to: $1) },
    "Categorical(probabilities)": Row({ Categorical(probabilities: $0[0]) }) { $0.kl(to: $1) },
    "Categorical(logits)": Row({ Categorical(logits: $0[0]) }) { $0.kl(to: $1) },
    "Gamma": Row({ Gamma(concentration: $0[0], rate: $0[1]) }) { $0.kl(to: $1) },
    "Beta": Row({ Beta(alpha: $0[0], beta: $0[1]) }) { $0.kl(to: $1) },
    "Dirichlet": Row({ Dirichlet(concentration: $0[0]) }) { $0.kl(to: $1) },
    "Poisson": Row({ Poisson(rate: $0[0]) }) { $0.kl(to: $1) },
    "MultivariateNormal(scaleTril)":
      Row({ MultivariateNormal(mean: $0[0], scaleTril: $0[1]) }) { $0.kl(to: $1) },
    "MultivariateNormal(covariance)":
      Row({ MultivariateNormal(mean: $0[0], covariance: $0[1]) }) { $0.kl(to: $1) },
    "Mixture of Normal": Row({
      Mixture(Categorical(probabilities: $0[0]), of: Normal(mean: $0[1], std: $0[2]))
    }) { one, _ in one.entropy() },
    "Mixture of MultivariateNormal": Row({
      Mixture(
        Categorical(logits: $0[0]), of: MultivariateNormal(mean: $0[1], scaleTril: $0[2]))
    }) { one, _ in one.entropy() },
  ]

  /// Says where numbers differ by more than `relative` of the expected, or of 1.
  static func compare(
    _ found: Tensor, _ expected: DistributionCase.Stored, _ relative: Double, _ what: String
  ) throws {
    #expect(found.shape == Shape(expected.shape), "\(what): \(found)")
    let numbers = try found.detached().cast(to: .float64).scalars(as: Double.self)
    for (index, (a, text)) in zip(numbers, expected.values).enumerated() {
      let b = Double(text)!
      let isClose = a == b || (a.isNaN && b.isNaN) || abs(a - b) <= relative * max(1, abs(b))
      #expect(isClose, "\(what) at \(index): \(a) instead of \(b)")
      if !isClose { return }
    }
  }

  static func check(
    _ value: Tensor, _ leaves: [Tensor], _ expected: [DistributionCase.Stored],
    _ relative: Double, _ what: String
  ) throws {
    try value.sum().backward()
    for (index, (leaf, stored)) in zip(leaves, expected).enumerated() {
      let gradient = leaf.hasGrad ? leaf.grad : Tensor.zeros(like: leaf.detached())
      try compare(gradient, stored, relative, "\(what), parameter \(index)")
    }
  }

  @Test("samples are PyTorch's for the same seed", arguments: DistributionCase.all)
  func samples(_ row: DistributionCase) throws {
    let make = try #require(Self.rows[row.row]).make
    for draw in row.draws {
      let dtype: DType = draw.dtype == "float64" ? .float64 : .float32
      let distribution = make(row.parameters.map { $0.tensor(dtype) })
      let sample = distribution.sample(Shape(draw.shape), generator: Generator(seed: 3))
      #expect(sample.dtype == (draw.sample.dtype == "int64" ? .int64 : dtype))
      #expect(!sample.requiresGrad)
      try Self.compare(
        sample, draw.sample, dtype == .float64 ? 1e-12 : 1e-6, "\(draw.dtype) \(draw.shape)")
    }
  }

  @Test("probabilities, moments and entropies are PyTorch's", arguments: DistributionCase.all)
  func probabilities(_ row: DistributionCase) throws {
    let make = try #require(Self.rows[row.row]).make
    let leaves = row.parameters.map { $0.tensor().requiringGrad() }
    let distribution = make(leaves)
    let log = distribution.logProbability(row.values.tensor())
    try Self.compare(log, row.log, 1e-10, "log")
    try Self.check(log, leaves, row.logGradients, 1e-9, "gradient of log")
    if let mean = row.mean, let variance = row.variance {
      try Self.compare(distribution.mean, mean, 1e-12, "mean")
      try Self.compare(distribution.variance, variance, 1e-12, "variance")
    }
    if let entropy = row.entropy {
      try Self.compare(distribution.entropy(), entropy, 1e-10, "entropy")
    } else {
      #expect(distribution.entropy().error != nil)
    }
  }

  @Test(
    "divergences are PyTorch's, with their gradients",
    arguments: DistributionCase.all.filter { $0.kl != nil })
  func divergences(_ row: DistributionCase) throws {
    let kl = try #require(Self.rows[row.row]).kl
    let leaves = row.parameters.map { $0.tensor().requiringGrad() }
    let others = try #require(row.other).map { $0.tensor().requiringGrad() }
    let value = kl(leaves, others)
    try Self.compare(value, try #require(row.kl), 1e-10, "kl")
    try Self.check(
      value, leaves + others, try #require(row.klGradients), 1e-9, "gradient of kl")
  }

  @Test(
    "gradients go through smooth samples as in PyTorch",
    arguments: DistributionCase.all.filter { $0.path != nil })
  func paths(_ row: DistributionCase) throws {
    let make = try #require(Self.rows[row.row]).make
    let leaves = row.parameters.map { $0.tensor().requiringGrad() }
    let distribution = try #require(make(leaves) as? any SmoothDistribution)
    let sample = distribution.rsample([4], generator: Generator(seed: 5))
    let weights = Tensor.arange(1, sample.elementCount + 1).cast(to: .float64)
      .reshaped(to: sample.shape)
    // PyTorch's own gradient of gamma samples is a fit of some four digits.
    let relative = row.row == "Gamma" ? 2e-3 : 1e-10
    try Self.check(sample * weights, leaves, try #require(row.path), relative, "path")
  }

  @Test("every row is read")
  func rows() {
    #expect(Set(DistributionCase.all.map(\.row)) == Set(Self.rows.keys))
  }

  /// With the distribution's place kept, `F(x, c)` stays: compared with differences of samples'
  /// places, here for concentrations on either side of where the method changes.
  @Test("gamma samples move as their distribution function says", arguments: [0.2, 3.0, 900, 1100])
  func gammaSlope(_ concentration: Double) throws {
    let leaf = Tensor(concentration, dtype: .float64).requiringGrad()
    let sample = Gamma(concentration: leaf, rate: Tensor(1.0, dtype: .float64))
      .rsample([2000], generator: Generator(seed: 1))
    try sample.mean().backward()
    // The mean of Gamma(c, 1) is c.
    let slope = Double(try leaf.grad.item())
    #expect(abs(slope - 1) < 0.15, "\(slope)")
  }

  @Test("gradients of beta samples have the right mean")
  func betaSlope() throws {
    let alpha = Tensor(2.0, dtype: .float64).requiringGrad()
    let beta = Tensor(3.0, dtype: .float64).requiringGrad()
    try Beta(alpha: alpha, beta: beta).rsample([4000], generator: Generator(seed: 2)).mean()
      .backward()
    // The mean is a / (a + b).
    #expect(abs(Double(try alpha.grad.item()) - 3.0 / 25) < 0.01)
    #expect(abs(Double(try beta.grad.item()) + 2.0 / 25) < 0.01)
  }

  @Test("says what does not fit")
  func messages() {
    let (two, three) = (Tensor([1.0, 2]), Tensor([1.0, 2, 3]))
    let rows: [(Tensor, String)] = [
      (Normal(mean: two, std: three).sample(), "Normal: the parameters do not broadcast"),
      (Categorical(logits: Tensor(1.0)).sample(), "Categorical: there are no classes"),
      (Dirichlet(concentration: Tensor(1.0)).sample(), "Dirichlet: a single number has no parts"),
      (
        MultivariateNormal(mean: two, scaleTril: two).sample(),
        "MultivariateNormal: the mean must be [..., n] and the matrix [..., n, n], of one dtype"
      ),
      (
        Mixture(Categorical(logits: two), of: Normal(mean: three, std: three)).sample(),
        "Mixture: the components are not the classes of the choice"
      ),
      (Poisson(rate: two).entropy(), "Poisson: the entropy has no closed form"),
    ]
    for (tensor, summary) in rows { #expect(tensor.error?.summary == summary) }
  }

  @Test("values that cannot come up have no probability; whole numbers are parameters")
  func support() throws {
    let one = Tensor(1.0)
    let outside: [Tensor] = [
      Exponential(rate: one).logProbability(Tensor(-1.0)),
      Uniform(low: 0, high: 1).logProbability(Tensor(1.0)),
      Gamma(concentration: one, rate: one).logProbability(Tensor(-1.0)),
      Beta(alpha: one, beta: one).logProbability(Tensor(1.5)),
      Poisson(rate: 3).logProbability(Tensor(-1.0)),
    ]
    for log in outside { #expect(try log.item() == -Double.infinity) }
  }
}
