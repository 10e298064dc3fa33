import Blitz

/// The network `relu(x w1 + b1) w2 + b2`, whose biases are optional.
struct TwoLayerNetwork {
  /// `[w1, w2]` or `[w1, w2, b1, b2]`.
  var parameters: [Tensor]

  /// What files call the parameters.
  static let names = ["w1", "w2", "b1", "b2"]

  /// A network with random weights.
  ///
  /// - Parameter isUnscaled: draws all weights with deviation 1, as the original page does; else
  ///   with deviation sqrt(2 / inputs) before ReLU and sqrt(1 / inputs) after it, which keeps the
  ///   size of the numbers from layer to layer (K. He and others, ICCV 2015).
  init(
    inputSize: Int, hiddenSize: Int, outputSize: Int, hasBias: Bool, isUnscaled: Bool,
    generator: Generator, device: Device
  ) {
    let w1 = Tensor.randn([inputSize, hiddenSize], generator: generator, device: device)
    let w2 = Tensor.randn([hiddenSize, outputSize], generator: generator, device: device)
    parameters =
      isUnscaled
      ? [w1, w2]
      : [w1 * (2 / Double(inputSize)).squareRoot(), w2 * (1 / Double(hiddenSize)).squareRoot()]
    if hasBias {
      parameters.append(Tensor.zeros([hiddenSize], device: device))
      parameters.append(Tensor.zeros([outputSize], device: device))
    }
  }

  /// How many numbers the network learns.
  var parameterCount: Int { parameters.reduce(0) { $0 + $1.elementCount } }

  /// The answers to rows of inputs, `[rows, outputSize]`.
  func callAsFunction(_ x: Tensor) -> Tensor { Self.answers(to: x, parameters: parameters) }

  /// The answers of a network with these parameters.
  static func answers(to x: Tensor, parameters: [Tensor]) -> Tensor {
    let hasBias = parameters.count == 4
    let h = x.matmul(parameters[0])
    let hReLU = (hasBias ? h + parameters[2] : h).relu()
    let answers = hReLU.matmul(parameters[1])
    return hasBias ? answers + parameters[3] : answers
  }
}
