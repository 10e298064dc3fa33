import BlitzPlot
import ArgumentParser
import Blitz
import BlitzData

/// `blitz evaluate`: how well a trained network does.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure a trained network: accuracy, and which classes it confuses.",
    discussion: """
      Without --data it is measured on the rows that its training held out; a CSV file or a folder \
      of images is used as a whole.
      """)

  @Argument(help: ArgumentHelp("A folder that blitz train --out has written.", valueName: "DIR"))
  var folder: String

  @Option(
    help: ArgumentHelp(
      "Measure on other data than that of the training.",
      valueName: "digits|fashion-mnist|spirals|iris|FILE.csv|DIR"))
  var data: String?

  @Option(help: ArgumentHelp("Where Fashion-MNIST's four files are.", valueName: "DIR"))
  var dataDir: String?

  @Option(help: Device.argumentHelp)
  var device: String?

  @Flag(help: "Print one JSON object, for programs.")
  var json = false

  func run() throws {
    let device = try Device.requested(device ?? "cpu")
    let saved = try SavedNetwork(folder: folder)
    guard !saved.network.classNames.isEmpty else {
      throw RunFailure.run("\(folder): its network answers numbers, not classes to be right about")
    }
    var choices = try ConfigFile.read(RunFolder(existing: folder).configPath)
    if let data {
      // Settings of the training, such as its augmentation, are not about other data.
      choices = Choices(data: data, dataDir: dataDir, seed: choices.seed)
    } else if let dataDir {
      choices.dataDir = dataDir
    }
    let experiment = try Experiment(choices)
    let (dataset, name) = try examples(experiment, like: saved.network)
    let split = DataSplit(
      name: name, training: dataset, inputShape: saved.network.inputShape,
      outputSize: saved.network.outputSize, classNames: saved.network.classNames,
      scaling: saved.network.scaling, workers: dataset is ImageFolder ? 2 : 0)
    saved.model.to(device)
    let assessment = try Evaluator(
      model: saved.model, network: saved.network, split: split, device: device
    ).assess(dataset)
    if json { tell(assessment, saved.network, name) } else { show(assessment, saved.network, name) }
  }

  /// The examples to measure on.
  private func examples(
    _ experiment: Experiment, like network: NetworkDescription
  ) throws -> (any Dataset, name: String) {
    let name = experiment.data
    if data != nil, DataName(rawValue: name) == nil {
      let dataset: any Dataset
      let (shape, labels): ([Int], [Int])
      if DataName.isFolder(name) {
        guard network.inputShape.count == 3 else {
          throw RunFailure.run(
            "\(name): has images; the network of \(folder) takes rows of \(network.inputShape[0])")
        }
        let images = try DataSplit.imageFolder(name, like: network.inputShape)
        (dataset, shape, labels) = (images, network.inputShape, images.labels)
      } else {
        let table = try CSV(path: name)
        (dataset, shape, labels) = (table, [table.columnCount], table.labels)
      }
      try check(shape, network, name)
      if let label = labels.first(where: { $0 >= network.outputSize }) {
        throw RunFailure.run(
          "\(name): has the label \(label); the network of \(folder) has \(network.outputSize) "
            + "classes, from 0")
      }
      return (dataset, name)
    }
    let split = try DataSplit.load(experiment, generator: Generator(seed: experiment.seed))
    try check(split.inputShape, network, name)
    guard let test = split.test, split.outputSize == network.outputSize else {
      throw RunFailure.run(
        "\(name): has \(split.hasClasses ? "\(split.outputSize)" : "no") classes; "
          + "the network of \(folder) has \(network.outputSize)")
    }
    return (test, "\(name), held out")
  }

  private func check(_ shape: [Int], _ network: NetworkDescription, _ name: String) throws {
    guard shape == network.inputShape else {
      throw RunFailure.run(
        "\(name): has inputs of shape \(shape); the network of \(folder) takes "
          + "\(network.inputShape)")
    }
  }

  private func tell(
    _ assessment: Evaluator.Assessment, _ network: NetworkDescription, _ name: String
  ) {
    print(
      JSONLine([
        "event": "evaluation", "data": .string(name), "accuracy": .number(assessment.accuracy),
        "loss": .number(assessment.loss), "count": .integer(assessment.count),
        "classes": .list(network.classNames.map { .string($0) }),
        "confusion": .list(assessment.confusion.map { .list($0.map { .integer($0) }) }),
      ]))
  }

  private func show(
    _ assessment: Evaluator.Assessment, _ network: NetworkDescription, _ name: String
  ) {
    print(
      "\(name): \((100 * assessment.accuracy).decimal(2)) % right "
        + "(\(assessment.rightCount) of \(assessment.count)), loss \(assessment.loss.short)\n")
    for line in ConfusionTable(assessment.confusion, network.classNames).lines { print(line) }
  }
}
