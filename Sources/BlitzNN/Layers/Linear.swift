import BlitzTensor

/// A fully connected layer, `torch.nn.Linear`: `y = x Wᵀ + b`.
///
/// - Shapes: input `[..., inputSize]`, output `[..., outputSize]`; `weight` is
///   `[outputSize, inputSize]`, `bias` is `[outputSize]`, as in PyTorch.
/// - Initial weights: PyTorch's, uniform over ±1/√inputSize, weight drawn before bias.
/// - Error: another last axis or dtype; sizes below 1.
public struct Linear: Layer, Sendable, CustomStringConvertible {
  /// The weights, `[outputSize, inputSize]`.
  @Parameter public var weight: Tensor
  let _bias: Parameter?
  /// The size of the last axis of the input; `in_features` in PyTorch.
  public let inputSize: Int
  /// The size of the last axis of the output; `out_features` in PyTorch.
  public let outputSize: Int

  /// The bias, `[outputSize]`, or nil for none.
  public var bias: Tensor? { _bias?.value }

  /// Makes a layer with new weights.
  ///
  /// - Parameters:
  ///   - inputSize: the size of the last axis of the input, 1 or more; `in_features` in PyTorch.
  ///   - outputSize: the size of the last axis of the output, 1 or more; `out_features` in PyTorch.
  ///   - bias: whether a bias is added.
  ///   - generator: the source of the initial weights.
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
    let product = $weight.product(with: input, weight)
    let output = bias.map { product + $0.cast(to: product.dtype) } ?? product
    return $weight.quantized == nil ? output.noted(.linear, of: [input, weight, bias]) : output
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
