import ArgumentParser
import BlitzData

/// `blitz train`: a two-layer network learns to tell classes apart.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a network with one hidden layer and watch it learn.",
    discussion: """
      The network is relu(x w1) w2, without bias and without regularisation, trained by plain \
      gradient descent on batches. A fifth of the rows is held out, and the test accuracy is \
      measured on it. With --out DIR the weights are written to model.safetensors, the curves to \
      curve.svg and every epoch's figures to metrics.csv; Ctrl-C stops early and still writes them.
      """)

  @Option(
    help: ArgumentHelp(
      """
      What to learn: 'digits' (handwritten digits, built in), 'random' (the setting of the \
      original page), or a CSV file with a class number in the last column.
      """, valueName: "digits|random|FILE.csv"))
  var data = "digits"

  @Option(parsing: .unconditional, help: "Units of the hidden layer.")
  var hidden = 100

  @Flag(help: "Add a bias to both layers.")
  var bias = false

  @Option(
    parsing: .unconditional, help: "Weight decay: adds this times the weights to the gradient.")
  var weightDecay = 0.0

  @Option(help: "What to minimise.")
  var loss = TrainingLoss.squaredError

  @Option(
    parsing: .unconditional,
    help: "Rows per step of gradient descent. (default: 16; random: 64)")
  var batch: Int?

  @Option(
    parsing: .unconditional,
    help: "Learning rate. (default: 0.05; with cross-entropy: 0.5; random: 1e-6)")
  var rate: Double?

  @Option(
    parsing: .unconditional, help: "Passes over the data. (default: 60; random: 500)")
  var epochs: Int?

  @Option(parsing: .unconditional, help: "Seed of the weights, the split and the order.")
  var seed: UInt64 = 0

  @Flag(help: "Print one JSON object a line, for programs.")
  var json = false

  @Option(help: ArgumentHelp("Write model, curve and figures to this folder.", valueName: "DIR"))
  var out: String?

  @Option(help: "Where to compute.")
  var device = "cpu"

  func validate() throws {
    try require(1...1_000_000 ~= hidden, "--hidden is \(hidden); it takes 1 to 1000000")
    try require(batch ?? 1 >= 1, "--batch is \(batch ?? 0); it takes 1 or more")
    try require(
      1...1_000_000 ~= epochs ?? 1, "--epochs is \(epochs ?? 0); it takes 1 to 1000000")
    try require(
      rate.map { $0.isFinite && $0 > 0 } ?? true,
      "--rate is \(rate ?? 0); it takes a number above 0")
    try require(
      weightDecay.isFinite && weightDecay >= 0,
      "--weight-decay is \(weightDecay); it takes 0 or a number above")
    try require(
      !data.isEmpty, "--data is empty; it takes digits, random or the name of a CSV file")
    try require(out != "", "--out is empty; it takes the name of a folder")
    try require(
      data != "random" || loss == .squaredError,
      "--data random has numbers for targets, no classes; it takes --loss squared-error")
  }

  private func require(_ condition: Bool, _ message: String) throws {
    if !condition { throw ValidationError(message) }
  }
}

/// What training makes small.
enum TrainingLoss: String, ExpressibleByArgument, CaseIterable {
  /// The sum of the squared differences to one-hot targets.
  case squaredError = "squared-error"
  /// The negative logarithm of the probability of the right class.
  case crossEntropy = "cross-entropy"
}
