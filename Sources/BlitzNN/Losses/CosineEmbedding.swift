import BlitzTensor

/// The cosine of the angle between vectors, `torch.nn.functional.cosine_similarity`.
///
///     y = sum(a * b) / (max(norm(a), 1e-8) * max(norm(b), 1e-8))
///
/// Large vectors do not overflow on the way.
///
/// - Parameters:
///   - left: any shape, a floating dtype.
///   - right: the same dtype, and a shape that broadcasts with it.
///   - axis: the axis of the common shape along which a vector lies; counted from the end if
///     negative. With PyTorch's default, 1, each row is a vector.
/// - Returns: the common shape without the axis.
/// - Error: shapes that do not broadcast, no operand of a floating dtype, an axis that does not
///   exist.
public func cosineSimilarity(_ left: Tensor, _ right: Tensor, axis: Int = 1) -> Tensor {
  if let loss = Tensor.inFloat32(
    left, right,
    {
      cosineSimilarity($0, $1, axis: axis)
    })
  {
    return loss
  }
  if left.error == nil, right.error == nil, left.shape != right.shape,
    let shape = Shape.broadcast(left.shape, right.shape)
  {
    return cosineSimilarity(left.expanded(to: shape), right.expanded(to: shape), axis: axis)
  }
  if let wrong = LossCheck.same("cosineSimilarity", ("left", left), ("right", right)) {
    return wrong
  }
  guard let axis = left.shape.resolve(axis: axis) else {
    return Tensor(error: .axis("cosineSimilarity", axis, of: left))
  }
  if left.dtype != right.dtype {
    let dtype = Tensor.resultType(left, right)
    return cosineSimilarity(left.cast(to: dtype), right.cast(to: dtype), axis: axis)
  }
  func direction(_ vectors: Tensor) -> Tensor {
    let size = vectors.scaleOfLarge(axis)
    let scaled = vectors / size
    return scaled / scaled.norm(axis: axis, keepDims: true).maximum(1e-8 / size)
  }
  return (direction(left) * direction(right)).sum(axis: axis)
}

/// Moves pairs of vectors together or apart, `torch.nn.functional.cosine_embedding_loss`.
///
///     loss of a row = 1 - cos(left, right)              where the target is 1
///                     max(0, cos(left, right) - margin)  where it is -1
///
/// - Parameters:
///   - left: `[rows, size]`, or `[size]` of one pair; floats, or whole numbers, which count as
///     float32.
///   - right: the same shape and dtype.
///   - targets: `[rows]`, or a single one, each 1 or -1; any dtype of numbers.
///   - margin: the cosine up to which vectors that do not belong together cost nothing.
///   - reduction: over the rows.
/// - Returns: a single number, or `[rows]` for `.none`.
/// - Error: shapes or dtypes that do not fit.
public func cosineEmbedding(
  left: Tensor, right: Tensor, targets: Tensor, margin: Double = 0,
  reduction: LossReduction = .mean
) -> Tensor {
  let pair = LossCheck.floats(left, right)
  let (left, right) = (pair[0], pair[1])
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
  if left.rank == 1 && targets.rank == 0 {
    let losses = cosineEmbedding(
      left: left.unsqueezed(axis: 0), right: right.unsqueezed(axis: 0),
      targets: targets.unsqueezed(axis: 0), margin: margin, reduction: .none)
    return reduction == .none ? losses.squeezed(axis: 0) : reduction(losses)
  }
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
  func direction(_ vectors: Tensor) -> Tensor {
    let size = vectors.scaleOfLarge(1)
    let scaled = vectors / size
    let square = scaled.square().sum(axis: 1, keepDims: true) + least / size.square()
    return scaled / square.sqrt()
  }
  let cosine = (direction(left) * direction(right)).sum(axis: 1)
  return reduction(
    .where(
      targets .== 1, 1 - cosine, .where(targets .== -1, (cosine - margin).relu(), 0)))
}

extension Tensor {
  /// What the vectors along an axis can be divided by so that their squares do not overflow: the
  /// greatest of their elements, 1 where that is less. A constant, since it cancels out.
  fileprivate func scaleOfLarge(_ axis: Int) -> Tensor {
    if shape[axis] == 0 { return Tensor.ones([], dtype: dtype, device: device) }
    return noGrad { abs().max(axis: axis, keepDims: true).maximum(1) }
  }
}
