import Blitz
import BlitzData

/// Rows of numbers, each with the answer that the network should give.
struct TrainingData {
  /// What the data is called in messages.
  var name: String
  /// What the network is given: float32 `[rows, inputSize]`.
  var inputs: Tensor
  /// What it should answer: float32 `[rows, outputSize]`; one-hot for classes.
  var targets: Tensor
  /// The class of each row, int64 `[rows]`; nil if the targets are not classes.
  var labels: Tensor?

  /// How many rows there are.
  var count: Int { inputs.shape[0] }

  /// Some of the rows, in the order of `places`, int64 `[rows]`.
  func rows(_ places: Tensor) -> TrainingData {
    TrainingData(
      name: name, inputs: inputs.indexSelect(axis: 0, indices: places),
      targets: targets.indexSelect(axis: 0, indices: places),
      labels: labels?.indexSelect(axis: 0, indices: places))
  }
}

/// Data to learn from, and data that is held out to see what was learnt.
struct TrainingSplit {
  /// What the network learns from.
  var training: TrainingData
  /// What it never sees; nil if there are no classes to be right about.
  var test: TrainingData?
  /// What was subtracted from each column and what it was then divided by, float32
  /// `[inputSize]`; nil if the numbers are used as they are.
  var scaling: (mean: Tensor, deviation: Tensor)?

  /// The original page's setting: 64 rows of 1000 random numbers and 10 random targets.
  static func random(generator: Generator, device: Device) -> TrainingSplit {
    // In the order of the page, so that the numbers are those of PyTorch for the seed.
    let inputs = Tensor.randn([64, 1000], generator: generator, device: device)
    let targets = Tensor.randn([64, 10], generator: generator, device: device)
    return TrainingSplit(
      training: TrainingData(name: "random", inputs: inputs, targets: targets))
  }

  /// The handwritten digits; a fifth is held out.
  static func digits(generator: Generator, device: Device) throws -> TrainingSplit {
    let digits = Digits()
    return try TrainingSplit(
      name: "digits", features: digits.pixels, labels: digits.labels, isScaled: true,
      generator: generator, device: device)
  }

  /// A CSV file; a fifth of its rows is held out.
  static func csv(path: String, generator: Generator, device: Device) throws -> TrainingSplit {
    let table: CSV
    do throws(DataError) {
      table = try CSV(path: path)
    } catch {
      // A slip in a name that was meant otherwise deserves a hint.
      let hint =
        path.contains(".") || path.contains("/")
        ? ""
        : "; --data takes digits, random "
          + "or the name of a CSV file"
      throw RunFailure.run("\(error)\(hint)")
    }
    return try TrainingSplit(
      name: path, features: table.features, labels: table.labels, isScaled: false,
      generator: generator, device: device)
  }

  /// Rows with classes, split by a random order.
  ///
  /// - Parameter isScaled: whether the features are used as they are. Otherwise every column is
  ///   brought to mean 0 and deviation 1 over the training rows, so that one rate suits all.
  private init(
    name: String, features: [Float], labels: [Int], isScaled: Bool, generator: Generator,
    device: Device
  ) throws {
    let count = labels.count
    guard count >= 5 else {
      throw RunFailure.run(
        "\(name): a fifth of the rows is held out, so 5 are needed at least; it has \(count)")
    }
    let classCount = (labels.max() ?? 0) + 1
    guard classCount >= 2 else {
      throw RunFailure.run("\(name): every label is 0; at least two classes are needed")
    }
    let order = Tensor.randperm(count, generator: generator, device: device)
    let classes = Tensor(labels.map(Int64.init), shape: [count], device: device)
    let all = TrainingData(
      name: name,
      inputs: Tensor(features, shape: [count, features.count / count], device: device),
      targets: classes.oneHot(classCount: classCount), labels: classes)
    var test = all.rows(order[..<(count / 5)])
    training = all.rows(order[(count / 5)...])
    if !isScaled {
      let mean = training.inputs.mean(axis: 0)
      let deviation = training.inputs.std(axis: 0, correction: 0)
      // A column that never changes tells nothing; dividing by 1 leaves it at 0.
      let divisor = Tensor.where(deviation .> 1e-12, deviation, 1)
      training.inputs = (training.inputs - mean) / divisor
      test.inputs = (test.inputs - mean) / divisor
      scaling = (mean, divisor)
    }
    self.test = test
    try eval(training.inputs, training.targets, test.inputs, test.targets)
  }

  private init(training: TrainingData) { self.training = training }
}
