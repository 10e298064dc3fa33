import BlitzTensor

/// Hands out a dataset in batches, in the order of the data or shuffled, made ahead of time in the
/// background.
///
///     let loader = DataLoader(data.train, batchSize: 128, shuffledBy: Generator(seed: 0))
///     for epoch in 0..<5 {
///       for batch in loader {
///         let loss = crossEntropy(logits: model(batch.inputs), labels: batch.labels)
///         ...
///       }
///     }
///
/// Every `for` over the loader is an epoch with an order of its own. The order is that of PyTorch's
/// `DataLoader(shuffle=True, generator=generator)`, and for ``Generator/shared`` that of
/// `DataLoader(shuffle=True)`; as in PyTorch, every epoch draws from the generator, from the shared
/// one if the loader does not shuffle. Batches depend on neither the workers nor the prefetching.
///
/// Nothing is thrown: what goes wrong (an unreadable file, a batch size of 0, a dataset without
/// examples) is a `TensorError` that `batch.inputs` and `batch.labels` carry, so that the loss
/// carries it and `backward()` or `item()` throws it. A loader that can make no batch at all
/// hands out one that says why.
public final class DataLoader: Sequence, Sendable {
  /// Where the examples come from.
  public let dataset: any Dataset
  /// Examples in a batch; the last of an epoch can have fewer.
  public let batchSize: Int
  /// Whether a last batch that is not full is left out.
  public let dropLast: Bool
  /// What is done to the inputs.
  public let transforms: [Transform]
  /// Threads that make batches.
  public let workers: Int
  /// Batches that are made ahead of time.
  public let prefetch: Int

  // Spelt out: `Sequence` has a `Generator` of its own, by which iterators once went.
  let generator: BlitzTensor.Generator
  let shuffles: Bool
  let position = Monitor(Position())

  /// Makes a loader; nothing is read yet.
  ///
  /// - Parameters:
  ///   - dataset: where the examples come from.
  ///   - batchSize: examples in a batch, 1 or more.
  ///   - generator: shuffles the examples of each epoch; if left out, they come as they are.
  ///   - dropLast: whether a last batch that is not full is left out.
  ///   - transforms: what is done to each input, in this order.
  ///   - workers: threads that make batches; 0 makes each when it is asked for, on the caller's.
  ///   - prefetch: batches that are made ahead of time, if there are workers; never fewer than
  ///     workers.
  public init(
    _ dataset: any Dataset, batchSize: Int, shuffledBy generator: BlitzTensor.Generator? = nil,
    dropLast: Bool = false, transforms: [Transform] = [], workers: Int = 1, prefetch: Int = 2
  ) {
    self.dataset = dataset
    self.batchSize = batchSize
    self.dropLast = dropLast
    self.transforms = transforms
    self.workers = workers
    self.prefetch = prefetch
    self.generator = generator ?? .shared
    shuffles = generator != nil
  }

  /// Batches in an epoch.
  public var batchCount: Int {
    guard batchSize > 0 else { return 0 }
    let (full, rest) = dataset.count.quotientAndRemainder(dividingBy: batchSize)
    return dropLast || rest == 0 ? full : full + 1
  }

  /// Begins an epoch, or goes on with the one that `restore(_:)` has put back.
  public func makeIterator() -> Iterator {
    do throws(TensorError) {
      try check()
      let (order, token, start) = try begin()
      let (dataset, transforms, size) = (dataset, transforms, batchSize)
      let count = dataset.count
      let batches = Prefetcher(start..<batchCount, workers: workers, depth: prefetch) {
        number -> Fetched in
        let indices = order.indices(number * size..<Swift.min((number + 1) * size, count))
        return Fetched(
          indices: indices,
          examples: Result {
            var examples = try dataset.examples(at: indices)
            try examples.apply(transforms, seed: order.seed, indices: indices)
            return examples
          })
      }
      return Iterator(loader: self, token: token, kind: .batches(batches))
    } catch {
      return Iterator(loader: self, token: 0, kind: .failure(error))
    }
  }

  /// What a worker makes: not yet tensors.
  struct Fetched: Sendable {
    let indices: [Int]
    let examples: Result<Examples, any Error>
  }

  /// The batches of one epoch. Letting go of it, as leaving the loop does, ends the workers.
  public struct Iterator: IteratorProtocol {
    enum Kind {
      case batches(Prefetcher<Fetched>)
      case failure(TensorError)
      case end
    }

    let loader: DataLoader
    let token: Int
    var kind: Kind

    /// The next batch; waits until it is made. Nil after the last.
    public mutating func next() -> Batch? {
      switch kind {
      case .batches(let batches):
        guard let fetched = batches.next() else {
          loader.endEpoch(token)
          kind = .end
          return nil
        }
        loader.advance(token)
        return Batch(indices: fetched.indices) { try fetched.examples.get() }
      case .failure(let error):
        kind = .end
        return Batch(indices: []) { throw error }
      case .end: return nil
      }
    }
  }

  /// Finds out whether there is a batch to make.
  private func check() throws(TensorError) {
    guard batchSize >= 1 else {
      throw TensorError("DataLoader", "the batch size is \(batchSize)", help: "give 1 or more")
    }
    guard workers >= 0, workers <= 1024, prefetch >= 1 else {
      throw TensorError(
        "DataLoader", "there are \(workers) workers and \(prefetch) batches to prefetch",
        help: "give 0 to 1024 workers, and 1 batch or more")
    }
    guard dataset.count > 0 else {
      throw TensorError("DataLoader", "the dataset has no examples", help: "give one at least")
    }
    guard batchCount > 0 else {
      throw TensorError(
        "DataLoader",
        "\(dataset.count) examples do not fill a batch of \(batchSize), and dropLast drops the rest",
        help: "give a smaller batchSize, or leave out dropLast")
    }
  }
}
