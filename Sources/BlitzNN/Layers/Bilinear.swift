import BlitzTensor

/// A layer of two inputs, `torch.nn.Bilinear`: `y[o] = leftᵀ W[o] right + b[o]`.
///
/// - Shapes: left `[..., leftSize]`, right `[..., rightSize]` with the same axes before, output
///   `[..., outputSize]`; `weight` is `[outputSize, leftSize, rightSize]`, `bias` `[outputSize]`.
/// - Initial weights: PyTorch's, uniform over ±1/√leftSize, weight drawn before bias.
/// - Error: other axes or dtypes; sizes below 1.
public struct Bilinear: Module, Sendable, CustomStringConvertible {
  /// The weights, `[outputSize, leftSize, rightSize]`.
  @Parameter public var weight: Tensor
  let _bias: Parameter?
  private let sizes: (left: Int, right: Int, output: Int)

  /// The bias, `[outputSize]`, or nil for none.
  public var bias: Tensor? { _bias?.value }

  /// Makes a layer with new weights.
  ///
  /// - Parameters:
  ///   - leftSize: the size of the last axis of the left input; `in1_features` in PyTorch.
  ///   - rightSize: the size of the last axis of the right input; `in2_features` in PyTorch.
  ///   - outputSize: the size of the last axis of the output; `out_features` in PyTorch.
  ///   - bias: whether a bias is added.
  ///   - generator: the source of the initial weights.
  public init(
    _ leftSize: Int, _ rightSize: Int, _ outputSize: Int, bias: Bool = true,
    generator: Generator = .shared
  ) {
    sizes = (leftSize, rightSize, outputSize)
    let checked = LayerSizes(
      layer: "Bilinear(\(leftSize), \(rightSize), \(outputSize))",
      sizes: [("leftSize", leftSize), ("rightSize", rightSize), ("outputSize", outputSize)])
    let bound = 1 / Double(max(leftSize, 1)).squareRoot()
    weight = checked.draw {
      .uniform([outputSize, leftSize, rightSize], from: -bound, to: bound, generator: generator)
    }
    _bias =
      bias
      ? Parameter(
        checked.draw { .uniform([outputSize], from: -bound, to: bound, generator: generator) })
      : nil
  }

  /// `leftᵀ W right + b`
  public func callAsFunction(_ left: Tensor, _ right: Tensor) -> Tensor {
    Observer.watch(self, \.self) {
      let weight = weight
      if let refusal = left.refusal(by: description, weights: weight, lastAxis: sizes.left)
        ?? right.refusal(by: description, weights: weight, lastAxis: sizes.right)
      {
        return refusal
      }
      guard left.shape.dropLast().elementsEqual(right.shape.dropLast()) else {
        return Tensor(
          error: TensorError(
            "Bilinear", "the inputs differ before the last axis",
            operands: [("left", left.signature), ("right", right.signature)],
            help: "expand one of them"))
      }
      let rows = left.elementCount / sizes.left
      let table = weight.permuted([1, 0, 2])
        .reshaped(to: [sizes.left, sizes.output * sizes.right])
      let partial = left.reshaped(to: [rows, sizes.left]).matmul(table)
        .reshaped(to: [rows, sizes.output, sizes.right])
      let sums = partial.matmul(right.reshaped(to: [rows, sizes.right, 1]))
        .reshaped(to: Shape(left.shape.dropLast() + [sizes.output]))
      return bias.map { sums + $0.cast(to: sums.dtype) } ?? sums
    }
  }

  /// `Bilinear(20, 30, 40)`
  public var description: String { "Bilinear(\(sizes.left), \(sizes.right), \(sizes.output))" }
}
