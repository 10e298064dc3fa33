import BlitzTensor

/// The cosine of the angle between the vectors along an axis: PyTorch's `cosine_similarity`.
///
///     y = sum(a * b) / (max(norm(a), 1e-8) * max(norm(b), 1e-8))
///
/// - Parameters:
///   - left: any shape, a floating dtype.
///   - right: the same shape and dtype.
///   - axis: of the vectors; negative ones count from the end.
/// - Returns: the shape without the axis.
/// - Error: shapes or dtypes that differ, an axis that there is not.
public func cosineSimilarity(_ left: Tensor, _ right: Tensor, axis: Int = -1) -> Tensor {
  if let loss = Tensor.inFloat32(
    left, right,
    {
      cosineSimilarity($0, $1, axis: axis)
    })
  {
    return loss
  }
  if let wrong = LossCheck.same("cosineSimilarity", ("left", left), ("right", right)) {
    return wrong
  }
  let products = (left * right).sum(axis: axis).named("cosineSimilarity")
  let lengths = left.norm(axis: axis).maximum(1e-8) * right.norm(axis: axis).maximum(1e-8)
  return products / lengths
}

/// Draws pairs of vectors together or apart: PyTorch's `cosine_embedding_loss`.
///
///     loss of a row = 1 - cos(left, right)              where the target is 1
///                     max(0, cos(left, right) - margin)  where it is -1
///
/// - Parameters:
///   - left: `[rows, size]`, a floating dtype.
///   - right: the same shape and dtype.
///   - targets: `[rows]`, each 1 or -1; any dtype of numbers.
///   - margin: the cosine below which vectors that do not belong together cost nothing.
///   - reduction: over the rows.
/// - Returns: a single number, or `[rows]` for `.none`.
/// - Error: shapes or dtypes that do not fit.
public func cosineEmbedding(
  left: Tensor, right: Tensor, targets: Tensor, margin: Double = 0,
  reduction: LossReduction = .mean
) -> Tensor {
  if let loss = Tensor.inFloat32(
    left, right,
    {
      cosineEmbedding(
        left: $0, right: $1, targets: targets, margin: margin, reduction: reduction)
    })
  {
    return loss
  }
  if let wrong = LossCheck.same("cosineEmbedding", ("left", left), ("right", right)) {
    return wrong
  }
  if targets.error != nil { return targets }
  guard left.rank == 2, targets.shape == [left.shape[0]] else {
    return Tensor(
      error: TensorError(
        "cosineEmbedding", "left and right must be [rows, size] and targets [rows]",
        operands: [
          ("left", left.signature), ("right", right.signature), ("targets", targets.signature),
        ],
        help: left.rank == 2 && targets.elementCount == left.shape[0]
          ? "write targets.reshaped(to: [\(left.shape[0])])"
          : "a target is 1 for a pair that belongs together, -1 for one that does not"))
  }
  // PyTorch adds this to each squared length, in this loss only.
  let least = 1e-12
  let lengths =
    (left.square().sum(axis: 1) + least) * (right.square().sum(axis: 1) + least)
  let cosine = (left * right).sum(axis: 1) / lengths.sqrt()
  return reduction(
    .where(
      targets .== 1, 1 - cosine, .where(targets .== -1, (cosine - margin).relu(), 0)))
}
