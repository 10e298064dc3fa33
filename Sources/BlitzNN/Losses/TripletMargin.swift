import BlitzTensor

/// The distances of the vectors of two tensors, row by row: PyTorch's `pairwise_distance`.
///
///     y = norm(left - right + 1e-6)
///
/// - Parameters:
///   - left: `[..., size]`, a floating dtype.
///   - right: the same size and dtype; broadcast.
///   - p: which norm, see `Tensor.norm(_:axis:keepDims:)`.
///   - epsilon: added to every difference, so that the gradient of equal vectors is not 0.
///   - keepDims: whether the last axis stays, with size 1.
/// - Returns: the broadcast shape without the last axis.
/// - Gradient: that of the norm.
/// - Error: shapes that do not broadcast; whole numbers alone.
public func pairwiseDistance(
  _ left: Tensor, _ right: Tensor, p: Double = 2, epsilon: Double = 1e-6, keepDims: Bool = false
) -> Tensor {
  (left - right + epsilon).norm(p, axis: -1, keepDims: keepDims).named("pairwiseDistance")
}

/// Draws a vector to one and away from another: PyTorch's `triplet_margin_loss`.
///
///     loss of a row = max(0, d(anchor, positive) - d(anchor, negative) + margin)
///
/// - Parameters:
///   - anchor: `[rows, size]` or `[size]`; floats, or whole numbers, which count as float32.
///   - positive: what belongs to it, of the same shape and dtype.
///   - negative: what does not, of the same shape and dtype.
///   - margin: how much farther the negative one is to be.
///   - swap: whether d(positive, negative) counts where it is less than d(anchor, negative).
///   - reduction: over the rows.
///   - distance: d; `pairwiseDistance(_:_:p:epsilon:keepDims:)` if it is left out.
/// - Returns: a single number, or the shape of the distances for `.none`.
/// - Gradient: 0 at the kink.
/// - Error: shapes that differ; bool; a margin that is not above 0.
/// - Source: Balntas and others, "Learning shallow convolutional feature descriptors with triplet
///   losses", BMVC 2016.
public func tripletMargin(
  anchor: Tensor, positive: Tensor, negative: Tensor, margin: Double = 1, swap: Bool = false,
  reduction: LossReduction = .mean,
  distance: (Tensor, Tensor) -> Tensor = { pairwiseDistance($0, $1) }
) -> Tensor {
  let name = "tripletMargin"
  let three = LossCheck.floats(anchor, positive, negative)
  let (anchor, positive, negative) = (three[0], three[1], three[2])
  if let wrong = LossCheck.same(name, ("anchor", anchor), ("positive", positive))
    ?? LossCheck.same(name, ("anchor", anchor), ("negative", negative))
  {
    return wrong
  }
  guard margin > 0 else {
    return Tensor(
      error: TensorError(
        name, "the margin is \(margin)", operands: [("anchor", anchor.signature)],
        help: "give a number above 0"))
  }
  let near = distance(anchor, positive)
  var far = distance(anchor, negative)
  if swap { far = far.minimum(distance(positive, negative)) }
  return reduction((near - far + margin).relu()).named(name)
}
