import Blitz
import BlitzNN

/// `--model two-layer`: the original page's network.
struct TwoLayerModel: ModelDefinition {
  let hidden = 100
  let hasBias = false
  let loss = TrainingLoss.squaredError
  let optimizer = OptimizerKind.sgd

  /// By gradient descent on the digits the mean test accuracy over seeds 0...9 is 98.1 % with
  /// either loss, 96.4 % at least.
  func rate(_ experiment: Experiment) -> Double? {
    guard experiment.optimizer == .sgd, experiment.dataName == .digits else { return nil }
    return experiment.loss == .crossEntropy ? 0.5 : 0.05
  }

  func check(_ experiment: Experiment) throws {
    try requireOneSize(experiment)
    try require(
      experiment.dropout == 0, "--model two-layer has no dropout; it takes --model mlp or conv")
  }

  func makeNetwork(_ network: NetworkDescription, generator: Generator) -> any Layer {
    TwoLayerNetwork(
      inputSize: network.inputShape.reduce(1, *), hiddenSize: network.hidden.sizes[0],
      outputSize: network.outputSize, hasBias: network.bias, isUnscaled: network.isUnscaled,
      generator: generator)
  }

  /// The page's network keeps its weights the other way round.
  func firstUnits(_ weight: Tensor, inputShape: [Int]) -> (weights: Tensor, shape: [Int]) {
    (weight.transposed(), inputShape)
  }
}

/// The network `relu(x w1 + b1) w2 + b2`, whose biases are optional.
struct TwoLayerNetwork: Layer {
  /// `[inputs, hidden]`
  @Parameter var w1: Tensor
  /// `[hidden, outputs]`
  @Parameter var w2: Tensor
  let b1: Parameter?
  let b2: Parameter?

  /// A network with random weights.
  ///
  /// - Parameter isUnscaled: draws all weights with deviation 1, as the original page does; else
  ///   with deviation sqrt(2 / inputs) before ReLU and sqrt(1 / inputs) after it, which keeps the
  ///   size of the numbers from layer to layer (K. He and others, ICCV 2015).
  init(
    inputSize: Int, hiddenSize: Int, outputSize: Int, hasBias: Bool, isUnscaled: Bool,
    generator: Generator
  ) {
    let w1 = Tensor.randn([inputSize, hiddenSize], generator: generator)
    let w2 = Tensor.randn([hiddenSize, outputSize], generator: generator)
    self.w1 = isUnscaled ? w1 : w1 * (2 / Double(inputSize)).squareRoot()
    self.w2 = isUnscaled ? w2 : w2 * (1 / Double(hiddenSize)).squareRoot()
    b1 = hasBias ? Parameter(Tensor.zeros([hiddenSize])) : nil
    b2 = hasBias ? Parameter(Tensor.zeros([outputSize])) : nil
  }

  /// The answers to rows of inputs, `[rows, outputs]`; pictures are rows of their pixels.
  func forward(_ input: Tensor) -> Tensor {
    let x = input.rank > 2 ? input.flattened(from: 1, to: -1) : input
    let h = x.matmul(w1)
    let hReLU = (b1.map { h + $0.value } ?? h).relu()
    let answers = hReLU.matmul(w2)
    return b2.map { answers + $0.value } ?? answers
  }
}
