import BlitzTensor

/// Random examples of a dataset, each at most once, or drawn with replacement: PyTorch's
/// `RandomSampler`, in its order.
///
///     let sampler = RandomSampler(data, replacement: true, count: 10_000)
public struct RandomSampler: Sampler {
  /// How many examples there are to choose from.
  let available: Int
  /// Whether an example can come more than once.
  public let replacement: Bool
  /// How many examples an epoch has.
  public let count: Int
  private let own: BlitzTensor.Generator?

  /// Makes a sampler.
  ///
  /// - Parameters:
  ///   - dataset: what the examples are of.
  ///   - replacement: whether an example can come more than once. Without, an epoch longer than the
  ///     dataset has it several times over, each time in another order.
  ///   - count: how many examples an epoch has; as many as the dataset if left out.
  ///   - generator: where the order comes from. If left out, each epoch draws a seed from the
  ///     shared one and its order from that.
  /// - Error: a dataset without examples, a count below 1: the batches carry it.
  public init(
    _ dataset: any Dataset, replacement: Bool = false, count: Int? = nil,
    generator: BlitzTensor.Generator? = nil
  ) {
    available = dataset.count
    self.replacement = replacement
    self.count = count ?? dataset.count
    own = generator
  }

  /// Where the order, or its seed, comes from.
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

  /// Draws an order of which no example is used, as PyTorch does where whole orders were used up.
  public func finish(by generator: BlitzTensor.Generator) throws(TensorError) {
    guard own != nil, !replacement, available > 0, count % available == 0 else { return }
    _ = Tensor.randperm(available, generator: generator)
  }
}

/// Some of the examples, in random order: PyTorch's `SubsetRandomSampler`.
public struct SubsetRandomSampler: Sampler {
  /// The examples' numbers.
  public let examples: [Int]
  /// Where the order comes from.
  public let generator: BlitzTensor.Generator
  /// How many examples an epoch has.
  public var count: Int { examples.count }

  /// Takes the numbers of examples.
  public init(_ examples: [Int], generator: BlitzTensor.Generator = .shared) {
    self.examples = examples
    self.generator = generator
  }

  /// Draws the order of an epoch.
  public func indices(by generator: BlitzTensor.Generator) throws(TensorError) -> [Int] {
    try Tensor.randperm(count, generator: generator).scalars(as: Int.self).map { examples[$0] }
  }
}

/// Examples drawn by weight: PyTorch's `WeightedRandomSampler`, for classes of unlike size.
///
///     let sampler = WeightedRandomSampler(data.labels.map { 1 / counts[$0] }, count: data.count)
public struct WeightedRandomSampler: Sampler {
  /// How probable each example is, in relation to the others.
  public let weights: [Double]
  /// How many examples an epoch has.
  public let count: Int
  /// Whether an example can come more than once.
  public let replacement: Bool
  /// Where the numbers come from.
  public let generator: BlitzTensor.Generator

  /// Makes a sampler.
  ///
  /// - Parameters:
  ///   - weights: 0 or more, one for each example; they need not add up to 1.
  ///   - count: how many examples an epoch has.
  ///   - replacement: whether an example can come more than once.
  ///   - generator: where the numbers come from.
  /// - Error: as ``Tensor/multinomial(_:replacement:generator:)``; the batches carry it.
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
    return try Tensor(weights, shape: [weights.count]).cast(to: .float64)
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
