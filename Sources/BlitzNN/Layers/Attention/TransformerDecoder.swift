import BlitzTensor

/// A stack of decoder layers that attend to the same memory, `torch.nn.TransformerDecoder`.
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
  /// The normalisation of the last layer's output, or nil for none.
  public let norm: LayerNorm?
  private let fault: TensorError?

  /// Makes layers that start with the same weights, each with parameters of its own, as
  /// `torch.nn.TransformerDecoder` copies the layer that it is given.
  ///
  /// - Parameters:
  ///   - layers: the number of layers, 1 or more.
  ///   - norm: the normalisation of the last layer's output, or nil for none.
  ///   - layer: makes a layer. It is called for each layer, but the generator moves on as after one
  ///     call.
  /// - Error: fewer than one layer, or more than 10,000: the outputs carry it.
  public init(layers: Int, norm: LayerNorm? = nil, _ layer: () -> TransformerDecoderLayer) {
    let copies = LayerCopies("TransformerDecoder", layers, \.selfAttn.generator, layer)
    self.layers = copies.layers
    fault = copies.fault
    self.norm = norm
  }

  /// Stacks layers that are made; they keep their weights.
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
