import BlitzTensor

/// The function between the two linear layers of a transformer's feed-forward block.
public enum TransformerActivation: Sendable, Hashable {
  /// `relu`
  case relu
  /// `gelu`, computed with the error function.
  case gelu

  func callAsFunction(_ input: Tensor) -> Tensor {
    switch self {
    case .relu: input.relu()
    case .gelu: input.gelu()
    }
  }
}

/// What ``TransformerEncoderLayer`` and ``TransformerDecoderLayer`` share: the feed-forward block,
/// and how a block's output is added to its input and normalised.
protocol TransformerLayer: Module {
  var linear1: Linear { get }
  var linear2: Linear { get }
  var dropout: Dropout { get }
  var activation: TransformerActivation { get }
  var normFirst: Bool { get }
}

extension TransformerLayer {
  /// `x` plus a block's output, normalised before or after.
  @inline(never)
  func residual(
    _ x: Tensor, _ norm: LayerNorm, _ block: (Tensor) -> Tensor
  ) -> Tensor {
    normFirst ? x + dropout(block(norm(x))) : norm(x + dropout(block(x)))
  }

  @inline(never)
  func feedForward(_ x: Tensor) -> Tensor { linear2(dropout(activation(linear1(x)))) }
}

/// The sizes of a transformer layer, and its parts made with them.
struct TransformerParts {
  let size: Int
  let heads: Int
  let feedForward: Int
  let dropout: Double
  let epsilon: Double
  let batchFirst: Bool
  let bias: Bool
  let generator: Generator

  func attention() -> MultiHeadAttention {
    MultiHeadAttention(
      size, heads: heads, dropout: dropout, bias: bias, batchFirst: batchFirst,
      generator: generator)
  }
  func linear1() -> Linear { Linear(size, feedForward, bias: bias, generator: generator) }
  func linear2() -> Linear { Linear(feedForward, size, bias: bias, generator: generator) }
  func norm() -> LayerNorm { LayerNorm(size, epsilon: epsilon, bias: bias) }
  func drop() -> Dropout { Dropout(dropout, generator: generator) }
}
