import Blitz
import BlitzNN

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
