import BlitzTensor

/// Self-attention, attention to an encoder's output (the memory) and a feed-forward block,
/// `torch.nn.TransformerDecoderLayer`.
///
/// Each block is added to its input and normalised:
///
///     normFirst: false   x = norm1(x + selfAttention(x))
///                        x = norm2(x + attention(x, memory))
///                        y = norm3(x + feedForward(x))
///     normFirst: true    x = x + selfAttention(norm1(x))
///                        x = x + attention(norm2(x), memory)
///                        y = x + feedForward(norm3(x))
///     with               feedForward(x) = linear2(activation(linear1(x)))
///
/// - Shapes: target `[L, N, E]` and memory `[S, N, E]` (`[N, L, E]` and `[N, S, E]` with
///   `batchFirst`, without N for no batch), output as the target; E is `size`. The page *Layers*
///   explains the letters.
/// - Parameters: those of `self_attn`, `multihead_attn`, `linear1`, `linear2`, `norm1`, `norm2` and
///   `norm3`, with PyTorch's initial values.
/// - Error: other axes or dtype; heads that do not divide the size; a mask of another shape.
/// - Source: Vaswani et al., "Attention Is All You Need", arXiv:1706.03762.
public struct TransformerDecoderLayer: TransformerLayer, Sendable {
  /// The self-attention of the target.
  public let selfAttn: MultiHeadAttention
  /// The attention of the target to the memory.
  public let multiheadAttn: MultiHeadAttention
  /// The first layer of the feed-forward block.
  public let linear1: Linear
  /// The second layer of the feed-forward block.
  public let linear2: Linear
  /// The normalisation of the self-attention.
  public let norm1: LayerNorm
  /// The normalisation of the attention to the memory.
  public let norm2: LayerNorm
  /// The normalisation of the feed-forward block.
  public let norm3: LayerNorm
  let dropout: Dropout
  /// The function between the two layers of the feed-forward block.
  public let activation: TransformerActivation
  /// Whether each block is normalised before it, not after.
  public let normFirst: Bool

  /// A layer with fresh weights; the parameters are those of ``TransformerEncoderLayer``.
  public init(
    _ size: Int, heads: Int, feedForward: Int = 2048, dropout: Double = 0.1,
    activation: TransformerActivation = .relu, epsilon: Double = 1e-5, batchFirst: Bool = false,
    normFirst: Bool = false, bias: Bool = true, generator: Generator = .shared
  ) {
    let parts = TransformerParts(
      size: size, heads: heads, feedForward: feedForward, dropout: dropout, epsilon: epsilon,
      batchFirst: batchFirst, bias: bias, generator: generator)
    selfAttn = parts.attention()
    multiheadAttn = parts.attention()
    linear1 = parts.linear1()
    linear2 = parts.linear2()
    norm1 = parts.norm()
    norm2 = parts.norm()
    norm3 = parts.norm()
    self.dropout = parts.drop()
    self.activation = activation
    self.normFirst = normFirst
  }

  /// The layer's output.
  ///
  /// - Parameters:
  ///   - target: `[L, N, E]`, or `[N, L, E]` with `batchFirst`.
  ///   - memory: the encoder's output, `[S, N, E]`, or `[N, S, E]` with `batchFirst`.
  ///   - mask: the positions of the target barred from each other, as in ``MultiHeadAttention``.
  ///   - memoryMask: the positions of the memory barred from those of the target.
  ///   - keyPadding: `[N, L]`, true for padding of the target, which no position attends to.
  ///   - memoryKeyPadding: `[N, S]`, true for padding of the memory.
  ///   - isCausal: whether a position of the target attends only to itself and earlier ones.
  public func callAsFunction(
    _ target: Tensor, memory: Tensor, mask: Tensor? = nil, memoryMask: Tensor? = nil,
    keyPadding: Tensor? = nil, memoryKeyPadding: Tensor? = nil, isCausal: Bool = false
  ) -> Tensor {
    Observer.watch(self, \.self) {
      var x = residual(target, norm1) {
        selfAttn($0, mask: mask, keyPadding: keyPadding, isCausal: isCausal)
      }
      x = residual(x, norm2) {
        multiheadAttn(
          query: $0, key: memory, value: memory, mask: memoryMask, keyPadding: memoryKeyPadding)
      }
      return residual(x, norm3, feedForward)
    }
  }
}
