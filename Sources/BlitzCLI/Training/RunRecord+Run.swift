import BlitzPlot
import Blitz
import BlitzData
import BlitzNN

extension RunRecord {
  /// What a run has come to, measured on its test data.
  init(
    _ trainer: Trainer, assessment: Evaluator.Assessment?, fit: RegressionMetrics? = nil,
    seconds: Double
  ) throws {
    let (split, network) = (trainer.split, trainer.network)
    let epochs = trainer.progress.epochs
    let result =
      assessment.map { "\((100 * $0.metrics.accuracy).decimal(1)) % of the held-out rows right" }
      ?? fit.map { "root mean square error \($0.rootMeanSquaredError.short) on the held-out rows" }
      ?? "loss \(epochs.last?.trainingLoss.short ?? "unknown")"
    self.init(
      title: "\(split.name): \(result)",
      settings: trainer.experiment.record.told,
      epochs: epochs, classNames: network.classNames, confusion: try assessment?.confusion(),
      testAccuracy: assessment?.metrics.accuracy, seconds: seconds,
      parameterCount: trainer.model.parameterCount, version: Blitz.configuration.version)
    firstLayer = try RunRecord.firstLayer(of: trainer.model, network)
    if let test = split.test, let assessment {
      mistakes = try assessment.mistakes.map { mistake in
        Mistake(
          input: try split.picture(of: mistake.index, in: test), index: mistake.index,
          truth: mistake.truth, prediction: mistake.prediction, probability: mistake.probability)
      }
    }
  }

  /// The weights of the first layer as pictures: of its first 64 units, if they look at pictures.
  private static func firstLayer(
    of model: any Layer, _ network: NetworkDescription
  ) throws -> [WeightPicture] {
    guard network.inputShape.count == 3,
      let weight = model.parameters.first?.parameter.value.detached()
    else { return [] }
    let (units, shape) = network.model.definition.firstUnits(
      weight, inputShape: network.inputShape)
    let numbers = try units.scalars(as: Float.self)
    let size = shape.reduce(1, *)
    return (0..<min(units.shape[0], 64)).map { unit in
      WeightPicture(
        width: shape[2], height: shape[1], channelCount: shape[0],
        values: Array(numbers[unit * size..<(unit + 1) * size]))
    }
  }
}

extension DataSplit {
  /// An example as somebody can look at it.
  fileprivate func picture(
    of index: Int, in dataset: any Dataset
  ) throws -> RunRecord.Mistake.Input {
    let inputs = dataset.batch(at: [index]).inputs
    if isImages, inputShape[0] == 1 || inputShape[0] == 3 {
      return .image(try Image(inputs[0]))
    }
    let numbers = try inputs.scalars(as: Float.self)
    let columnNames = table?.inputNames ?? []
    let cells = numbers.prefix(8).enumerated().map { place, number in
      columnNames.indices.contains(place)
        ? "\(columnNames[place]) \(Double(number).short)" : Double(number).short
    }
    return .text(cells.joined(separator: ", ") + (numbers.count > 8 ? ", ..." : ""))
  }
}
