import Blitz
import BlitzData
import BlitzNN

/// All that makes a network but its weights: saved with these, it makes the network again.
struct NetworkDescription: Codable, Sendable {
  var model: ModelKind
  var hidden: HiddenSizes
  var bias: Bool
  var dropout: Double
  /// What it was trained with, which says how its answers are read.
  var loss: TrainingLoss
  /// The shape of an example.
  var inputShape: [Int]
  var outputSize: Int
  var classNames: [String]
  var scaling: Scaling?
  /// How a table's columns become inputs and labels.
  var table: CSV.Layout?
  /// The mean and the deviation of labels that are numbers; it answers them less the mean, divided
  /// by the deviation.
  var target: Scaling?
  /// Whether the weights of the two-layer network start as the original page's do.
  var isUnscaled: Bool

  init(_ experiment: Experiment, _ split: DataSplit) throws {
    self.init(
      experiment, inputShape: split.inputShape, outputSize: split.outputSize,
      classNames: split.classNames, scaling: split.scaling)
    table = split.table
    target = split.target
    try check(data: split.name)
  }

  init(
    _ experiment: Experiment, inputShape: [Int], outputSize: Int, classNames: [String] = [],
    scaling: Scaling? = nil
  ) {
    model = experiment.model
    hidden = experiment.hidden
    bias = experiment.bias
    dropout = experiment.dropout
    loss = experiment.loss
    isUnscaled = experiment.sumsRows
    self.inputShape = inputShape
    self.outputSize = outputSize
    self.classNames = classNames
    self.scaling = scaling
  }

  /// Finds out whether the network takes such data.
  func check(data: String) throws {
    guard model == .conv else { return }
    guard inputShape.count == 3 else {
      throw RunFailure.argument(
        "--model conv takes images, not --data \(data); it takes --model two-layer or mlp")
    }
    guard inputShape[1] >= 4, inputShape[2] >= 4 else {
      throw RunFailure.argument(
        "--model conv takes images of 4 x 4 pixels at least, "
          + "those of \(data) are \(inputShape[2]) x \(inputShape[1])")
    }
  }

  /// The network with fresh weights.
  func makeNetwork(generator: Generator = .shared) -> any Layer {
    let inputSize = inputShape.reduce(1, *)
    let drop: [any Layer] = dropout > 0 ? [Dropout(dropout, generator: generator)] : []
    switch model {
    case .twoLayer:
      return TwoLayerNetwork(
        inputSize: inputSize, hiddenSize: hidden.sizes[0], outputSize: outputSize, hasBias: bias,
        isUnscaled: isUnscaled, generator: generator)
    case .mlp:
      var layers: [any Layer] = inputShape.count > 1 ? [Flatten()] : []
      var size = inputSize
      for next in hidden.sizes {
        layers += [Linear(size, next, generator: generator), ReLU()] + drop
        size = next
      }
      return Sequential(layers + [Linear(size, outputSize, generator: generator)])
    case .conv:
      // Two poolings halve the sides, rounding down.
      let size = 64 * (inputShape[1] / 4) * (inputShape[2] / 4)
      return Sequential(
        [
          Conv2d(inputShape[0], 32, size: 3, padding: 1, generator: generator), ReLU(),
          MaxPool2d(2),
          Conv2d(32, 64, size: 3, padding: 1, generator: generator), ReLU(), MaxPool2d(2),
          Flatten(), Linear(size, hidden.sizes[0], generator: generator), ReLU(),
        ] + drop + [Linear(hidden.sizes[0], outputSize, generator: generator)])
    }
  }

  /// The sizes from input to output, "784-256-10".
  var sizes: String {
    var sizes = [inputShape.reduce(1, *)] + hidden.sizes + [outputSize]
    if model == .conv { sizes.replaceSubrange(0..<1, with: [32, 64]) }
    return (model == .conv ? "conv " : "") + sizes.map(String.init).joined(separator: "-")
  }

  /// The probability of each class, from the network's answers `[rows, classes]`.
  ///
  /// Cross-entropy makes answers whose softmax is the probability. Squared error makes answers that
  /// are estimates of it themselves; what is below 0 counts as 0, and the rest is made to sum to 1.
  func probabilities(_ answers: Tensor) -> Tensor {
    switch loss {
    case .mse: return answers
    case .crossEntropy: return answers.softmax(axis: 1)
    case .squaredError:
      let positive = answers.clamp(min: 1e-6)
      return positive / positive.sum(axis: 1, keepDims: true)
    }
  }

  /// The numbers that the network tells, in the label's own unit, from its answers `[rows, 1]`.
  func numbers(_ answers: Tensor) throws -> [Double] {
    let (mean, deviation) = (target?.mean.first ?? 0, target?.deviation.first ?? 1)
    return try answers.scalars(as: Float.self).map {
      Double($0) * Double(deviation) + Double(mean)
    }
  }
}
