import BlitzTensor

extension DataLoader {
  /// The batches of an epoch with all that a ``Batch`` has: the examples' places in the dataset,
  /// tensors beyond two, the error of fetching.
  ///
  ///     for batch in loader.batches {
  ///       print(batch.indices, batch.tensors.count)
  ///     }
  ///
  /// A loop over them is an epoch, as one over the loader is.
  public var batches: Batches { Batches(loader: self) }

  /// The batches of a loader, which ``DataLoader/batches`` makes.
  public struct Batches: Sequence, Sendable {
    let loader: DataLoader

    /// Begins an epoch, or continues the one that `restore(_:)` returned to.
    public func makeIterator() -> Iterator {
      do throws(TensorError) {
        try loader.check()
        let token = try loader.begin()
        return Iterator(loader: loader, token: token, kind: .start)
      } catch {
        return Iterator(loader: loader, token: 0, kind: .failure(error))
      }
    }

    /// The batches of one epoch. When it is released, as by leaving the loop, the workers end.
    public struct Iterator: IteratorProtocol {
      enum Kind {
        case start
        case batches(Prefetcher<Fetched>)
        case failure(TensorError)
        case end
      }

      let loader: DataLoader
      let token: Int
      var kind: Kind

      /// The next batch, for which it may wait; nil after the last.
      public mutating func next() -> Batch? {
        if case .start = kind {
          do throws(TensorError) {
            kind = .batches(try loader.prefetcher(token))
          } catch {
            kind = .failure(error)
          }
        }
        switch kind {
        case .start: return nil
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
  }

  /// What a worker makes: not yet tensors.
  struct Fetched: Sendable {
    let indices: [Int]
    let examples: Result<Examples, any Error>
  }

  /// Draws the order of the epoch and starts to make its batches.
  private func prefetcher(_ token: Int) throws(TensorError) -> Prefetcher<Fetched> {
    let (batches, seed, start) = try order(token)
    let (dataset, transforms) = (dataset, transforms)
    return Prefetcher(
      Swift.min(start, batches.count)..<batches.count, workers: workers, depth: prefetch
    ) { number -> Fetched in
      let indices = batches[number]
      return Fetched(
        indices: indices,
        examples: Result {
          try checkIndices(indices, count: dataset.count)
          var examples = try dataset.examples(at: indices)
          try examples.apply(transforms, seed: seed, indices: indices)
          return examples
        })
    }
  }

  /// Finds out whether there is a batch to make.
  private func check() throws(TensorError) {
    let sampled = batchSampler as? BatchSampler
    if let sampled, sampled.batchSize < 1 {
      throw TensorError(
        "DataLoader", "the batch size is \(sampled.batchSize)", help: "give 1 or more")
    }
    guard workers >= 0, workers <= 1024, prefetch >= 0 else {
      throw TensorError(
        "DataLoader", "there are \(workers) workers and \(prefetch) batches to prefetch",
        help: "give 0 to 1024 workers, and 0 batches or more")
    }
    guard dataset.count > 0 else {
      throw TensorError("DataLoader", "the dataset has no examples", help: "give one at least")
    }
    guard batchCount > 0 else {
      let count = sampled?.sampler.count ?? 0
      guard count > 0 else {
        throw TensorError(
          "DataLoader", "the sampler has \(count) examples", help: "give one at least")
      }
      throw TensorError(
        "DataLoader",
        "\(count) examples do not fill a batch of \(batchSize), and dropLast drops the rest",
        help: "give a smaller batchSize, or leave out dropLast")
    }
  }
}
