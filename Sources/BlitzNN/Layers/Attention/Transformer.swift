import BlitzTensor

/// An encoder and a decoder that attends to it, `torch.nn.Transformer`.
///
///     let model = Transformer(256, heads: 4, batchFirst: true)
///     let output = model(source, target, isCausal: true)
///
/// - Shapes: source `[S, N, E]` and target `[L, N, E]` (`[N, S, E]` and `[N, L, E]` with
///   `batchFirst`, without N for no batch), output as the target; E is `size`.
/// - Parameters: those of `encoder` and `decoder`; matrices are drawn anew by Xavier's rule, as in
///   PyTorch.
/// - Error: as for ``TransformerEncoderLayer``.
/// - Source: Vaswani et al., "Attention Is All You Need", arXiv:1706.03762.
public struct Transformer: Module, Sendable {
  /// The layers that read the source.
  public let encoder: TransformerEncoder
  /// The layers that read the target and attend to the source.
  public let decoder: TransformerDecoder

  /// Makes an encoder and a decoder with new weights.
  ///
  /// - Parameters:
  ///   - size: E, the size of a position's vector; `d_model` in PyTorch.
  ///   - heads: the number of heads, which divides the size.
  ///   - encoderLayers: the number of the encoder's layers.
  ///   - decoderLayers: the number of the decoder's layers.
  ///   - feedForward: the size between the two linear layers of a feed-forward block.
  ///   - dropout: the probability of dropout in each block.
  ///   - activation: the function between the two linear layers.
  ///   - epsilon: a small number added to the variance in normalisations.
  ///   - batchFirst: whether the first axis is the batch.
  ///   - normFirst: whether each block is normalised before it, not after.
  ///   - bias: whether linear layers and normalisations have a bias.
  ///   - generator: the source of the initial weights and of dropout.
  public init(
    _ size: Int = 512, heads: Int = 8, encoderLayers: Int = 6, decoderLayers: Int = 6,
    feedForward: Int = 2048, dropout: Double = 0.1, activation: TransformerActivation = .relu,
    epsilon: Double = 1e-5, batchFirst: Bool = false, normFirst: Bool = false, bias: Bool = true,
    generator: Generator = .shared
  ) {
    func norm() -> LayerNorm { LayerNorm(size, epsilon: epsilon, bias: bias) }
    encoder = TransformerEncoder(layers: encoderLayers, norm: norm()) {
      TransformerEncoderLayer(
        size, heads: heads, feedForward: feedForward, dropout: dropout, activation: activation,
        epsilon: epsilon, batchFirst: batchFirst, normFirst: normFirst, bias: bias,
        generator: generator)
    }
    decoder = TransformerDecoder(layers: decoderLayers, norm: norm()) {
      TransformerDecoderLayer(
        size, heads: heads, feedForward: feedForward, dropout: dropout, activation: activation,
        epsilon: epsilon, batchFirst: batchFirst, normFirst: normFirst, bias: bias,
        generator: generator)
    }
    for (_, parameter) in parameters
    where parameter.value.error == nil && parameter.value.rank > 1 {
      parameter.value = .xavierUniform(parameter.value.shape, generator: generator)
    }
  }

  /// The decoder's output.
  ///
  /// - Parameters:
  ///   - source: what the encoder reads.
  ///   - target: what the decoder reads.
  ///   - sourceMask: the positions of the source barred from each other.
  ///   - mask: the positions of the target barred from each other.
  ///   - memoryMask: the positions of the source barred from those of the target.
  ///   - sourceKeyPadding: `[N, S]`, true for padding of the source, in the encoder.
  ///   - keyPadding: `[N, L]`, true for padding of the target.
  ///   - memoryKeyPadding: `[N, S]`, true for padding of the source, in the decoder.
  ///   - isCausal: whether a position of the target attends only to itself and earlier ones.
  public func callAsFunction(
    _ source: Tensor, _ target: Tensor, sourceMask: Tensor? = nil, mask: Tensor? = nil,
    memoryMask: Tensor? = nil, sourceKeyPadding: Tensor? = nil, keyPadding: Tensor? = nil,
    memoryKeyPadding: Tensor? = nil, isCausal: Bool = false
  ) -> Tensor {
    let memory = encoder(source, mask: sourceMask, keyPadding: sourceKeyPadding, isCausal: false)
    return decoder(
      target, memory: memory, mask: mask, memoryMask: memoryMask, keyPadding: keyPadding,
      memoryKeyPadding: memoryKeyPadding, isCausal: isCausal)
  }
}
