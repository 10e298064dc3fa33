import BlitzTensor

/// What is added to attention's scores for all the ways to say which keys a query may heed.
struct AttentionMask {
  let batch: Int
  let heads: Int
  let length: Int
  let keys: Int

  /// A tensor that broadcasts to `[batch, heads, length, keys]`, nil if nothing is masked.
  func bias(
    mask: Tensor?, keyPadding: Tensor?, isCausal: Bool, dtype: DType, device: Device,
    layer: String
  ) throws(TensorError) -> Tensor? {
    var parts: [Tensor] = []
    if let mask {
      if let error = mask.error { throw error }
      let shapes: [Shape] = [[length, keys], [batch * heads, length, keys]]
      guard shapes.contains(mask.shape), mask.dtype == .bool || mask.dtype == dtype else {
        throw TensorError(
          "MultiHeadAttention", "the mask is not bool or \(dtype) of \(shapes[0]) or \(shapes[1])",
          operands: [("mask", mask.signature), ("layer", layer)],
          help: "of bool, true is for keys that a query must not heed")
      }
      let added = additive(mask, dtype)
      parts.append(
        mask.rank == 2 ? added : added.reshaped(to: [batch, heads, length, keys]))
    }
    if isCausal {
      let ahead = Tensor.ones([length, keys], device: device).triu(diagonal: 1) .> 0
      parts.append(additive(ahead, dtype))
    }
    if let keyPadding {
      if let error = keyPadding.error { throw error }
      guard keyPadding.shape == [batch, keys],
        keyPadding.dtype == .bool || keyPadding.dtype == dtype
      else {
        throw TensorError(
          "MultiHeadAttention", "keyPadding is not bool or \(dtype) of [\(batch), \(keys)]",
          operands: [("keyPadding", keyPadding.signature), ("layer", layer)],
          help: "of bool, true is for keys that nobody must heed")
      }
      parts.append(additive(keyPadding, dtype).reshaped(to: [batch, 1, 1, keys]))
    }
    guard let first = parts.first else { return nil }
    return parts.dropFirst().reduce(first) { $0 + $1 }
  }

  private func additive(_ mask: Tensor, _ dtype: DType) -> Tensor {
    guard mask.dtype == .bool else { return mask }
    return .where(mask, -Double.infinity, Tensor.zeros(mask.shape, dtype: dtype))
  }
}
