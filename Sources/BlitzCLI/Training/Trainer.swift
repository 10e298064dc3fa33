import Blitz
import BlitzData
import BlitzNN

/// Trains a network on data, step by step, and can be stopped and gone on with at any of them.
final class Trainer {
  let experiment: Experiment
  let split: DataSplit
  let network: NetworkDescription
  let model: any Layer
  /// Where the network computes.
  let device: Device
  /// The network on several devices, if it is.
  private let parallel: DataParallel?
  /// Losses of the last steps that were not read yet: an accelerator is at work on them.
  private var unread: [(loss: Tensor, rows: Int)] = []
  let optimizer: Optimizer
  /// For float16.
  let scaler: LossScaler?
  /// How far training has come.
  var progress = TrainingProgress()
  let loader: DataLoader
  let generator: Generator
  /// Adds gradients up over the processes of a job; nil for a process on its own.
  let exchange: (any GradientExchange)?
  /// Whether somebody has asked this process to stop, and whether the job will.
  private(set) var wantsToStop = false
  var hasAgreedToStop = false
  /// Whether training has ended before its time, because somebody asked.
  private(set) var wasStopped = false
  private let schedule: Schedule

  /// What a step came to.
  struct Step {
    /// The epoch's number, from 1.
    var epoch: Int
    /// Batches of the epoch that are done, and all of them.
    var batch, batchCount: Int
    /// The mean loss of the epoch so far.
    var loss: Double
    var rate: Double
  }

  /// - Parameters:
  ///   - device: where the network computes.
  ///   - generator: has drawn the data; draws the weights, the order and the dropout.
  ///   - exchange: of a job of several processes, which all draw the same order. Dropout then has a
  ///     generator of its own in each.
  init(
    _ experiment: Experiment, _ split: DataSplit, device: Device, generator: Generator,
    exchange: (any GradientExchange)? = nil
  ) throws {
    self.experiment = experiment
    self.split = split
    self.generator = generator
    network = try NetworkDescription(experiment, split)
    if experiment.augment, !split.isImages {
      throw RunFailure.argument(
        "--augment moves and mirrors images; --data \(split.name) has none")
    }
    self.exchange = exchange
    if let exchange, experiment.dropout > 0 {
      // The same weights everywhere, then masks of each process's own, of as many rows as it has.
      let drawing = Generator(seed: experiment.seed)
      drawing.state = generator.state
      model = network.makeNetwork(generator: drawing)
      generator.state = drawing.state
      drawing.seed(experiment.seed &+ UInt64(exchange.process) &+ 1)
    } else {
      model = network.makeNetwork(generator: generator)
    }
    if experiment.devices > 1 {
      let parallel = DataParallel(model, over: device, count: experiment.devices)
      self.parallel = parallel
      self.device = parallel.mesh
      // Before anything is said of the network.
      if let error = model.parameters.first?.parameter.value.error { throw error }
    } else {
      model.to(device)
      parallel = nil
      self.device = device
    }
    optimizer = experiment.makeOptimizer(model)
    optimizer.watchesGradients = true
    scaler = experiment.precision == .float16 ? LossScaler() : nil
    loader = split.trainingLoader(experiment, generator: generator)
    let updates = (loader.batchCount + experiment.accumulate - 1) / experiment.accumulate
    schedule = experiment.makeSchedule(updates: updates * experiment.epochs)
  }

  /// Trains until all epochs are done or somebody asks to stop, which is heard after a step.
  func run(
    shouldStop: () -> Bool, onStep: (Step) -> Void, onEpoch: (RunRecord.Epoch) throws -> Void
  ) throws {
    let step = makeStep()
    let clock = ContinuousClock()
    let evaluator = Evaluator(model: model, network: network, split: split, device: device)
    let accumulate = experiment.accumulate
    while progress.epochs.count < experiment.epochs {
      var start = clock.now
      func takeTime() {
        let now = clock.now
        progress.epochSeconds += (now - start) / .seconds(1)
        start = now
      }
      var batches = loader.batches.makeIterator()
      model.train()
      while true {
        wantsToStop = shouldStop()
        if progress.batch % accumulate == 0 || progress.batch == loader.batchCount,
          exchange == nil ? wantsToStop : hasAgreedToStop
        {
          try readLosses(leaving: 0)
          takeTime()
          wasStopped = true
          return
        }
        guard let batch = batches.next().map(placed) else { break }
        // The last group of an epoch can be smaller.
        let group = progress.batch / accumulate * accumulate
        let size = min(accumulate, loader.batchCount - group)
        unread.append((try step(batch, progress.batch - group + 1, size), batch.count))
        progress.countBatch()
        // The loss of a step is read while the device makes the next.
        try readLosses(leaving: device == .cpu ? 0 : 1)
        onStep(
          Step(
            epoch: progress.epochs.count + 1, batch: progress.batch,
            batchCount: loader.batchCount, loss: meanLoss, rate: optimizer.rate))
      }
      try readLosses(leaving: 0)
      takeTime()
      let epoch = try endEpoch(evaluator, seconds: { takeTime() })
      try onEpoch(epoch)
    }
  }

