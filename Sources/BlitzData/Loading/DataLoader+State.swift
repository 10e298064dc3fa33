import BlitzTensor

extension DataLoader {
  /// Where the loader is.
  struct Position: Sendable {
    /// Epochs that have ended or been left.
    var epoch = 0
    /// Batches of the epoch under way that have been handed out.
    var batch = 0
    /// The order of the epoch under way; nil between epochs.
    var order: EpochOrder?
    /// Whether the epoch under way is to be gone on with by the next `for`.
    var isRestored = false
    /// Grows with every epoch begun, so that an iterator of an older one changes nothing.
    var token = 0
  }

  /// The position in the data, which decides the batches that are still to come.
  ///
  /// ``DataLoader/state`` makes it. It is `Codable`, so it can go into a checkpoint.
  public struct State: Codable, Equatable, Sendable {
    /// The number of epochs that have ended, or were left early.
    public let epoch: Int
    /// The number of batches of the current epoch that have been handed out.
    public let batch: Int
    /// What the epoch's random transforms start from; nil between epochs.
    let seed: UInt64?
    /// How the sampler's generator stood before it drew the epoch's order; nil until it has.
    let start: BlitzTensor.Generator.State?
    /// How the generators of the loader and of the sampler stood when the state was read.
    let generator, samplerGenerator: BlitzTensor.Generator.State
    let exampleCount: Int
    let batchSize: Int
    let dropLast: Bool
    let sampler: String
  }

  /// The position of the loader now, in an epoch or between two.
  ///
  /// Batches that are prefetched but not handed out do not count.
  public var state: State {
    position.withLock { position in
      State(
        epoch: position.epoch, batch: position.batch, seed: position.order?.seed,
        start: position.order?.start, generator: generator.state,
        samplerGenerator: batchSampler.generator.state, exampleCount: dataset.count,
        batchSize: batchSize, dropLast: dropLast, sampler: samplerName)
    }
  }

  /// Returns to a position: the next `for` hands out the batches that were still to come, as if the
  /// loader had never stopped, and later epochs are the same too.
  ///
  ///     let kept = loader.state                   // in a checkpoint
  ///     try loader.restore(kept)
  ///     for epoch in kept.epoch..<5 { for batch in loader { ... } }
  ///
  /// The generators of the loader and of its sampler (``Generator/shared`` if they have none) are
  /// set back to where they were when the state was read.
  ///
  /// - Throws: `TensorError` if the state is of a loader with another number of examples, batch
  ///   size or sampler, or of one that drops the last batch where this one does not.
  public func restore(_ state: State) throws(TensorError) {
    func summary(_ count: Int, _ size: Int, _ sampler: String, _ drops: Bool) -> String {
      "\(count) examples in batches of \(size)\(sampler)" + (drops ? ", the last dropped" : "")
    }
    let theirs = summary(state.exampleCount, state.batchSize, state.sampler, state.dropLast)
    let ours = summary(dataset.count, batchSize, samplerName, dropLast)
    guard theirs == ours else {
      throw TensorError(
        "restore", "the state is of a loader of \(theirs); this one is of \(ours)",
        help: "make the loader as it was when the state was kept")
    }
    guard state.epoch >= 0, state.epoch < 1 << 53, state.batch >= 0, state.batch <= batchCount,
      state.batch == 0 || state.start != nil, state.start == nil || state.seed != nil
    else {
      throw TensorError(
        "restore", "there is no batch \(state.batch) of \(batchCount) in epoch \(state.epoch)",
        help: "the state was changed after it was kept; take an older one")
    }
    generator.state = state.generator
    if batchSampler.generator !== generator {
      batchSampler.generator.state = state.samplerGenerator
    }
    position.withLock { position in
      position.epoch = state.epoch
      position.batch = state.batch
      position.order = state.seed.map { EpochOrder(seed: $0, start: state.start) }
      position.isRestored = state.seed != nil
      position.token += 1
    }
  }

  /// What the sampler does, as errors say it.
  private var samplerName: String {
    guard let batches = batchSampler as? BatchSampler else {
      return ", by \(type(of: batchSampler))"
    }
    switch batches.sampler {
    case is SequentialSampler: return ""
    case let random as RandomSampler where !random.replacement && random.count == random.available:
      return ", shuffled"
    default: return ", \(batches.sampler.count) of them by \(type(of: batches.sampler))"
    }
  }

  /// Begins an epoch or goes on with a restored one.
  ///
  /// - Returns: what the iterator calls the epoch.
  func begin() throws(TensorError) -> Int {
    try position.withLock { position throws(TensorError) in
      if position.isRestored {
        position.isRestored = false
        return position.token
      }
      // The epoch before was left in its middle.
      if position.order != nil { position.epoch += 1 }
      position.order = EpochOrder(seed: try generator.drawSeed())
      position.batch = 0
      position.token += 1
      return position.token
    }
  }

  /// The batches of an epoch, the seed of its transforms, and the first batch to make.
  func order(_ token: Int) throws(TensorError) -> (batches: [[Int]], seed: UInt64, start: Int) {
    try position.withLock { position throws(TensorError) in
      let source = batchSampler.generator
      guard position.token == token, let order = position.order else {
        // Another epoch has begun since: this one has an order of its own.
        return (try batchSampler.batches(by: source), try generator.drawSeed(), 0)
      }
      if let start = order.start {
        // The generator itself is where it was after this; a copy draws the order again.
        let copy = BlitzTensor.Generator()
        copy.state = start
        return (try batchSampler.batches(by: copy), order.seed, position.batch)
      }
      position.order?.start = source.state
      return (try batchSampler.batches(by: source), order.seed, 0)
    }
  }

  /// Counts a batch that was handed out.
  func advance(_ token: Int) {
    position.withLock { position in
      guard position.token == token else { return }
      position.batch += 1
      if position.batch == batchCount, let sampled, sampled.endsInPart { finish(sampled) }
    }
  }

  /// Counts an epoch whose last batch was handed out.
  func endEpoch(_ token: Int) {
    position.withLock { position in
      guard position.token == token else { return }
      position.epoch += 1
      position.batch = 0
      position.order = nil
      position.token += 1
      if let sampled, !sampled.endsInPart { finish(sampled) }
    }
  }

  private var sampled: BatchSampler? { batchSampler as? BatchSampler }

  /// Asks the sampler for an example beyond the last, as PyTorch does: while it fills a last batch,
  /// or, if that is full, after it. What is drawn then decides the order of the epochs to come.
  private func finish(_ batches: BatchSampler) {
    try? batches.sampler.finish(by: batches.generator)
  }
}
