import BlitzTensor

/// The loss of a multi-class support vector machine, `torch.nn.functional.multi_margin_loss`.
///
///     loss of a row = sum over i other than label of max(0, scores[i] - scores[label] + margin)
///                     / classes
///
/// Stanford's cs231n does not divide by the number of classes; multiply by it to get that loss.
///
/// - Parameters:
///   - scores: `[rows, classes]` or `[rows, classes, ...]`, a floating dtype.
///   - labels: `[rows]` or `[rows, ...]`, int64 or int32.
///   - margin: how far the label's score must be above the others to cost nothing.
///   - reduction: over the rows.
/// - Returns: a single number, or the shape of the labels for `.none`.
/// - Gradient: 0 at the kink.
/// - Error: other shapes or dtypes; labels out of range when the number is asked for.
public func multiClassHinge(
  scores: Tensor, labels: Tensor, margin: Double = 1, reduction: LossReduction = .mean
) -> Tensor {
  if let loss = Tensor.inFloat32(
    scores, labels,
    {
      multiClassHinge(scores: $0, labels: $1, margin: margin, reduction: reduction)
    })
  {
    return loss
  }
  if let wrong = LossCheck.labels("multiClassHinge", ("scores", scores), labels) { return wrong }
  let index = labels.unsqueezed(axis: 1)
  let chosen = scores.gather(axis: 1, index: index, for: .multiClassHinge)
  let ones = scores.shape.dropFirst(2).map { _ in 1 }
  let classes = Tensor.arange(scores.shape[1], device: scores.device).reshaped(
    to: Shape([scores.shape[1]] + ones))
  let isOther = index.cast(to: .int64) .!= classes
  let excess = Tensor.where(isOther, (scores - chosen + margin).relu(), 0)
  return reduction(excess.sum(axis: 1) / Double(scores.shape[1]))
}

/// The hinge loss of a support vector machine with two classes.
///
///     loss of an element = max(0, 1 - target * score)
///
/// - Parameters:
///   - scores: any shape, a floating dtype.
///   - targets: the same shape and dtype, each 1 or -1.
///   - reduction: over all elements.
/// - Returns: a single number, or the operands' shape for `.none`.
/// - Gradient: 0 at the kink.
/// - Error: shapes that differ, as a loss never broadcasts; no operand of a floating dtype.
public func hinge(
  scores: Tensor, targets: Tensor, reduction: LossReduction = .mean
) -> Tensor {
  if let loss = Tensor.inFloat32(
    scores, targets,
    {
      hinge(scores: $0, targets: $1, reduction: reduction)
    })
  {
    return loss
  }
  return LossCheck.same("hinge", ("scores", scores), ("targets", targets))
    ?? reduction((1 - targets * scores).relu())
}
