import BlitzTensor

/// Random examples of a dataset, without or with replacement, `torch.utils.data.RandomSampler`, in
/// its order.
///
///     let sampler = RandomSampler(data, replacement: true, count: 10_000)
public struct RandomSampler: Sampler {
  /// How many examples there are to choose from.
  let available: Int
  /// Whether an example can be drawn more than once.
  public let replacement: Bool
  /// The number of examples in an epoch.
  public let count: Int
  private let own: BlitzTensor.Generator?

  /// Makes a sampler.
  ///
  /// - Parameters:
  ///   - dataset: the dataset of the examples.
  ///   - replacement: whether an example can be drawn more than once. If not, an epoch longer than
  ///     the dataset goes through it several times, each time in another order.
  ///   - count: the number of examples in an epoch; that of the dataset if left out.
  ///   - generator: the source of the order. If left out, each epoch draws a seed from the shared
  ///     generator and its order from that seed.
  /// - Error: a dataset without examples or a count below 1, which the batches carry.
  public init(
    _ dataset: any Dataset, replacement: Bool = false, count: Int? = nil,
    generator: BlitzTensor.Generator? = nil
  ) {
    available = dataset.count
    self.replacement = replacement
    self.count = count ?? dataset.count
    own = generator
  }

  /// The source of the order, or of its seed.
  public var generator: BlitzTensor.Generator { own ?? .shared }

  /// Draws the order of an epoch.
  public func indices(by generator: BlitzTensor.Generator) throws(TensorError) -> [Int] {
    try checkCount("RandomSampler")
    guard available > 0 else {
      throw TensorError("RandomSampler", "the dataset has no examples", help: "give one at least")
    }
    let source = own == nil ? BlitzTensor.Generator(seed: try generator.drawSeed()) : generator
    if replacement {
      return try Tensor.randint(0, available, [count], generator: source).scalars(as: Int.self)
    }
    var order: [Int] = []
    while order.count < count {
      let whole = try Tensor.randperm(available, generator: source).scalars(as: Int.self)
      order += whole.prefix(count - order.count)
    }
    return order
  }

  /// Draws an order that is not used, as PyTorch does when whole orders were used up.
  public func finish(by generator: BlitzTensor.Generator) throws(TensorError) {
    guard own != nil, !replacement, available > 0, count % available == 0 else { return }
    _ = Tensor.randperm(available, generator: generator)
  }
}

/// Some of the examples, in random order, `torch.utils.data.SubsetRandomSampler`.
public struct SubsetRandomSampler: Sampler {
  /// The indices of the examples.
  public let examples: [Int]
  /// The source of the order.
  public let generator: BlitzTensor.Generator
  /// The number of examples in an epoch.
  public var count: Int { examples.count }

  /// Takes the examples at these indices.
  public init(_ examples: [Int], generator: BlitzTensor.Generator = .shared) {
    self.examples = examples
    self.generator = generator
  }

  /// Draws the order of an epoch.
  public func indices(by generator: BlitzTensor.Generator) throws(TensorError) -> [Int] {
    try Tensor.randperm(count, generator: generator).scalars(as: Int.self).map { examples[$0] }
  }
}

/// Examples drawn by weight, `torch.utils.data.WeightedRandomSampler`, for classes of unequal size.
///
///     let sampler = WeightedRandomSampler(data.labels.map { 1 / counts[$0] }, count: data.count)
public struct WeightedRandomSampler: Sampler {
  /// The weight of each example: how probable it is in relation to the others.
  public let weights: [Double]
  /// The number of examples in an epoch.
  public let count: Int
  /// Whether an example can be drawn more than once.
  public let replacement: Bool
  /// The source of the random numbers.
  public let generator: BlitzTensor.Generator

  /// Makes a sampler.
  ///
  /// - Parameters:
  ///   - weights: a weight for each example, 0 or more; they need not sum to 1.
  ///   - count: the number of examples in an epoch.
  ///   - replacement: whether an example can be drawn more than once.
  ///   - generator: the source of the random numbers.
  /// - Error: as ``Tensor/multinomial(_:replacement:generator:)``, which the batches carry.
  public init(
    _ weights: [Double], count: Int, replacement: Bool = true,
    generator: BlitzTensor.Generator = .shared
  ) {
    self.weights = weights
    self.count = count
    self.replacement = replacement
    self.generator = generator
  }

  /// Draws the examples of an epoch.
  public func indices(by generator: BlitzTensor.Generator) throws(TensorError) -> [Int] {
    try checkCount("WeightedRandomSampler")
    return try Tensor(weights, shape: [weights.count], dtype: .float64)
      .multinomial(count, replacement: replacement, generator: generator).scalars(as: Int.self)
  }
}

extension BlitzTensor.Generator {
  /// PyTorch's `torch.empty((), dtype=torch.int64).random_()`: 64 bits modulo 2^63.
  func drawSeed() throws(TensorError) -> UInt64 {
    // The range below 0 has 2^63 numbers; the one from 0 on, one fewer than that.
    let number = try Tensor.randint(Int.min, 0, [1], generator: self).item(as: Int.self)
    return UInt64(bitPattern: Int64(number &- Int.min))
  }
}
