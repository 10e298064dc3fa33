import BlitzTensor

/// A stack of encoder layers, `torch.nn.TransformerEncoder`.
///
///     let encoder = TransformerEncoder(layers: 4) {
///       TransformerEncoderLayer(256, heads: 4, batchFirst: true)
///     }
///
/// - Shapes: those of ``TransformerEncoderLayer``.
/// - Parameters: `layers.0.self_attn.in_proj_weight` and so on; and those of `norm`.
public struct TransformerEncoder: Layer, Sendable {
  /// The layers, in order.
  public let layers: [TransformerEncoderLayer]
  /// The normalisation of the last layer's output, or nil for none.
  public let norm: LayerNorm?
  private let fault: TensorError?

  /// Makes layers that start with the same weights, each with parameters of its own, as
  /// `torch.nn.TransformerEncoder` copies the layer that it is given.
  ///
  /// - Parameters:
  ///   - layers: the number of layers, 1 or more.
  ///   - norm: the normalisation of the last layer's output, or nil for none.
  ///   - layer: makes a layer. It is called for each layer, but the generator moves on as after one
  ///     call.
  /// - Error: fewer than one layer, or more than 10,000: the outputs carry it.
  public init(layers: Int, norm: LayerNorm? = nil, _ layer: () -> TransformerEncoderLayer) {
    let copies = LayerCopies("TransformerEncoder", layers, \.selfAttn.generator, layer)
    self.layers = copies.layers
    fault = copies.fault
    self.norm = norm
  }

  /// Stacks layers that are made.
  ///
  /// - Parameters:
  ///   - layers: the layers, which keep their weights; `init(layers:norm:_:)` makes copies of one.
  ///   - norm: the normalisation of the last layer's output, or nil for none.
  public init(_ layers: [TransformerEncoderLayer], norm: LayerNorm? = nil) {
    self.layers = layers
    self.norm = norm
    fault = nil
  }

  /// The last layer's output, where every position attends to every other.
  public func forward(_ input: Tensor) -> Tensor {
    if let fault { return Tensor(error: fault) }
    let output = layers.reduce(input) { $1($0) }
    return norm.map { $0(output) } ?? output
  }

  /// The last layer's output, where a mask, padding or causality limits attention; see
  /// ``TransformerEncoderLayer``.
  public func callAsFunction(
    _ input: Tensor, mask: Tensor? = nil, keyPadding: Tensor? = nil, isCausal: Bool
  ) -> Tensor {
    Observer.watch(self, \.self) {
      if let fault { return Tensor(error: fault) }
      let output = layers.reduce(input) {
        $1($0, mask: mask, keyPadding: keyPadding, isCausal: isCausal)
      }
      return norm.map { $0(output) } ?? output
    }
  }
}
