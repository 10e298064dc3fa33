import Blitz
import BlitzNN

/// `--model conv`: two convolutions with pooling, then two linear layers.
struct ConvolutionalModel: ModelDefinition {
  let hidden = 128
  let measuredRows = 250

  func check(_ experiment: Experiment) throws {
    try requireOneSize(experiment)
    try requireBias(experiment)
    try require(
      experiment.dataName?.isImages ?? true,
      "--model conv takes images, not --data \(experiment.data); "
        + "it takes --model two-layer or mlp")
  }

  func check(inputShape: [Int], data: String) throws {
    try require(
      inputShape.count == 3,
      "--model conv takes images, not --data \(data); it takes --model two-layer or mlp")
    try require(
      inputShape[1] >= 4 && inputShape[2] >= 4,
      "--model conv takes images of 4 x 4 pixels at least, "
        + "those of \(data) are \(inputShape[2]) x \(inputShape[1])")
  }

  func makeNetwork(_ network: NetworkDescription, generator: Generator) -> any Layer {
    let (shape, hidden) = (network.inputShape, network.hidden.sizes[0])
    // Two poolings halve the sides, rounding down.
    let size = 64 * (shape[1] / 4) * (shape[2] / 4)
    return Sequential(
      [
        Conv2d(shape[0], 32, size: 3, padding: 1, generator: generator), ReLU(), MaxPool2d(2),
        Conv2d(32, 64, size: 3, padding: 1, generator: generator), ReLU(), MaxPool2d(2),
        Flatten(), Linear(size, hidden, generator: generator), ReLU(),
      ] + network.dropoutLayers(generator: generator)
        + [Linear(hidden, network.outputSize, generator: generator)])
  }

  func sizes(_ network: NetworkDescription) -> String {
    "conv "
      + ([32, 64] + network.hidden.sizes + [network.outputSize])
      .map(String.init).joined(separator: "-")
  }

  func firstUnits(_ weight: Tensor, inputShape: [Int]) -> (weights: Tensor, shape: [Int]) {
    (weight, Array(weight.shape.sizes[1...]))
  }
}
