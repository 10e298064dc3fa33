import BlitzTensor

/// Scaled dot-product attention of several heads as one function.
///
///     y = softmax(q kᵀ / sqrt(d) + mask) v, of each head
///
/// A query that may heed no key has weights of 0, as in PyTorch's `scaled_dot_product_attention`.
///
/// Inputs are either the queries, keys and values of a self-attention in one tensor,
/// `[N, L, 3 * E]`, or the three, `[N, L, E]`, `[N, S, E]` and `[N, S, E]`; behind them, where they
/// are there, what is added to the scores, and the noise of dropout, which the weights are
/// multiplied by and which has no gradient. The output is `[N, L, E]`.
struct Attending: GradientByHand {
  let heads: Int
  let isPacked: Bool
  let hasMask: Bool
  let hasNoise: Bool

  /// Queries, keys and values, `[N, heads, L, E / heads]`, by how they lie in the inputs.
  private func parts(_ inputs: [Tensor]) -> [Tensor] {
    let (batch, length) = (inputs[0].shape[0], inputs[0].shape[1])
    if isPacked {
      let size = inputs[0].shape[2] / 3 / heads
      // Cut along the heads, so that the parts are read where they lie.
      let packed = inputs[0].reshaped(to: [batch, length, 3 * heads, size])
      return packed.split(count: 3, axis: 2).map { $0.permuted([0, 2, 1, 3]) }
    }
    return inputs[..<3].map { split($0) }
  }

  private func split(_ tensor: Tensor) -> Tensor {
    if tensor.error != nil { return tensor }
    let shape = [tensor.shape[0], tensor.shape[1], heads, tensor.shape[2] / heads]
    return tensor.reshaped(to: Shape(shape)).permuted([0, 2, 1, 3])
  }

  private func merged(_ tensor: Tensor) -> Tensor {
    if tensor.error != nil { return tensor }
    let (batch, length) = (tensor.shape[0], tensor.shape[2])
    return tensor.permuted([0, 2, 1, 3])
      .reshaped(to: [batch, length, heads * tensor.shape[3]])
  }

  private func mask(_ inputs: [Tensor]) -> Tensor? { hasMask ? inputs[isPacked ? 1 : 3] : nil }
  private func noise(_ inputs: [Tensor]) -> Tensor? { hasNoise ? inputs[inputs.count - 1] : nil }

  /// How much each query heeds each key, `[N, heads, L, S]`, before dropout.
  func weights(_ inputs: [Tensor]) -> Tensor {
    let parts = parts(inputs)
    let scores = parts[0].matmul(parts[1].transposed(-1, -2)) * scale(parts[0])
    guard let mask = mask(inputs) else { return scores.softmax(axis: -1) }
    return (scores + mask).softmaxOrNothing()
  }

  /// The output block by block, without the scores in memory.
  func blockwise(_ inputs: [Tensor], isCausal: Bool) -> Tensor {
    if let failed = inputs.first(where: { $0.error != nil }) { return failed }
    let parts = parts(inputs)
    return merged(
      scaledDotProductAttention(
        query: parts[0], key: parts[1], value: parts[2], mask: mask(inputs), isCausal: isCausal))
  }

  private func scale(_ queries: Tensor) -> Double {
    1 / Double(queries.shape[3]).squareRoot()
  }

  func compute(_ inputs: [Tensor]) -> (output: Tensor, kept: [Tensor]) {
    let weights = weights(inputs)
    let noisy = noise(inputs).map { weights * $0 } ?? weights
    return (merged(noisy.matmul(parts(inputs)[2])), [weights])
  }

  func gradients(
    _ inputs: [Tensor], kept: [Tensor], output: Tensor, gradient: Tensor
  ) -> [Tensor?] {
    let parts = parts(inputs)
    let (q, k, v) = (parts[0], parts[1], parts[2])
    let weights = kept[0]
    let g = split(gradient)
    let noise = noise(inputs)
    let noisy = noise.map { weights * $0 } ?? weights
    let slopeOfValues = noisy.transposed(-1, -2).matmul(g)
    let slopeOfWeights = g.matmul(v.transposed(-1, -2)).scaled(by: noise, movedBy: nil)
    let product = slopeOfWeights * weights
    let slopeOfScores = product - weights * product.sum(axis: -1, keepDims: true)
    let scale = scale(q)
    let slopeOfQueries = slopeOfScores.matmul(k) * scale
    let slopeOfKeys = slopeOfScores.transposed(-1, -2).matmul(q) * scale
    var answer: [Tensor?]
    if isPacked {
      let all = [slopeOfQueries, slopeOfKeys, slopeOfValues].map { $0.permuted([0, 2, 1, 3]) }
      answer = [concatenate(all, axis: 2).reshaped(to: inputs[0].shape)]
    } else {
      answer = [slopeOfQueries, slopeOfKeys, slopeOfValues].map(merged)
    }
    if let mask = mask(inputs) {
      answer.append(mask.requiresGrad ? slopeOfScores.summed(to: mask.shape) : nil)
    }
    if hasNoise { answer.append(nil) }
    return answer
  }
}

extension Tensor {
  /// The tensor summed over the axes along which `shape` is broadcast to it.
  fileprivate func summed(to shape: Shape) -> Tensor {
    let added = rank - shape.rank
    let axes = (0..<rank).filter { $0 < added || (shape[$0 - added] == 1 && self.shape[$0] != 1) }
    return axes.isEmpty ? self : sum(axes: axes, keepDims: true).reshaped(to: shape)
  }
}
