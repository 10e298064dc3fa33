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
      Without --data it is measured on the rows that its training held out; a table or a folder of \
      images is used as a whole. Columns of a table are found by their names, if they have any.
      """)

  @Argument(help: ArgumentHelp("A folder that blitz train --out has written.", valueName: "DIR"))
  var folder: String

  @Option(
    help: ArgumentHelp(
      "Measure on other data than that of the training.",
      valueName: DataName.valueName))
  var data: String?

  @Option(help: ArgumentHelp("The folder of the files of \(DataName.withFiles).", valueName: "DIR"))
  var dataDir: String?

  @Option(help: "Whether the first row of a table holds names. (default: as the rows look)")
  var header: HeaderChoice?

  @Option(help: Device.argumentHelp)
  var device: String?

  @Flag(help: "Print one JSON object, for programs.")
  var json = false

  func run() throws {
    let device = try Device.requested(device ?? "cpu")
    let saved = try SavedNetwork(folder: folder)
    guard !saved.network.classNames.isEmpty || saved.network.target != nil else {
      throw RunFailure.run("\(folder): its network answers numbers, with no right ones")
    }
    var choices = try ConfigFile.read(RunFolder(existing: folder).configPath)
    if let data {
      // Settings of the training, such as its augmentation, are not about other data.
      var own = Choices()
      (own.data, own.dataDir, own.header, own.seed) = (data, dataDir, header, choices.seed)
      choices = own
    } else if let dataDir {
      choices.dataDir = dataDir
    }
    let experiment = try Experiment(choices)
    let (dataset, name, notes) = try examples(experiment, like: saved.network)
    let split = DataSplit(
      name: name, training: dataset, inputShape: saved.network.inputShape,
      outputSize: saved.network.outputSize, classNames: saved.network.classNames,
      target: saved.network.target, scaling: saved.network.scaling,
      workers: dataset is ImageFolder ? 2 : 0)
    saved.model.to(device)
    if !json { for note in notes { BlitzPlot.tell("\(name): \(note)") } }
    let evaluator = Evaluator(
      model: saved.model, network: saved.network, split: split, device: device)
    guard saved.network.target == nil else {
      tell(try evaluator.fit(dataset), name)
      return
    }
    let assessment = try evaluator.assess(dataset)
    if json {
      try tell(assessment, saved.network, name)
    } else {
      try show(assessment, saved.network, name)
    }
  }

  /// The examples to measure on.
  private func examples(
    _ experiment: Experiment, like network: NetworkDescription
  ) throws -> (any Dataset, name: String, notes: [String]) {
    let name = experiment.data
    if data != nil, DataName(rawValue: name) == nil {
      if DataName.isFolder(name) {
        guard network.inputShape.count == 3 else {
          throw RunFailure.run(
            "\(name): has images; the network of \(folder) takes rows of \(network.inputShape[0])")
        }
        let images = try DataSplit.imageFolder(name, like: network.inputShape)
        guard images.classNames == network.classNames else {
          throw RunFailure.run(
            "\(name): has the classes \(images.classNames.joined(separator: ", ")); the network of "
              + "\(folder) has \(network.classNames.joined(separator: ", "))")
        }
        return (images, name, [])
      }
      guard let layout = network.table else {
        throw RunFailure.run("\(name): is a table; the network of \(folder) takes images")
      }
      let table = try CSV(
        path: name, like: layout, hasLabels: true, hasHeader: header.map { $0 == .yes })
      return (table, name, table.notes)
    }
    let split = try DataSplit.load(experiment, generator: Generator(seed: experiment.seed))
    try check(split.inputShape, network, name)
    guard let test = split.test, split.outputSize == network.outputSize else {
      throw RunFailure.run(
        "\(name): has \(split.hasClasses ? "\(split.outputSize)" : "no") classes; "
          + "the network of \(folder) has \(network.outputSize)")
    }
    return (test, "\(name), held out", [])
  }

  private func check(_ shape: [Int], _ network: NetworkDescription, _ name: String) throws {
    guard shape == network.inputShape else {
      throw RunFailure.run(
        "\(name): has inputs of shape \(shape); the network of \(folder) takes "
          + "\(network.inputShape)")
    }
  }

  private func tell(_ fit: RegressionMetrics, _ name: String) {
    guard json else {
      BlitzPlot.tell(
        "\(name): root mean square error \(fit.rootMeanSquaredError.short), mean absolute error "
          + "\(fit.meanAbsoluteError.short), R\u{00B2} \(fit.r2.decimal(3)), of \(fit.count) rows")
      return
    }
    print(
      JSONLine([
        "event": "evaluation", "data": .string(name),
        "root_mean_square": .number(fit.rootMeanSquaredError),
        "mean_absolute": .number(fit.meanAbsoluteError), "r2": .number(fit.r2),
        "count": .integer(fit.count),
      ]))
  }

  private func tell(
    _ assessment: Evaluator.Assessment, _ network: NetworkDescription, _ name: String
  ) throws {
    print(
      JSONLine([
        "event": "evaluation", "data": .string(name),
        "accuracy": .number(assessment.metrics.accuracy), "loss": .number(assessment.loss),
        "count": .integer(assessment.metrics.count),
        "classes": .list(network.classNames.map { .string($0) }),
        "confusion": .list(try assessment.confusion().map { .list($0.map { .integer($0) }) }),
      ]))
  }

  private func show(
    _ assessment: Evaluator.Assessment, _ network: NetworkDescription, _ name: String
  ) throws {
    let metrics = assessment.metrics
    BlitzPlot.tell(
      "\(name): \((100 * metrics.accuracy).decimal(2)) % right "
        + "(\(metrics.rightCount) of \(metrics.count)), loss \(assessment.loss.short)\n")
    for line in ConfusionTable(try assessment.confusion(), network.classNames).lines { print(line) }
  }
}
