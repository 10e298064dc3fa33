/// What is asked of scaled dot-product attention that goes block by block.
package struct Attention: Sendable, Hashable {
  /// What queries times keys are multiplied by.
  package var scale: Double
  /// Whether a query heeds the keys at its own place and before.
  package var isCausal: Bool
  /// How likely a weight is dropped, below 1; if above 0 the last operand is the seed.
  package var dropout: Double
  /// Whether there is a mask to add, behind the other operands.
  package var hasMask: Bool
  /// Whether the gradients are computed: of queries, keys and values, one behind the other.
  package var isBackward: Bool

  func encode(into words: inout [Int]) {
    for number in [scale, dropout] {
      words.append(Int(truncatingIfNeeded: number.bitPattern))
    }
    for flag in [isCausal, hasMask, isBackward] { words.append(flag ? 1 : 0) }
  }
}

extension Rule {
  /// Operands are queries `[N, H, L, D]`, keys `[N, G, S, D]` and values `[N, G, S, E]` of float32;
  /// for the gradients also the result and its gradient; a mask that broadcasts to `[N, H, L, S]`
  /// but has S columns; the seed. The result is flat: `[N, H, L, E]`, and behind it the logarithm
  /// of the sum of exponentials of each query.
  static let attention = constant(
    "scaledDotProductAttention",
    .kernel { site in
      guard case .attention(let attention) = site.op else { site.refuse() }
      return AttentionKernel(
        attention: attention, shapes: site.shapes, operands: site.operands, result: site.result)
    },
    samples: [
      Sample("attention", tolerance: Sample.sumTolerance, .normal([2, 3, 20, 8])) {
        scaledDotProductAttention(query: $0[0], key: $0[1], value: $0[0], isCausal: true)
      },
      Sample("attention's gradients", tolerance: Sample.sumTolerance, .normal([2, 3, 20, 8])) {
        let q = $0[0].requiringGrad()
        let y = scaledDotProductAttention(query: q, key: $0[1], value: $0[1])
        return BlitzTensor.gradient(of: y.square().sum(), wrt: q)
      },
    ],
    lowering: .refused("goes block by block through this machine's memory"))
}

extension Tensor {
  /// Attention block by block: the result, flat, with what the gradients need behind it.
  static func attention(_ attention: Attention, _ operands: [Tensor]) -> Tensor {
    let (query, value) = (operands[0].shape, operands[2].shape)
    let rows = query[0] * query[1] * query[2]
    return .make(
      .attention(attention), operands, shape: [rows * (value[3] + 1)], dtype: .float32)
  }

  /// The gradients of queries, keys and values; the operands are those of attention, and behind
  /// the first three its flat result and the gradient.
  static func attentionGradients(_ attention: Attention, _ operands: [Tensor]) -> [Tensor] {
    var attention = attention
    attention.isBackward = true
    let shapes = operands[..<3].map(\.shape)
    let counts = shapes.map(\.elementCount)
    let all = make(
      .attention(attention), operands, shape: [counts.reduce(0, +)], dtype: .float32)
    var start = 0
    return zip(shapes, counts).map { shape, count in
      defer { start += count }
      return all.sliced(axis: 0, from: start, count: count).viewed(as: shape)
    }
  }
}
