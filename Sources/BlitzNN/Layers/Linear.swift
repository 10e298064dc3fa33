import BlitzTensor

/// A matrix product with learned weights: `y = x Wᵀ + b`.
///
/// - Shapes: input `[..., inputSize]`, output `[..., outputSize]`; `weight` is
///   `[outputSize, inputSize]`, `bias` is `[outputSize]`, as in PyTorch.
/// - Initial weights: PyTorch's, uniform over ±1/√inputSize, weight drawn before bias.
/// - Error: another last axis or dtype; sizes below 1.
public struct Linear: Layer, Sendable, CustomStringConvertible {
  /// `[outputSize, inputSize]`
  @Parameter public var weight: Tensor
  let _bias: Parameter?
  /// The last axis of the input.
  public let inputSize: Int
  /// The last axis of the output.
  public let outputSize: Int

  /// `[outputSize]`, or nil for a layer without bias.
  public var bias: Tensor? { _bias?.value }

  /// A layer with fresh weights.
  ///
  /// - Parameters:
  ///   - inputSize: the last axis of the input, 1 or more.
  ///   - outputSize: the last axis of the output, 1 or more.
  ///   - bias: whether `b` is there.
  ///   - generator: where the initial weights come from.
  public init(
    _ inputSize: Int, _ outputSize: Int, bias: Bool = true, generator: Generator = .shared
  ) {
    self.inputSize = inputSize
    self.outputSize = outputSize
    let sizes = LayerSizes(
      layer: "Linear(\(inputSize), \(outputSize))",
      sizes: [("inputSize", inputSize), ("outputSize", outputSize)])
    weight = sizes.draw { .layerWeight([outputSize, inputSize], generator: generator) }
    _bias =
      bias
      ? Parameter(
        sizes.draw { .layerBias(outputSize, inputs: inputSize, generator: generator) }) : nil
  }

  /// `x Wᵀ + b`
  public func forward(_ input: Tensor) -> Tensor {
    let weight = weight
    if let refusal = input.refusal(by: description, weights: weight, lastAxis: inputSize) {
      return refusal
    }
    let product = input.matmul(weight.transposed())
    return bias.map { product + $0.cast(to: product.dtype) } ?? product
  }

  /// `Linear(784, 256)`
  public var description: String {
    "Linear(\(inputSize), \(outputSize)\(_bias == nil ? ", bias: false" : ""))"
  }
}

extension Tensor {
  /// The weights that PyTorch's linear and convolution layers start with.
  static func layerWeight(_ shape: Shape, generator: Generator) -> Tensor {
    // PyTorch writes this as Kaiming's with a slope of √5, whose rounding counts.
    kaimingUniform(
      shape, nonlinearity: .leakyReLU(slope: 5.0.squareRoot()), generator: generator)
  }

  /// The bias that PyTorch's linear and convolution layers start with.
  static func layerBias(_ count: Int, inputs: Int, generator: Generator) -> Tensor {
    let bound = 1 / Double(inputs).squareRoot()
    return uniform([count], from: -bound, to: bound, generator: generator)
  }
}
