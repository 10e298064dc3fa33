import ArgumentParser
import Blitz
import BlitzNN

/// `blitz summary`: a table of a network's layers.
struct SummaryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "summary",
    abstract: "Show a network's layers, their shapes and how many weights they have.",
    discussion: """
      Either of a folder that blitz train --out has written, or of the network that blitz train \
      would make with these options.
      """)

  @Argument(help: ArgumentHelp("A folder that blitz train --out has written.", valueName: "DIR"))
  var folder: String?

  @Option(
    help: ArgumentHelp(
      "What it is to learn. (default: digits)",
      valueName: DataName.valueName))
  var data: String?

  @Option(help: "The network, as for blitz train.")
  var model: ModelKind?

  @Option(parsing: .unconditional, help: "Units of the hidden layer, or a list for mlp.")
  var hidden: HiddenSizes?

  @Flag(help: "Add a bias to both layers of the two-layer network.")
  var bias = false

  @Option(parsing: .unconditional, help: "The share of hidden units left out in training.")
  var dropout: Double?

  func run() throws {
    if let folder {
      guard data == nil, model == nil, hidden == nil, !bias, dropout == nil else {
        throw RunFailure.argument(
          "\(folder) says itself what network it has; leave the options out, or the folder")
      }
      let saved = try SavedNetwork(folder: folder)
      print(saved.model.summary(inputShape: Shape([1] + saved.network.inputShape)))
      return
    }
    var choices = Choices()
    (choices.data, choices.model, choices.hidden) = (data, model, hidden)
    (choices.bias, choices.dropout) = (bias ? true : nil, dropout)
    let experiment = try Experiment(choices)
    let network: NetworkDescription
    if let name = DataName(rawValue: experiment.data) {
      let layout = name.layout
      network = NetworkDescription(
        experiment, inputShape: layout.inputShape, outputSize: layout.outputSize)
      try network.check(data: experiment.data)
    } else {
      network = try NetworkDescription(
        experiment, DataSplit.load(experiment, generator: Generator(seed: 0)))
    }
    print(network.makeNetwork().summary(inputShape: Shape([1] + network.inputShape)))
  }
}
