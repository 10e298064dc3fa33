import BlitzTensor

/// Decoder layers one after the other, each of which sees the same memory.
///
///     let decoder = TransformerDecoder(layers: 4) {
///       TransformerDecoderLayer(256, heads: 4, batchFirst: true)
///     }
///     let output = decoder(target, memory: encoder(source), isCausal: true)
///
/// - Shapes: those of ``TransformerDecoderLayer``.
/// - Parameters: `layers.0.self_attn.in_proj_weight` and so on; and those of `norm`.
public struct TransformerDecoder: Module, Sendable {
  /// The layers, in order.
  public let layers: [TransformerDecoderLayer]
  /// What the last layer's output goes through, if anything.
  public let norm: LayerNorm?
  private let fault: TensorError?

  /// Layers one after the other that start with the same weights, each with parameters of its own,
  /// as `torch.nn.TransformerDecoder` copies the layer that it is given.
  ///
  /// - Parameters:
  ///   - layers: how many, 1 or more.
  ///   - norm: what the last layer's output goes through.
  ///   - layer: makes a layer; the generator stands behind as if it had made one.
  /// - Error: fewer than one layer, or more than 10,000: the outputs carry it.
  public init(layers: Int, norm: LayerNorm? = nil, _ layer: () -> TransformerDecoderLayer) {
    let copies = LayerCopies("TransformerDecoder", layers, \.selfAttn.generator, layer)
    self.layers = copies.layers
    fault = copies.fault
    self.norm = norm
  }

  /// Layers one after the other, each with the weights it has.
  public init(_ layers: [TransformerDecoderLayer], norm: LayerNorm? = nil) {
    self.layers = layers
    self.norm = norm
    fault = nil
  }

  /// The last layer's output; the parameters are those of ``TransformerDecoderLayer``.
  public func callAsFunction(
    _ target: Tensor, memory: Tensor, mask: Tensor? = nil, memoryMask: Tensor? = nil,
    keyPadding: Tensor? = nil, memoryKeyPadding: Tensor? = nil, isCausal: Bool = false
  ) -> Tensor {
    Observer.watch(self, \.self) {
      if let fault { return Tensor(error: fault) }
      let output = layers.reduce(target) {
        $1(
          $0, memory: memory, mask: mask, memoryMask: memoryMask, keyPadding: keyPadding,
          memoryKeyPadding: memoryKeyPadding, isCausal: isCausal)
      }
      return norm.map { $0(output) } ?? output
    }
  }
}