  /// A batch where the network is.
  private func placed(_ batch: Batch) -> Batch {
    // A process of a job takes its rows first.
    if exchange != nil { return batch }
    return parallel?.split(batch) ?? batch.to(device)
  }

  /// Reads losses, the oldest first.
  private func readLosses(leaving count: Int) throws {
    while unread.count > count {
      let (loss, rows) = unread.removeFirst()
      progress.add(
        loss: try finite(loss, age: unread.count), rows: rows, isSum: experiment.sumsRows)
    }
  }

  /// The mean loss of the epoch's rows so far, or on the original page's data their sum.
  private var meanLoss: Double {
    experiment.sumsRows ? progress.lossSum : progress.lossSum / Double(max(progress.rows, 1))
  }

  /// Measures what the epoch came to, and begins the next.
  private func endEpoch(
    _ evaluator: Evaluator, seconds: () -> Void
  ) throws -> RunRecord.Epoch {
    var epoch = RunRecord.Epoch(
      number: progress.epochs.count + 1, stepCount: optimizer.stepCount, trainingLoss: meanLoss,
      rate: optimizer.rate, seconds: 0)
    if let test = split.test, exchange?.process ?? 0 == 0 {
      if split.hasClasses {
        let sample = try evaluator.sample(of: split.training)
        epoch.trainingAccuracy = try evaluator.figures(sample).accuracy
      }
      let figures = try evaluator.figures(test)
      epoch.testAccuracy = figures.accuracy
      epoch.testLoss = figures.loss.isFinite ? figures.loss : nil
    }
    if experiment.schedule == .plateau {
      let figure = try shared(epoch.testLoss ?? epoch.trainingLoss)
      optimizer.follow(&progress.plateau, figure: figure)
    }
    seconds()
    epoch.seconds = progress.epochSeconds
    progress.end(epoch)
    return epoch
  }

  /// A step: forward pass, gradients and, with the last batch of a group, the update.
  ///
  /// - Returns: a function of a batch, its place in the group from 1 and the group's size, which
  ///   gives the batch's loss before the update.
  private func makeStep() -> (_ batch: Batch, _ place: Int, _ size: Int) throws -> Tensor {
    let clipping = experiment.clip.map { Clipping.norm($0) }
    let precision = experiment.precision
    if let exchange { return makeStep(exchange, clipping) }
    if experiment.accumulate == 1 {
      // Planned once as a whole.
      let compiled = compile(model, optimizer, clipping: clipping, scaler: scaler) {
        [model, network] x, y in
        autocast(to: precision) { network.loss(of: model(x), y) }
      }
      return { [self] batch, _, _ in
        follow()
        return try compiled(batch.inputs, batch.labels)
      }
    }
    return { [self] batch, place, size in
      follow()
      let loss = autocast(to: precision) {
        network.loss(of: model(batch.inputs), batch.labels)
      }
      let part = network.isUnscaled ? loss : loss / Double(size)
      try (scaler?.scale(part) ?? part).backward(accumulate: true)
      if place == size {
        try update(clipping)
      } else {
        // Sums of gradients need no more memory than one; their graphs would.
        try eval([loss] + model.parameters.map { $0.parameter.value.grad })
      }
      return loss
    }
  }

  /// Changes the weights by the gradients that there are.
  func update(_ clipping: Clipping?) throws {
    try scaler?.unscale(optimizer)
    if let clipping { optimizer.clipGradients(clipping) }
    if let scaler { try scaler.step(optimizer) } else { try optimizer.step() }
  }

  /// Sets the rate for the next step.
  func follow() {
    if experiment.schedule != .plateau { optimizer.follow(schedule, at: optimizer.stepCount) }
  }
}

extension NetworkDescription {
  /// The loss of answers `[rows, outputs]`, for labels `[rows]` or numbers of the answers' shape.
  func loss(of answers: Tensor, _ labels: Tensor, reduction: LossReduction? = nil) -> Tensor {
    let reduction = reduction ?? (isUnscaled ? .sum : .mean)
    switch loss {
    case .mse:
      let (mean, deviation) = (target?.mean.first ?? 0, target?.deviation.first ?? 1)
      return squaredError(
        predictions: answers, targets: (labels - mean) / deviation, reduction: reduction)
    case .crossEntropy:
      return crossEntropy(logits: answers, labels: labels, reduction: reduction)
    case .squaredError:
      let targets =
        labels.dtype.isFloating
        ? labels : labels.oneHot(classCount: outputSize).cast(to: answers.dtype)
      return squaredError(predictions: answers, targets: targets, reduction: reduction)
    }
  }
}
