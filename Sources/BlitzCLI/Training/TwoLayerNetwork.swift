import Blitz

/// The network `relu(x w1 + b1) w2 + b2`, whose biases are optional.
struct TwoLayerNetwork {
  /// Weights, then biases, by the names that files give them.
  private(set) var parameters: [(name: String, value: Tensor)]

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
    let scales =
      isUnscaled
      ? (1.0, 1.0)
      : ((2 / Double(inputSize)).squareRoot(), (1 / Double(hiddenSize)).squareRoot())
    parameters = [("w1", w1 * scales.0), ("w2", w2 * scales.1)]
    if hasBias {
      parameters.append(("b1", Tensor.zeros([hiddenSize], device: device)))
      parameters.append(("b2", Tensor.zeros([outputSize], device: device)))
    }
    for index in parameters.indices { parameters[index].value.requiresGrad = true }
  }

  /// How many numbers the network has learnt.
  var parameterCount: Int { parameters.reduce(0) { $0 + $1.value.elementCount } }

  /// The answers to rows of inputs, `[rows, outputSize]`.
  func callAsFunction(_ x: Tensor) -> Tensor {
    guard parameters.count == 4 else {
      return x.matmul(parameters[0].value).relu().matmul(parameters[1].value)
    }
    let h = (x.matmul(parameters[0].value) + parameters[2].value).relu()
    return h.matmul(parameters[1].value) + parameters[3].value
  }

  /// One step of gradient descent, after `backward()`. Biases do not decay.
  mutating func step(rate: Double, weightDecay: Double) {
    noGrad {
      for index in parameters.indices {
        var gradient = parameters[index].value.grad!
        if weightDecay > 0 && index < 2 { gradient += weightDecay * parameters[index].value }
        parameters[index].value -= rate * gradient
      }
    }
  }
}
