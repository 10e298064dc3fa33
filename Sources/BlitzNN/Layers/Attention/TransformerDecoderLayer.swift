import BlitzTensor

/// A layer of a transformer that writes: self-attention, attention to what an encoder has read (the
/// memory), and a feed-forward part, each added to its input and normalised.
///
///     x = norm1(x + selfAttention(x))                 x = x + selfAttention(norm1(x))
///     x = norm2(x + attention(x, memory))             x = x + attention(norm2(x), memory)
///     y = norm3(x + linear2(activation(linear1(x))))  y = x +
///     linear2(activation(linear1(norm3(x)))) normFirst: false
///     normFirst: true
///
/// - Shapes: target `[L, N, size]` and memory `[S, N, size]` (position first, as in PyTorch;
///   `[N, L, size]` and `[N, S, size]` with `batchFirst`, without N for no batch), output as the
///   target.
/// - Parameters: those of `self_attn`, `multihead_attn`, `linear1`, `linear2`, `norm1`, `norm2` and
///   `norm3`, with PyTorch's initial values.
/// - Error: other axes or dtype; heads that do not divide the size; a mask of another shape.
/// - Source: Vaswani et al., "Attention Is All You Need", arXiv:1706.03762.
public struct TransformerDecoderLayer: Module, Sendable {
  /// How positions of the target see each other.
  public let selfAttn: MultiHeadAttention
  /// How positions of the target see the memory.
  public let multiheadAttn: MultiHeadAttention
  /// The feed-forward part's first layer.
  public let linear1: Linear
  /// The feed-forward part's second layer.
  public let linear2: Linear
  /// The normalisation of the self-attention's output or input.
  public let norm1: LayerNorm
  /// The normalisation of the attention's output or input.
  public let norm2: LayerNorm
  /// The normalisation of the feed-forward part's output or input.
  public let norm3: LayerNorm
  let dropout: Dropout
  /// What comes between the feed-forward part's layers.
  public let activation: TransformerActivation
  /// Whether normalisation comes before each part and not behind it.
  public let normFirst: Bool

  /// A layer with fresh weights; the parameters are those of ``TransformerEncoderLayer``.
  public init(
    _ size: Int, heads: Int, feedForward: Int = 2048, dropout: Double = 0.1,
    activation: TransformerActivation = .relu, epsilon: Double = 1e-5, batchFirst: Bool = false,
    normFirst: Bool = false, bias: Bool = true, generator: Generator = .shared
  ) {
    selfAttn = MultiHeadAttention(
      size, heads: heads, dropout: dropout, bias: bias, batchFirst: batchFirst,
      generator: generator)
    multiheadAttn = MultiHeadAttention(
      size, heads: heads, dropout: dropout, bias: bias, batchFirst: batchFirst,
      generator: generator)
    linear1 = Linear(size, feedForward, bias: bias, generator: generator)
    linear2 = Linear(feedForward, size, bias: bias, generator: generator)
    norm1 = LayerNorm(size, epsilon: epsilon, bias: bias)
    norm2 = LayerNorm(size, epsilon: epsilon, bias: bias)
    norm3 = LayerNorm(size, epsilon: epsilon, bias: bias)
    self.dropout = Dropout(dropout, generator: generator)
    self.activation = activation
    self.normFirst = normFirst
  }

  /// The layer's output.
  ///
  /// - Parameters:
  ///   - target: `[L, N, size]`, or `[N, L, size]` if batch first.
  ///   - memory: what the encoder returned, `[S, N, size]`, or `[N, S, size]`.
  ///   - mask: which positions of the target must not see which, as in ``MultiHeadAttention``.
  ///   - memoryMask: which positions of the target must not see which of the memory.
  ///   - keyPadding: `[N, L]`, true for positions of the target that nobody must heed.
  ///   - memoryKeyPadding: `[N, S]`, true for positions of the memory that nobody must heed.
  ///   - isCausal: whether a position of the target sees only itself and those before.
  public func callAsFunction(
    _ target: Tensor, memory: Tensor, mask: Tensor? = nil, memoryMask: Tensor? = nil,
    keyPadding: Tensor? = nil, memoryKeyPadding: Tensor? = nil, isCausal: Bool = false
  ) -> Tensor {
    Observer.watch(self, \.self) {
      func own(_ x: Tensor) -> Tensor {
        dropout(selfAttn(x, mask: mask, keyPadding: keyPadding, isCausal: isCausal))
      }
      func other(_ x: Tensor) -> Tensor {
        dropout(
          multiheadAttn(
            query: x, key: memory, value: memory, mask: memoryMask, keyPadding: memoryKeyPadding))
      }
      func feedForward(_ x: Tensor) -> Tensor {
        dropout(linear2(dropout(activation(linear1(x)))))
      }
      if normFirst {
        var x = target + own(norm1(target))
        x = x + other(norm2(x))
        return x + feedForward(norm3(x))
      }
      var x = norm1(target + own(target))
      x = norm2(x + other(x))
      return norm3(x + feedForward(x))
    }
  }
}
