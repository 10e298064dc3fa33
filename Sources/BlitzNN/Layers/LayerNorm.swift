import BlitzTensor

/// Layer normalisation, `torch.nn.LayerNorm`: brings the last axes of each example to mean 0 and
/// variance 1, then applies a learned scale and bias.
///
///     y = (x - mean) / sqrt(variance + epsilon) * weight + bias
///
/// - Shapes: input `[..., shape...]`, output the same; `weight` and `bias` have the shape `shape`.
/// - Initial weights: ones, and zeros for the bias.
/// - Error: other last axes or dtype; an empty shape or sizes below 1.
/// - Source: Ba et al., "Layer Normalization", arXiv:1607.06450.
public struct LayerNorm: Layer, Sendable, CustomStringConvertible {
  /// The last axes of the input, which are normalised together.
  public let shape: Shape
  /// A small number added to the variance, so that nothing is divided by zero.
  public let epsilon: Double
  let _weight: Parameter?
  let _bias: Parameter?

  /// The scale of each feature, or nil for none.
  public var weight: Tensor? { _weight?.value }
  /// The bias of each feature, or nil for none.
  public var bias: Tensor? { _bias?.value }

  /// Makes a layer for inputs whose last axes are `shape`.
  ///
  /// - Parameters:
  ///   - shape: the last axes of the input, one or more; `normalized_shape` in PyTorch.
  ///   - epsilon: a small number added to the variance, so that nothing is divided by zero.
  ///   - affine: whether scales are learned; `elementwise_affine` in PyTorch.
  ///   - bias: whether a bias is learned beside the scales.
  public init(
    _ shape: Shape, epsilon: Double = 1e-5, affine: Bool = true, bias: Bool = true
  ) {
    self.shape = shape
    self.epsilon = epsilon
    let sizes = LayerSizes(
      layer: "LayerNorm(\(shape))",
      sizes: shape.isEmpty ? [("the number of axes", 0)] : shape.map { ("a size", $0) })
    _weight = affine ? Parameter(sizes.draw { .ones(shape) }) : nil
    _bias = affine && bias ? Parameter(sizes.draw { .zeros(shape) }) : nil
  }

  /// Makes a layer for inputs whose last axis is `size`.
  public init(_ size: Int, epsilon: Double = 1e-5, affine: Bool = true, bias: Bool = true) {
    self.init([size], epsilon: epsilon, affine: affine, bias: bias)
  }

  /// The input, normalised along its last axes.
  public func forward(_ input: Tensor) -> Tensor {
    let weight = weight
    if let refusal = input.refusal(by: description, weights: weight ?? input) { return refusal }
    guard input.rank >= shape.rank, Shape(input.shape.suffix(shape.rank)) == shape else {
      return input.refused(
        by: description, "the input's last axes are not \(shape)",
        help: "the input is [..., "
          + shape.map { "\($0)" }.joined(separator: ", ") + "]")
    }
    let axes = Array(input.rank - shape.rank..<input.rank)
    let wide = input.widened
    return Standardizing.apply(wide, axes: axes, epsilon: epsilon)
      .scaled(by: weight?.cast(to: wide.dtype), movedBy: bias?.cast(to: wide.dtype))
      .rounded(like: input).contiguous()
      .noted(.layerNorm(axes: shape.rank, epsilon: epsilon), of: [input, weight, bias])
  }

  /// `LayerNorm([256])`
  public var description: String { "LayerNorm(\(shape))" }
}

extension Tensor {
  /// The tensor times `scale` plus `offset`, where they are not nil.
  func scaled(by scale: Tensor?, movedBy offset: Tensor?) -> Tensor {
    let scaled = scale.map { self * $0 } ?? self
    return offset.map { scaled + $0 } ?? scaled
  }
}

/// Root-mean-square normalisation, `torch.nn.RMSNorm`: brings the last axes of each example to mean
/// square 1, then applies a learned scale.
///
///     y = x / sqrt(mean(x²) + epsilon) * weight
///
/// - Shapes: input `[..., shape...]`, output the same; `weight` has the shape `shape`.
/// - Initial weights: ones.
/// - Error: other last axes or dtype; an empty shape or sizes below 1.
/// - Source: Zhang and Sennrich, "Root Mean Square Layer Normalization", arXiv:1910.07467.
public struct RMSNorm: Layer, Sendable, CustomStringConvertible {
  /// The last axes of the input, which are normalised together.
  public let shape: Shape
  /// The number added to the mean square, so that nothing is divided by zero; if nil, the dtype's
  /// rounding step at 1.
  public let epsilon: Double?
  let _weight: Parameter?

  /// The scale of each feature, or nil for none.
  public var weight: Tensor? { _weight?.value }

  /// Makes a layer for inputs whose last axes are `shape`.
  ///
  /// - Parameters:
  ///   - shape: the last axes of the input, one or more; `normalized_shape` in PyTorch.
  ///   - epsilon: the number added to the mean square; nil is PyTorch's default, about 1.2e-7 for
  ///     float32 and 2.2e-16 for float64.
  ///   - affine: whether scales are learned; `elementwise_affine` in PyTorch.
  public init(_ shape: Shape, epsilon: Double? = nil, affine: Bool = true) {
    self.shape = shape
    self.epsilon = epsilon
    let sizes = LayerSizes(
      layer: "RMSNorm(\(shape))",
      sizes: shape.isEmpty ? [("the number of axes", 0)] : shape.map { ("a size", $0) })
    _weight = affine ? Parameter(sizes.draw { .ones(shape) }) : nil
  }

  /// Makes a layer for inputs whose last axis is `size`.
  public init(_ size: Int, epsilon: Double? = nil, affine: Bool = true) {
    self.init([size], epsilon: epsilon, affine: affine)
  }

  /// The input, normalised along its last axes.
  public func forward(_ input: Tensor) -> Tensor {
    let weight = weight
    if let refusal = input.refusal(by: description, weights: weight ?? input) { return refusal }
    guard !shape.isEmpty else {
      return input.refused(by: description, "there is no axis", help: "give one size or more")
    }
    guard input.rank >= shape.rank, Shape(input.shape.suffix(shape.rank)) == shape else {
      return input.refused(
        by: description, "the input's last axes are not \(shape)",
        help: "the input is [..., "
          + shape.map { "\($0)" }.joined(separator: ", ") + "]")
    }
    let axes = Array(input.rank - shape.rank..<input.rank)
    let epsilon =
      epsilon ?? (input.dtype == .float64 ? Double.ulpOfOne : Double(Float.ulpOfOne))
    let wide = input.widened
    return MeanSquareScaling.apply(wide, axes: axes, epsilon: epsilon)
      .scaled(by: weight?.cast(to: wide.dtype), movedBy: nil)
      .rounded(like: input).laidOut(likeImages: input)
      .noted(.rmsNorm(axes: shape.rank, epsilon: epsilon), of: [input, weight])
  }

  /// `RMSNorm([256])`
  public var description: String { "RMSNorm(\(shape))" }
}
