import BlitzTensor

/// Puts the scores of a row's classes above all others,
/// `torch.nn.functional.multilabel_margin_loss`.
///
///     loss of a row = sum over its labels j and all other classes i of
///       max(0, 1 - (scores[j] - scores[i])) / classes
///
/// - Parameters:
///   - scores: `[rows, classes]`, or `[classes]` for one row, a floating dtype.
///   - labels: the same shape, int64 or int32: a row's classes, then -1; what follows that is not
///     read.
///   - reduction: over the rows.
/// - Returns: a single number, or `[rows]` for `.none`.
/// - Gradient: 0 at the kink.
/// - Error: other shapes or dtypes. A label that is no class makes the loss NaN.
public func multiLabelMargin(
  scores: Tensor, labels: Tensor, reduction: LossReduction = .mean
) -> Tensor {
  if let loss = Tensor.inFloat32(
    scores, labels, { multiLabelMargin(scores: $0, labels: $1, reduction: reduction) })
  {
    return loss
  }
  if let failed = [scores, labels].first(where: { $0.error != nil }) { return failed }
  let isWhole = labels.dtype == .int64 || labels.dtype == .int32
  guard scores.dtype.isFloating, isWhole, scores.shape == labels.shape, scores.rank <= 2 else {
    return Tensor(
      error: TensorError(
        "multiLabelMargin", "scores must be floats [rows, classes], labels whole of that shape",
        operands: [("scores", scores.signature), ("labels", labels.signature)],
        help: "fill the rows of labels up with -1"))
  }
  if scores.rank < 2 {
    let row: Shape = [1, scores.elementCount]
    let losses = multiLabelMargin(
      scores: scores.reshaped(to: row), labels: labels.reshaped(to: row), reduction: .none)
    return reduction == .none ? losses.squeezed(axis: 0) : reduction(losses)
  }
  let count = scores.shape[1]
  // Whether a place comes before the first -1.
  let isRead = (labels .>= 0).cast(to: .int64).cumprod(axis: 1) .> 0
  let index = Tensor.where(isRead .& (labels .< count), labels, 0)
  let classes = Tensor.arange(count, device: scores.device)
  // Axis 1 counts labels, axis 2 classes.
  let isLabel = ((labels.unsqueezed(axis: 2) .== classes) .& isRead.unsqueezed(axis: 2))
    .any(axis: 1, keepDims: true)
  let own = Tensor.where(labels .< count, scores.gather(axis: 1, index: index), Double.nan)
  let hinge = (1 - (own.unsqueezed(axis: 2) - scores.unsqueezed(axis: 1))).relu()
  let counted = Tensor.where(isRead.unsqueezed(axis: 2) .& .!isLabel, hinge, 0)
  return reduction(counted.sum(axes: [1, 2]) / Double(max(count, 1)))
}
