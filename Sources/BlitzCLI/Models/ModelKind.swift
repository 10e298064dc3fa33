import Blitz
import BlitzNN

/// The networks that `--model` names.
enum ModelKind: String, Choice {
  case twoLayer = "two-layer"
  case mlp
  case conv

  /// All that differs from network to network.
  var definition: any ModelDefinition {
    switch self {
    case .twoLayer: TwoLayerModel()
    case .mlp: MLPModel()
    case .conv: ConvolutionalModel()
    }
  }
}

/// A kind of network: its defaults, what it takes and how it is made. Each has a file of its own.
protocol ModelDefinition: Sendable {
  /// Units of the hidden layer, if nothing is said.
  var hidden: Int { get }
  /// Whether layers have a bias, if nothing is said.
  var hasBias: Bool { get }
  /// What training minimises, if nothing is said.
  var loss: TrainingLoss { get }
  /// How gradients change the weights, if nothing is said.
  var optimizer: OptimizerKind { get }
  /// A learning rate that is known to suit the network; nil for one that suits any.
  func rate(_ experiment: Experiment) -> Double?
  /// Finds settings that it does not take, before anything is read.
  func check(_ experiment: Experiment) throws
  /// Finds data that it does not take.
  func check(inputShape: [Int], data: String) throws
  /// The network with fresh weights.
  func makeNetwork(_ network: NetworkDescription, generator: Generator) -> any Layer
  /// The sizes from input to output, "784-256-10".
  func sizes(_ network: NetworkDescription) -> String
  /// Rows in a batch where it is only measured.
  var measuredRows: Int { get }
  /// The weights of each unit of the first layer `[units, ...]`, and the shape of one unit's.
  func firstUnits(_ weight: Tensor, inputShape: [Int]) -> (weights: Tensor, shape: [Int])
}

extension ModelDefinition {
  var hasBias: Bool { true }
  var loss: TrainingLoss { .crossEntropy }
  var optimizer: OptimizerKind { .adam }
  var measuredRows: Int { 1000 }
  func rate(_ experiment: Experiment) -> Double? { nil }
  func check(_ experiment: Experiment) throws {}
  func check(inputShape: [Int], data: String) throws {}

  func sizes(_ network: NetworkDescription) -> String {
    ([network.inputShape.reduce(1, *)] + network.hidden.sizes + [network.outputSize])
      .map(String.init).joined(separator: "-")
  }

  func firstUnits(_ weight: Tensor, inputShape: [Int]) -> (weights: Tensor, shape: [Int]) {
    (weight, inputShape)
  }

  /// Finds a list of hidden sizes, for a network that has one hidden layer.
  func requireOneSize(_ experiment: Experiment) throws {
    try require(
      experiment.hidden.sizes.count == 1,
      "--hidden is \(experiment.hidden); --model \(experiment.model.rawValue) takes one size, "
        + "--model mlp a list")
  }

  /// Finds a bias that was left out, for a network that always has it.
  func requireBias(_ experiment: Experiment) throws {
    try require(
      experiment.bias, "--bias is for --model two-layer; the others always have it")
  }
}
