import Blitz

/// Gradient descent in batches.
struct Training {
  /// What decides how it goes.
  struct Settings: Sendable {
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
    let step = compiledStep()
    for number in 1...settings.epochs {
      var sum = 0.0
      // One batch of everything needs no order.
      let isWhole = settings.batch >= count
      let order =
        isWhole
        ? Array(0..<Int64(count))
        : try Tensor.randperm(count, generator: generator).scalars(as: Int64.self)
      for start in stride(from: 0, to: count, by: settings.batch) {
        if shouldStop() { return }
        let rows = Array(order[start..<min(start + settings.batch, count)])
        let loss = try step(&network.parameters, Tensor(rows, shape: [rows.count])).item()
        guard loss.isFinite else {
          throw RunFailure.run(
            "the loss became \(loss) in epoch \(number): the steps are too large; "
              + "try a --rate below \(settings.rate)")
        }
        sum += settings.sumsRows ? loss : loss * Double(rows.count)
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

  /// One step of gradient descent on the rows that it is given, planned once as a whole: forward
  /// pass, gradients and update.
  private func compiledStep() -> CompiledStep {
    let (data, settings) = (split.training, settings)
    return compile { (parameters: inout [Tensor], rows: [Tensor]) in
      // A batch of everything is in order, so nothing needs to be picked.
      let batch = rows[0].elementCount == data.count ? data : data.rows(rows[0])
      let (loss, gradients) = valueAndGradients(at: parameters) { parameters in
        let answers = TwoLayerNetwork.answers(to: batch.inputs, parameters: parameters)
        let reduction: LossReduction = settings.sumsRows ? .sum : .mean
        switch (settings.loss, batch.labels) {
        case (.crossEntropy, let labels?):
          return crossEntropy(logits: answers, labels: labels, reduction: reduction)
        case (.crossEntropy, nil), (.squaredError, _):
          return squaredError(
            predictions: answers, targets: batch.targets, reduction: reduction)
        }
      }
      for (index, gradient) in gradients.enumerated() {
        // Weights decay, biases do not.
        let decay = index < 2 ? settings.weightDecay : 0
        parameters[index] -=
          settings.rate * (decay > 0 ? gradient + decay * parameters[index] : gradient)
      }
      return loss
    }
  }

  /// The share of rows whose largest answer is the right class, 0...1.
  func accuracy(on data: TrainingData) throws -> Double {
    guard let labels = data.labels else { return .nan }
    let right = network(data.inputs).argmax(axis: 1) .== labels
    return try right.cast(to: .float64).mean().item()
  }
}
