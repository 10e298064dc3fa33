import BlitzTensor

/// Layers that are applied in order, `torch.nn.Sequential`.
///
///     let model = Sequential(Linear(784, 256), ReLU(), Linear(256, 10))
///
/// Parameters are named by position as in PyTorch: `0.weight`, `0.bias`, `2.weight`, `2.bias`.
public struct Sequential: Layer {
  /// The layers, in order.
  public let layers: [any Layer]

  /// Makes a chain of layers.
  public init(_ layers: any Layer...) { self.layers = layers }

  /// Makes a chain of layers.
  public init(_ layers: [any Layer]) { self.layers = layers }

  /// The layers, named by position.
  public var members: [(name: String, value: Any)] {
    layers.enumerated().map { ("\($0)", $1) }
  }

  /// The output of the last layer; the input itself if there are no layers.
  public func forward(_ input: Tensor) -> Tensor {
    layers.reduce(input) { $1($0) }
  }
}
