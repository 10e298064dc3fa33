import BlitzTensor

extension DataLoader {
  /// Where the loader is.
  struct Position: Sendable {
    /// Epochs that have ended or been left.
    var epoch = 0
    /// Batches of the epoch under way that have been handed out.
    var batch = 0
    /// How the generator stood before the epoch under way drew from it; nil between epochs.
    var start: BlitzTensor.Generator.State?
    /// Whether the epoch under way is to be gone on with by the next `for`.
    var isRestored = false
    /// Grows with every epoch begun, so that an iterator of an older one changes nothing.
    var token = 0
  }

  /// The place in the data: everything that decides which batches are still to come.
  ///
  /// Made by ``DataLoader/state``. Being `Codable`, it can go into a checkpoint.
  public struct State: Codable, Equatable, Sendable {
    /// Epochs that have ended, or were left before their end.
    public let epoch: Int
    /// Batches of the epoch under way that have been handed out.
    public let batch: Int
    /// How the generator stood before the epoch drew from it; nil between epochs.
    let start: BlitzTensor.Generator.State?
    /// How the generator stood when the state was read.
    let generator: BlitzTensor.Generator.State
    let exampleCount: Int
    let batchSize: Int
    let dropLast: Bool
    let shuffles: Bool
  }

  /// Where the loader is now, in the middle of an epoch or between two.
  ///
  /// Batches that were made ahead of time but not handed out do not count.
  public var state: State {
    position.withLock { position in
      State(
        epoch: position.epoch, batch: position.batch, start: position.start,
        generator: generator.state, exampleCount: dataset.count, batchSize: batchSize,
        dropLast: dropLast, shuffles: shuffles)
    }
  }

  /// Goes back to a state: the next `for` hands out the batches that were still to come, the same
  /// as if it had never stopped, and the epochs after it are the same too.
  ///
  ///     let kept = loader.state                   // in a checkpoint
  ///     try loader.restore(kept)
  ///     for epoch in kept.epoch..<5 { for batch in loader { ... } }
  ///
  /// The generator that shuffles (``Generator/shared`` if none does) goes back to where it stood
  /// when the state was read.
  ///
  /// - Throws: `TensorError` if the state is of a loader over another number of examples, with
  ///   another batch size, or that shuffles or drops the last batch where this one does not.
  public func restore(_ state: State) throws(TensorError) {
    func summary(_ count: Int, _ size: Int, _ shuffles: Bool, _ drops: Bool) -> String {
      "\(count) examples in batches of \(size)\(shuffles ? ", shuffled" : "")"
        + (drops ? ", the last dropped" : "")
    }
    let theirs = summary(state.exampleCount, state.batchSize, state.shuffles, state.dropLast)
    let ours = summary(dataset.count, batchSize, shuffles, dropLast)
    guard theirs == ours else {
      throw TensorError(
        "restore", "the state is of a loader of \(theirs); this one is of \(ours)",
        help: "make the loader as it was when the state was kept")
    }
    guard state.epoch >= 0, state.epoch < 1 << 53, state.batch >= 0, state.batch <= batchCount,
      state.batch == 0 || state.start != nil
    else {
      throw TensorError(
        "restore", "there is no batch \(state.batch) of \(batchCount) in epoch \(state.epoch)",
        help: "the state was changed after it was kept; take an older one")
    }
    generator.state = state.generator
    position.withLock { position in
      position.epoch = state.epoch
      position.batch = state.batch
      position.start = state.start
      position.isRestored = state.start != nil
      position.token += 1
    }
  }

  /// Begins an epoch or goes on with a restored one.
  ///
  /// - Returns: the order, what the iterator calls the epoch, and the first batch to make.
  func begin() throws(TensorError) -> (EpochOrder, token: Int, batch: Int) {
    try position.withLock { position throws(TensorError) in
      let isShared = generator === BlitzTensor.Generator.shared
      if position.isRestored, let start = position.start {
        // The generator itself is where it was after this; a copy draws the order again.
        let copy = BlitzTensor.Generator()
        copy.state = start
        let order = try EpochOrder(
          count: dataset.count, shuffles: shuffles, by: copy, isShared: isShared)
        position.isRestored = false
        return (order, position.token, position.batch)
      }
      // The epoch before was left in its middle.
      if position.start != nil { position.epoch += 1 }
      let start = generator.state
      let order = try EpochOrder(
        count: dataset.count, shuffles: shuffles, by: generator, isShared: isShared)
      position.batch = 0
      position.start = start
      position.token += 1
      return (order, position.token, 0)
    }
  }

  /// Counts a batch that was handed out.
  func advance(_ token: Int) {
    position.withLock { position in
      guard position.token == token else { return }
      position.batch += 1
      if position.batch == batchCount && endsInPart { drawLeftover() }
    }
  }

  /// Counts an epoch whose last batch was handed out.
  func endEpoch(_ token: Int) {
    position.withLock { position in
      guard position.token == token else { return }
      position.epoch += 1
      position.batch = 0
      position.start = nil
      position.token += 1
      if !endsInPart { drawLeftover() }
    }
  }

  /// Whether the last batch is handed out though it is not full.
  private var endsInPart: Bool { !dropLast && dataset.count % batchSize != 0 }

  /// PyTorch's sampler draws an order once more when it is asked for an example beyond the last,
  /// and uses none of it: while it fills a last batch, or, if that is full, after it. The epochs
  /// to come have PyTorch's order only if this draws it too.
  private func drawLeftover() {
    if shuffles && generator !== BlitzTensor.Generator.shared {
      _ = Tensor.randperm(dataset.count, generator: generator)
    }
  }
}
