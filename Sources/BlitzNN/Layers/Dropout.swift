import BlitzTensor

/// Dropout, `torch.nn.Dropout`: in training, sets each element to zero with a probability and
/// scales the others so that the mean stays. After `eval()` it returns its input.
///
///     y = x * mask / (1 - probability)
///
/// The mask is PyTorch's on the CPU for the same seed. It is drawn at the call, in the order in
/// which PyTorch's tensor would lie in memory (see ``Tensor/strides``).
///
/// - Shapes: any; the output has the shape of the input.
/// - Error: a probability outside 0 to 1; a dtype that is not floating.
/// - Source: Srivastava et al., "Dropout: A Simple Way to Prevent Neural Networks from
///   Overfitting", 2014.
public struct Dropout: Layer, Sendable {
  /// The probability that an element is set to zero.
  public let probability: Double
  let generator: Generator
  let mode = Mode()

  /// Makes a layer; it has no parameters.
  ///
  /// - Parameters:
  ///   - probability: the probability that an element is set to zero, from 0 to 1.
  ///   - generator: the source of the masks.
  public init(_ probability: Double = 0.5, generator: Generator = .shared) {
    self.probability = probability
    self.generator = generator
  }

  /// The input, in training with elements set to zero.
  public func forward(_ input: Tensor) -> Tensor {
    input.dropped(probability, in: mode, generator)
  }
}

extension Tensor {
  /// The tensor, in training with elements set to zero.
  func dropped(_ probability: Double, in mode: Mode, _ generator: Generator) -> Tensor {
    if error != nil { return self }
    guard probability >= 0, probability <= 1 else {
      return Tensor(
        error: TensorError(
          "Dropout", "the probability is \(probability)", operands: [("input", signature)],
          help: "give a number from 0 to 1"))
    }
    guard mode.isTraining, probability > 0 else { return self }
    guard dtype.isFloating else {
      return Tensor(
        error: TensorError(
          "Dropout", "takes floats, not \(dtype)", operands: [("input", signature)],
          help: "write .cast(to: .float32) first"))
    }
    return self
      * drawnInMemoryOrder {
        .dropoutNoise($0, probability, dtype: dtype, device: device, generator)
      }
  }

  /// Noise of this tensor's shape, drawn in the order in which PyTorch's would lie in memory.
  func drawnInMemoryOrder(_ noise: (Shape) -> Tensor) -> Tensor {
    guard let order = memoryOrder else { return noise(shape) }
    let drawn = noise(Shape(order.map { shape[$0] }))
    return drawn.permuted(shape.indices.map { order.firstIndex(of: $0)! })
  }

  /// What dropout multiplies by: zero with a probability, elsewhere one number.
  static func dropoutNoise(
    _ shape: Shape, _ probability: Double, dtype: DType, device: Device, _ generator: Generator
  ) -> Tensor {
    if probability == 1 { return zeros(shape, dtype: dtype, device: device) }
    let kept: Double = 1 - probability
    return bernoulli(
      shape, probability: kept, generator: generator, dtype: dtype, device: device) / kept
  }
}
