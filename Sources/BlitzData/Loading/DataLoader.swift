import BlitzTensor

/// Iterates over a dataset in batches, in its order or shuffled, `torch.utils.data.DataLoader`.
/// Workers make batches in the background.
///
///     let loader = DataLoader(data.train, batchSize: 128, shuffledBy: Generator(seed: 0))
///     for epoch in 0..<5 {
///       for (x, y) in loader {
///         let loss = crossEntropy(logits: model(x), labels: y)
///         ...
///       }
///     }
///
/// The pair has names, too: `for batch in loader { batch.inputs }`. What else a batch has (the
/// examples' places, more than two tensors) is in ``DataLoader/batches``.
///
/// Every `for` over the loader is an epoch with an order of its own. The order is that of PyTorch's
/// `DataLoader(shuffle=True, generator=generator)`, and for ``Generator/shared`` that of
/// `DataLoader(shuffle=True)`. As in PyTorch, every epoch draws from the generator, or from the
/// shared one if the loader does not shuffle. Batches do not depend on the number of workers or on
/// prefetching.
///
/// Nothing is thrown: an error (an unreadable file, a batch size of 0, a dataset without examples)
/// is carried by the inputs and labels of the batch, so the loss carries it and `backward()` or
/// `item()` throws it. A loader that can make no batch hands out one that says why.
public final class DataLoader: Sequence, Sendable {
  /// The dataset.
  public let dataset: any Dataset
  /// The sampler that decides which examples each batch has.
  public let batchSampler: any BatchSampling
  /// The transforms of the inputs, in order.
  public let transforms: [Transform]
  /// The number of threads that make batches.
  public let workers: Int
  /// The number of batches that are made ahead.
  public let prefetch: Int

  // Spelt out: `Sequence` has a `Generator` of its own, by which iterators once went.
  let generator: BlitzTensor.Generator
  let position = Monitor(Position())

  /// Makes a loader; nothing is read yet.
  ///
  /// - Parameters:
  ///   - dataset: the examples.
  ///   - batchSize: the number of examples in a batch, 1 or more.
  ///   - generator: shuffles the examples of each epoch; if left out, they keep their order.
  ///   - dropLast: whether a last batch that is not full is left out.
  ///   - transforms: changes to each input, in this order.
  ///   - workers: the number of threads that make batches; with 0, each is made when it is asked
  ///     for, on the caller's thread.
  ///   - prefetch: the number of batches that workers make ahead, at least one for each worker.
  public convenience init(
    _ dataset: any Dataset, batchSize: Int, shuffledBy generator: BlitzTensor.Generator? = nil,
    dropLast: Bool = false, transforms: [Transform] = [], workers: Int = 1, prefetch: Int = 2
  ) {
    let sampler: any Sampler
    if let generator {
      // The shared one stands for PyTorch's loader without a generator.
      let isShared = generator === BlitzTensor.Generator.shared
      sampler = RandomSampler(dataset, generator: isShared ? nil : generator)
    } else {
      sampler = SequentialSampler(dataset)
    }
    self.init(
      dataset, batchSize: batchSize, sampler: sampler, generator: generator ?? .shared,
      dropLast: dropLast, transforms: transforms, workers: workers, prefetch: prefetch)
  }

  /// Makes a loader with a sampler, which names the examples of each epoch; nothing is read yet.
  ///
  ///     let weights = data.labels.map { 1 / Double(counts[$0]) }
  ///     let loader = DataLoader(
  ///       data, batchSize: 128, sampler: WeightedRandomSampler(weights, count: data.count))
  ///
  /// - Parameters:
  ///   - dataset: the examples.
  ///   - batchSize: the number of examples in a batch.
  ///   - sampler: names the examples of each epoch.
  ///   - generator: the source of the seed of random transforms, as PyTorch's base seed.
  ///   - dropLast: whether a last batch that is not full is left out.
  ///   - transforms: changes to each input, in this order.
  ///   - workers: the number of threads that make batches.
  ///   - prefetch: the number of batches that workers make ahead, at least one for each worker.
  public convenience init(
    _ dataset: any Dataset, batchSize: Int, sampler: any Sampler,
    generator: BlitzTensor.Generator = .shared, dropLast: Bool = false,
    transforms: [Transform] = [], workers: Int = 1, prefetch: Int = 2
  ) {
    self.init(
      dataset, batchSampler: BatchSampler(sampler, batchSize: batchSize, dropLast: dropLast),
      generator: generator, transforms: transforms, workers: workers, prefetch: prefetch)
  }

  /// Makes a loader with a batch sampler, which names the examples of each batch; nothing is read
  /// yet.
  public init(
    _ dataset: any Dataset, batchSampler: any BatchSampling,
    generator: BlitzTensor.Generator = .shared, transforms: [Transform] = [], workers: Int = 1,
    prefetch: Int = 2
  ) {
    self.dataset = dataset
    self.batchSampler = batchSampler
    self.generator = generator
    self.transforms = transforms
    self.workers = workers
    self.prefetch = prefetch
  }

  /// The number of examples in a batch, the last of an epoch can have fewer; 0 if a batch sampler
  /// decides.
  public var batchSize: Int { (batchSampler as? BatchSampler)?.batchSize ?? 0 }

  /// Whether a last batch that is not full is left out.
  public var dropLast: Bool { (batchSampler as? BatchSampler)?.dropLast ?? false }

  /// The number of batches in an epoch.
  public var batchCount: Int { Swift.max(batchSampler.count, 0) }

  /// Begins an epoch, or continues the one that `restore(_:)` returned to.
  public func makeIterator() -> Iterator { Iterator(batches: batches.makeIterator()) }

  /// The inputs and labels of one epoch's batches. When it is released, as by leaving the loop, the
  /// workers end.
  public struct Iterator: IteratorProtocol {
    var batches: Batches.Iterator

    /// The inputs and labels of the next batch, for which it may wait; nil after the last.
    public mutating func next() -> (inputs: Tensor, labels: Tensor)? {
      batches.next().map { ($0.inputs, $0.labels) }
    }
  }
}
