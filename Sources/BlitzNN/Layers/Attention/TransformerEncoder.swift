import BlitzTensor

/// Encoder layers one after the other.
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
  /// What the last layer's output goes through, if anything.
  public let norm: LayerNorm?
  private let fault: TensorError?

  /// Layers one after the other that start with the same weights, each with parameters of its own,
  /// as `torch.nn.TransformerEncoder` copies the layer that it is given.
  ///
  /// - Parameters:
  ///   - layers: how many, 1 or more.
  ///   - norm: what the last layer's output goes through.
  ///   - layer: makes a layer; the generator stands behind as if it had made one.
  /// - Error: fewer than one layer, or more than 10,000: the outputs carry it.
  public init(layers: Int, norm: LayerNorm? = nil, _ layer: () -> TransformerEncoderLayer) {
    let copies = LayerCopies("TransformerEncoder", layers, \.selfAttn.generator, layer)
    self.layers = copies.layers
    fault = copies.fault
    self.norm = norm
  }

  /// Layers one after the other.
  ///
  /// - Parameters:
  ///   - layers: each with the weights it has; `init(layers:norm:_:)` starts them as copies of one.
  ///   - norm: what the last layer's output goes through.
  public init(_ layers: [TransformerEncoderLayer], norm: LayerNorm? = nil) {
    self.layers = layers
    self.norm = norm
    fault = nil
  }

  /// The last layer's output, every position heeding every other.
  public func forward(_ input: Tensor) -> Tensor {
    if let fault { return Tensor(error: fault) }
    let output = layers.reduce(input) { $1($0) }
    return norm.map { $0(output) } ?? output
  }

  /// The last layer's output where not every position may heed every other; see
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
