import BlitzTensor

/// Self-attention and a feed-forward block, `torch.nn.TransformerEncoderLayer`.
///
/// Each block is added to its input and normalised:
///
///     normFirst: false   x = norm1(x + selfAttention(x))
///                        y = norm2(x + feedForward(x))
///     normFirst: true    x = x + selfAttention(norm1(x))
///                        y = x + feedForward(norm2(x))
///     with               feedForward(x) = linear2(activation(linear1(x)))
///
/// - Shapes: input `[L, N, E]` (`[N, L, E]` with `batchFirst`, `[L, E]` without a batch), output
///   the same; E is `size`. The page *Layers* explains the letters.
/// - Parameters: those of `self_attn`, `linear1`, `linear2`, `norm1` and `norm2`, with PyTorch's
///   initial values.
/// - Error: other axes or dtype; heads that do not divide the size; a mask of another shape.
/// - Source: Vaswani et al., "Attention Is All You Need", arXiv:1706.03762.
public struct TransformerEncoderLayer: Layer, TransformerLayer, Sendable {
  /// The self-attention.
  public let selfAttn: MultiHeadAttention
  /// The first layer of the feed-forward block.
  public let linear1: Linear
  /// The second layer of the feed-forward block.
  public let linear2: Linear
  /// The normalisation of the self-attention.
  public let norm1: LayerNorm
  /// The normalisation of the feed-forward block.
  public let norm2: LayerNorm
  let dropout: Dropout
  /// The function between the two layers of the feed-forward block.
  public let activation: TransformerActivation
  /// Whether each block is normalised before it, not after.
  public let normFirst: Bool

  /// A layer with fresh weights.
  ///
  /// - Parameters:
  ///   - size: the last axis of input and output.
  ///   - heads: a divisor of `size`.
  ///   - feedForward: the size between the two linear layers; `dim_feedforward` in PyTorch.
  ///   - dropout: the probability of dropping, in training: attention weights, the activation, and
  ///     each block's output.
  ///   - activation: the function between the two linear layers.
  ///   - epsilon: a small number added to the variance, so that nothing is divided by zero.
  ///   - batchFirst: whether the first axis is the batch.
  ///   - normFirst: whether each block is normalised before it, not after.
  ///   - bias: whether the linear layers and norms have biases.
  ///   - generator: the source of the initial weights and of dropout.
  public init(
    _ size: Int, heads: Int, feedForward: Int = 2048, dropout: Double = 0.1,
    activation: TransformerActivation = .relu, epsilon: Double = 1e-5, batchFirst: Bool = false,
    normFirst: Bool = false, bias: Bool = true, generator: Generator = .shared
  ) {
    let parts = TransformerParts(
      size: size, heads: heads, feedForward: feedForward, dropout: dropout, epsilon: epsilon,
      batchFirst: batchFirst, bias: bias, generator: generator)
    selfAttn = parts.attention()
    linear1 = parts.linear1()
    linear2 = parts.linear2()
    norm1 = parts.norm()
    norm2 = parts.norm()
    self.dropout = parts.drop()
    self.activation = activation
    self.normFirst = normFirst
  }

  /// The layer's output, where every position attends to every other.
  public func forward(_ input: Tensor) -> Tensor {
    encode(input, mask: nil, keyPadding: nil, isCausal: false)
  }

  /// The layer's output, where a mask, padding or causality limits attention.
  ///
  /// - Parameters:
  ///   - input: `[L, N, E]`, or `[N, L, E]` with `batchFirst`.
  ///   - mask: as in ``MultiHeadAttention``: true, or minus infinity, where attention is barred.
  ///   - keyPadding: `[N, L]`, true for padding, which no position attends to.
  ///   - isCausal: whether a position attends only to itself and earlier ones.
  public func callAsFunction(
    _ input: Tensor, mask: Tensor? = nil, keyPadding: Tensor? = nil, isCausal: Bool
  ) -> Tensor {
    Observer.watch(self, \.self) {
      encode(input, mask: mask, keyPadding: keyPadding, isCausal: isCausal)
    }
  }

  /// The layer's output, where a mask limits attention.
  public func callAsFunction(
    _ input: Tensor, mask: Tensor, keyPadding: Tensor? = nil
  ) -> Tensor {
    callAsFunction(input, mask: mask, keyPadding: keyPadding, isCausal: false)
  }

  @inline(never)
  func encode(
    _ input: Tensor, mask: Tensor?, keyPadding: Tensor?, isCausal: Bool
  ) -> Tensor {
    let x = residual(input, norm1) {
      selfAttn($0, mask: mask, keyPadding: keyPadding, isCausal: isCausal)
    }
    return residual(x, norm2, feedForward)
  }
}
