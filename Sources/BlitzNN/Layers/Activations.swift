import BlitzTensor

/// `relu` as a layer.
public struct ReLU: Layer {
  /// A layer without parameters.
  public init() {}
  /// The larger of each element and zero.
  public func forward(_ input: Tensor) -> Tensor { input.relu() }
}
