import BlitzTensor

/// Decides which examples an epoch has and in which order, `torch.utils.data.Sampler`.
///
/// A sampler of your own needs a count and the indices of an epoch:
///
///     struct Backwards: Sampler {
///       let count: Int
///       func indices(by generator: Generator) -> [Int] { (0..<count).reversed() }
///     }
///     let loader = DataLoader(data, batchSize: 32, sampler: Backwards(count: data.count))
public protocol Sampler: Sendable {
  /// The number of examples in an epoch.
  var count: Int { get }
  /// The source of random numbers; ``Generator/shared`` if left out.
  var generator: BlitzTensor.Generator { get }
  /// The indices of an epoch's examples, in order.
  ///
  /// It is called when the first batch of an epoch is asked for. Draw from the generator that is
  /// passed: it is the sampler's own, or a copy when a loader returns to a saved position.
  func indices(by generator: BlitzTensor.Generator) throws(TensorError) -> [Int]
  /// Draws what is drawn when an example after the last is asked for; nothing if left out.
  func finish(by generator: BlitzTensor.Generator) throws(TensorError)
}

extension Sampler {
  /// The shared generator.
  public var generator: BlitzTensor.Generator { .shared }
  /// Draws nothing.
  public func finish(by generator: BlitzTensor.Generator) throws(TensorError) {}
}

/// The examples in the order of the dataset, `torch.utils.data.SequentialSampler`.
public struct SequentialSampler: Sampler {
  /// The number of examples in an epoch.
  public let count: Int

  /// Takes all examples of a dataset.
  public init(_ dataset: any Dataset) { count = dataset.count }

  /// 0, 1, 2, ...
  public func indices(by generator: BlitzTensor.Generator) -> [Int] {
    Array(0..<Swift.max(count, 0))
  }
}

extension Sampler {
  /// Refuses a number of examples that no array holds.
  func checkCount(_ name: String) throws(TensorError) {
    guard count >= 1, count <= 1 << 32 else {
      throw TensorError(name, "the count is \(count)", help: "give 1 to 2^32 examples")
    }
  }
}
