import BlitzTensor

/// What comes between the two linear layers of a transformer's feed-forward part.
public enum TransformerActivation: Sendable, Hashable {
  /// `relu`
  case relu
  /// `gelu`, by the error function.
  case gelu

  func callAsFunction(_ input: Tensor) -> Tensor {
    switch self {
    case .relu: input.relu()
    case .gelu: input.gelu()
    }
  }
}

/// A layer of a transformer that reads: self-attention and a feed-forward part, each added to its
/// input and normalised.
///
///     x = norm1(x + selfAttention(x))                 x = x + selfAttention(norm1(x))
///     y = norm2(x + linear2(activation(linear1(x))))  y = x +
///     linear2(activation(linear1(norm2(x)))) normFirst: false
///     normFirst: true
///
/// - Shapes: input `[L, N, size]` (position first, as in PyTorch; `[N, L, size]` with `batchFirst`,
///   `[L, size]` without a batch), output the same.
/// - Parameters: those of `self_attn`, `linear1`, `linear2`, `norm1` and `norm2`, with PyTorch's
///   initial values.
/// - Error: other axes or dtype; heads that do not divide the size; a mask of another shape.
/// - Source: Vaswani et al., "Attention Is All You Need", arXiv:1706.03762.
public struct TransformerEncoderLayer: Layer, Sendable {
  /// How positions see each other.
  public let selfAttn: MultiHeadAttention
  /// The feed-forward part's first layer.
  public let linear1: Linear
  /// The feed-forward part's second layer.
  public let linear2: Linear
  /// The normalisation of the attention's output or input.
  public let norm1: LayerNorm
  /// The normalisation of the feed-forward part's output or input.
  public let norm2: LayerNorm
  let dropout: Dropout
  /// What comes between the feed-forward part's layers.
  public let activation: TransformerActivation
  /// Whether normalisation comes before each part and not behind it.
  public let normFirst: Bool

  /// A layer with fresh weights.
  ///
  /// - Parameters:
  ///   - size: the last axis of input and output.
  ///   - heads: a divisor of `size`.
  ///   - feedForward: the size between the feed-forward part's layers.
  ///   - dropout: of attention weights, of the feed-forward part inside, and of both parts'
  ///     answers, in training.
  ///   - activation: what comes between the feed-forward part's layers.
  ///   - epsilon: what is added to the variance.
  ///   - batchFirst: whether the first axis is the batch.
  ///   - normFirst: whether normalisation comes before each part and not behind it.
  ///   - bias: whether there are biases.
  ///   - generator: where initial weights and dropout come from.
  public init(
    _ size: Int, heads: Int, feedForward: Int = 2048, dropout: Double = 0.1,
    activation: TransformerActivation = .relu, epsilon: Double = 1e-5, batchFirst: Bool = false,
    normFirst: Bool = false, bias: Bool = true, generator: Generator = .shared
  ) {
    selfAttn = MultiHeadAttention(
      size, heads: heads, dropout: dropout, bias: bias, batchFirst: batchFirst,
      generator: generator)
    linear1 = Linear(size, feedForward, bias: bias, generator: generator)
    linear2 = Linear(feedForward, size, bias: bias, generator: generator)
    norm1 = LayerNorm(size, epsilon: epsilon, bias: bias)
    norm2 = LayerNorm(size, epsilon: epsilon, bias: bias)
    self.dropout = Dropout(dropout, generator: generator)
    self.activation = activation
    self.normFirst = normFirst
  }

  /// The layer's output, every position heeding every other.
  public func forward(_ input: Tensor) -> Tensor {
    encode(input, mask: nil, keyPadding: nil, isCausal: false)
  }

  /// The layer's output where not every position may heed every other.
  ///
  /// - Parameters:
  ///   - input: `[L, N, size]`, or `[N, L, size]` if batch first.
  ///   - mask: as in ``MultiHeadAttention``: true, or minus infinity, where not.
  ///   - keyPadding: `[N, L]`, true for positions that nobody must heed.
  ///   - isCausal: whether a position heeds only itself and those before.
  public func callAsFunction(
    _ input: Tensor, mask: Tensor? = nil, keyPadding: Tensor? = nil, isCausal: Bool
  ) -> Tensor {
    Observer.watch(self, \.self) {
      encode(input, mask: mask, keyPadding: keyPadding, isCausal: isCausal)
    }
  }

  /// The layer's output where a mask says which positions may heed which.
  public func callAsFunction(
    _ input: Tensor, mask: Tensor, keyPadding: Tensor? = nil
  ) -> Tensor {
    callAsFunction(input, mask: mask, keyPadding: keyPadding, isCausal: false)
  }

  func encode(
    _ input: Tensor, mask: Tensor?, keyPadding: Tensor?, isCausal: Bool
  ) -> Tensor {
    func attention(_ x: Tensor) -> Tensor {
      dropout(selfAttn(x, mask: mask, keyPadding: keyPadding, isCausal: isCausal))
    }
    func feedForward(_ x: Tensor) -> Tensor {
      dropout(linear2(dropout(activation(linear1(x)))))
    }
    if normFirst {
      let x = input + attention(norm1(input))
      return x + feedForward(norm2(x))
    }
    let x = norm1(input + attention(input))
    return norm2(x + feedForward(x))
  }
}
