import BlitzTensor

/// Which examples each batch of an epoch has.
///
/// For batches that do not just follow a sampler's order, such as those of texts of like length.
public protocol BatchSampling: Sendable {
  /// How many batches an epoch has.
  var count: Int { get }
  /// Where random numbers come from; ``Generator/shared`` if left out.
  var generator: BlitzTensor.Generator { get }
  /// The numbers of the examples of each batch of an epoch.
  ///
  /// Called when the first batch of an epoch is asked for; see ``Sampler/indices(by:)``.
  func batches(by generator: BlitzTensor.Generator) throws(TensorError) -> [[Int]]
}

extension BatchSampling {
  /// The shared one.
  public var generator: BlitzTensor.Generator { .shared }
}

/// A sampler's examples in batches of one size: PyTorch's `BatchSampler`.
public struct BatchSampler: BatchSampling {
  /// Where the examples' order comes from.
  public let sampler: any Sampler
  /// Examples in a batch; the last of an epoch can have fewer.
  public let batchSize: Int
  /// Whether a last batch that is not full is left out.
  public let dropLast: Bool

  /// Makes a batch sampler.
  ///
  /// - Error: a batch size below 1: the batches carry it.
  public init(_ sampler: any Sampler, batchSize: Int, dropLast: Bool = false) {
    self.sampler = sampler
    self.batchSize = batchSize
    self.dropLast = dropLast
  }

  /// How many batches an epoch has.
  public var count: Int {
    guard batchSize > 0, sampler.count > 0 else { return 0 }
    let (full, rest) = sampler.count.quotientAndRemainder(dividingBy: batchSize)
    return dropLast || rest == 0 ? full : full + 1
  }

  /// The sampler's.
  public var generator: BlitzTensor.Generator { sampler.generator }

  /// Whether the last batch is handed out though it is not full: the sampler has then been asked
  /// for an example beyond its last.
  var endsInPart: Bool { !dropLast && batchSize > 0 && sampler.count % batchSize != 0 }

  /// The sampler's order, cut up.
  public func batches(by generator: BlitzTensor.Generator) throws(TensorError) -> [[Int]] {
    let order = try sampler.indices(by: generator)
    guard order.count == sampler.count else {
      throw TensorError(
        "DataLoader",
        "the sampler named \(order.count) examples, and its count says \(sampler.count)",
        help: "give as many as count says")
    }
    return (0..<count).map { Array(order[$0 * batchSize..<min(($0 + 1) * batchSize, order.count)]) }
  }
}
