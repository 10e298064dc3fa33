import BlitzTensor

/// A matrix product with learned weights: `y = x Wᵀ + b`.
///
/// - Shapes: input `[..., inputSize]`, output `[..., outputSize]`; `weight` is
///   `[outputSize, inputSize]`, `bias` is `[outputSize]`, as in PyTorch.
/// - Initial weights: PyTorch's, uniform over ±1/√inputSize, weight drawn before bias.
public struct Linear: Layer {
  /// `[outputSize, inputSize]`
  @Parameter public var weight: Tensor
  let _bias: Parameter?

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
    let bound = 1 / Double(inputSize).squareRoot()
    weight = Tensor.uniform(
      [outputSize, inputSize], from: -bound, to: bound, generator: generator)
    _bias =
      bias
      ? Parameter(Tensor.uniform([outputSize], from: -bound, to: bound, generator: generator))
      : nil
  }

  /// `x Wᵀ + b`
  public func forward(_ input: Tensor) -> Tensor {
    let product = input.matmul(weight.transposed())
    return bias.map { product + $0 } ?? product
  }
}
