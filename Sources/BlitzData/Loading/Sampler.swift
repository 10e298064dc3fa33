import BlitzTensor

/// Which examples an epoch has, and in which order.
///
/// A sampler of your own needs a count and the numbers of an epoch:
///
///     struct Backwards: Sampler {
///       let count: Int
///       func indices(by generator: Generator) -> [Int] { (0..<count).reversed() }
///     }
///     let loader = DataLoader(data, batchSize: 32, sampler: Backwards(count: data.count))
public protocol Sampler: Sendable {
  /// How many examples an epoch has.
  var count: Int { get }
  /// Where random numbers come from; ``Generator/shared`` if left out.
  var generator: BlitzTensor.Generator { get }
  /// The numbers of an epoch's examples, in order.
  ///
  /// Called when the first batch of an epoch is asked for. What is random comes from the generator
  /// that is passed: it is the sampler's own, or a copy where a loader goes back to a kept state.
  func indices(by generator: BlitzTensor.Generator) throws(TensorError) -> [Int]
  /// What is drawn when an example beyond the last is asked for; nothing if left out.
  func finish(by generator: BlitzTensor.Generator) throws(TensorError)
}

extension Sampler {
  /// The shared one.
  public var generator: BlitzTensor.Generator { .shared }
  /// Draws nothing.
  public func finish(by generator: BlitzTensor.Generator) throws(TensorError) {}
}

/// The examples in the order of the dataset: PyTorch's `SequentialSampler`.
public struct SequentialSampler: Sampler {
  /// How many examples an epoch has.
  public let count: Int

  /// All examples of a dataset.
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
