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
  func check(data: String) throws { try model.definition.check(inputShape: inputShape, data: data) }

  /// The network with fresh weights.
  func makeNetwork(generator: Generator = .shared) -> any Layer {
    model.definition.makeNetwork(self, generator: generator)
  }

  /// What leaves out hidden units in training, if something does.
  func dropoutLayers(generator: Generator) -> [any Layer] {
    dropout > 0 ? [Dropout(dropout, generator: generator)] : []
  }

  /// The sizes from input to output, "784-256-10".
  var sizes: String { model.definition.sizes(self) }

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

  /// The numbers that the network tells as a tensor, `[rows]`, in the label's own unit.
  func numbers(ofAnswers answers: Tensor) -> Tensor {
    let (mean, deviation) = labelUnit
    return answers.squeezed(axis: 1) * deviation + mean
  }

  /// The numbers that the network tells, in the label's own unit, from its answers `[rows, 1]`.
  func numbers(_ answers: Tensor) throws -> [Double] {
    let (mean, deviation) = labelUnit
    return try answers.scalars(as: Float.self).map {
      Double($0) * Double(deviation) + Double(mean)
    }
  }

  /// What a label's numbers were moved and divided by for training.
  private var labelUnit: (mean: Float, deviation: Float) {
    (target?.mean.first ?? 0, target?.deviation.first ?? 1)
  }
}
