import BlitzTensor

/// Decides which examples each batch of an epoch has.
///
/// For batches that do not simply follow a sampler's order, such as batches of texts of similar
/// length.
public protocol BatchSampling: Sendable {
  /// The number of batches in an epoch.
  var count: Int { get }
  /// The source of random numbers; ``Generator/shared`` if left out.
  var generator: BlitzTensor.Generator { get }
  /// The indices of the examples of each batch of an epoch.
  ///
  /// It is called when the first batch of an epoch is asked for; see ``Sampler/indices(by:)``.
  func batches(by generator: BlitzTensor.Generator) throws(TensorError) -> [[Int]]
}

extension BatchSampling {
  /// The shared generator.
  public var generator: BlitzTensor.Generator { .shared }
}

/// Cuts a sampler's examples into batches of one size, `torch.utils.data.BatchSampler`.
public struct BatchSampler: BatchSampling {
  /// The source of the examples' order.
  public let sampler: any Sampler
  /// The number of examples in a batch; the last of an epoch can have fewer.
  public let batchSize: Int
  /// Whether a last batch that is not full is left out.
  public let dropLast: Bool

  /// Makes a batch sampler.
  ///
  /// - Error: a batch size below 1, which the batches carry.
  public init(_ sampler: any Sampler, batchSize: Int, dropLast: Bool = false) {
    self.sampler = sampler
    self.batchSize = batchSize
    self.dropLast = dropLast
  }

  /// The number of batches in an epoch.
  public var count: Int {
    guard batchSize > 0, sampler.count > 0 else { return 0 }
    let (full, rest) = sampler.count.quotientAndRemainder(dividingBy: batchSize)
    return dropLast || rest == 0 ? full : full + 1
  }

  /// The generator of the sampler.
  public var generator: BlitzTensor.Generator { sampler.generator }

  /// Whether the last batch is handed out though it is not full: the sampler has then been asked
  /// for an example beyond its last.
  var endsInPart: Bool { !dropLast && batchSize > 0 && sampler.count % batchSize != 0 }

  /// The sampler's order, cut into batches.
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
