import Blitz

/// Gradient descent in batches.
struct Training {
  /// What decides how it goes.
  struct Settings {
    var loss: TrainingLoss
    var batch: Int
    var rate: Double
    var weightDecay: Double
    var epochs: Int
    /// Whether the loss of a batch is the sum over its rows, as on the original page, or the mean.
    var sumsRows: Bool
  }

  /// What an epoch came to.
  struct Epoch {
    /// From 1.
    var number: Int
    /// The mean over the steps' losses, or of the rows if batches are unequal.
    var loss: Double
    /// The share of training and test rows whose largest answer is the right class; nil if there
    /// are no classes.
    var accuracy: (training: Double, test: Double)?
  }

  private(set) var network: TwoLayerNetwork
  private let split: TrainingSplit
  private let settings: Settings
  private let generator: Generator

  init(
    network: TwoLayerNetwork, split: TrainingSplit, settings: Settings, generator: Generator
  ) {
    self.network = network
    self.split = split
    self.settings = settings
    self.generator = generator
  }

  /// Trains until all epochs are done or somebody asks to stop, and tells of each epoch.
  mutating func run(
    shouldStop: () -> Bool, onEpoch: (Epoch) throws -> Void
  ) throws {
    let count = split.training.count
    for number in 1...settings.epochs {
      var sum = 0.0
      // One batch of everything needs no order.
      let isWhole = settings.batch >= count
      let order =
        isWhole
        ? []
        : try Tensor.randperm(count, generator: generator).scalars(as: Int64.self)
          .map { Int($0) }
      for start in stride(from: 0, to: count, by: settings.batch) {
        if shouldStop() { return }
        let end = min(start + settings.batch, count)
        let batch = isWhole ? split.training : split.training.rows(order[start..<end])
        let loss = self.loss(of: network(batch.inputs), on: batch)
        let value = try loss.item()
        guard value.isFinite else {
          throw RunFailure.run(
            "the loss became \(value) in epoch \(number): the steps are too large; "
              + "try a --rate below \(settings.rate)")
        }
        sum += settings.sumsRows ? value : value * Double(end - start)
        try loss.backward()
        network.step(rate: settings.rate, weightDecay: settings.weightDecay)
      }
      var accuracy: (Double, Double)?
      if let test = split.test {
        accuracy = (try self.accuracy(on: split.training), try self.accuracy(on: test))
      }
      try onEpoch(
        Epoch(
          number: number, loss: settings.sumsRows ? sum : sum / Double(count),
          accuracy: accuracy))
    }
  }

  /// How wrong the answers are: a single number.
  private func loss(of answers: Tensor, on batch: TrainingData) -> Tensor {
    let sum =
      switch settings.loss {
      case .squaredError: (answers - batch.targets).square().sum()
      case .crossEntropy: -(answers.logSoftmax(axis: 1) * batch.targets).sum()
      }
    return settings.sumsRows ? sum : sum / Double(batch.count)
  }

  /// The share of rows whose largest answer is the right class, 0...1.
  func accuracy(on data: TrainingData) throws -> Double {
    guard let labels = data.labels else { return .nan }
    return try noGrad {
      let right = network(data.inputs).argmax(axis: 1) .== labels
      return try right.cast(to: .float64).mean().item()
    }
  }
}
