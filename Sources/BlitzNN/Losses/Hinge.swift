import BlitzTensor

/// The loss of a multi-class support vector machine, `torch.nn.functional.multi_margin_loss`.
///
///     loss of a row = sum over i other than label of max(0, scores[i] - scores[label] + margin)^p
///                     * classWeights[label] / classes
///
/// Stanford's cs231n does not divide by the number of classes; multiply by it to get that loss.
///
/// - Parameters:
///   - scores: `[rows, classes]` or `[rows, classes, ...]`, or `[classes]` of one row; a floating
///     dtype.
///   - labels: `[rows]` or `[rows, ...]`, or a single one; int64 or int32.
///   - margin: how far the label's score must be above the others to cost nothing.
///   - p: the power, 1 or 2.
///   - classWeights: `[classes]`, the factor of each class's loss, in the dtype of the scores; 1 if
///     they are left out. The mean is not weighted, as in PyTorch.
///   - reduction: over the rows.
/// - Returns: a single number, or the shape of the labels for `.none`.
/// - Gradient: 0 at the kink.
/// - Error: other shapes, dtypes or powers; labels out of range when the number is asked for.
public func multiClassHinge(
  scores: Tensor, labels: Tensor, margin: Double = 1, p: Int = 1, classWeights: Tensor? = nil,
  reduction: LossReduction = .mean
) -> Tensor {
  if let loss = Tensor.inFloat32(
    scores, labels,
    {
      multiClassHinge(
        scores: $0, labels: $1, margin: margin, p: p, classWeights: classWeights?.widened,
        reduction: reduction)
    })
  {
    return loss
  }
  if scores.rank <= 1, scores.error == nil, labels.rank <= 1, labels.elementCount == 1 {
    let losses = multiClassHinge(
      scores: scores.reshaped(to: [1, scores.elementCount]), labels: labels.reshaped(to: [1]),
      margin: margin, p: p, classWeights: classWeights, reduction: .none)
    return reduction == .none ? losses.reshaped(to: labels.shape) : reduction(losses)
  }
  if let wrong = LossCheck.labels("multiClassHinge", ("scores", scores), labels)
    ?? LossCheck.weights("multiClassHinge", classWeights, of: scores)
  {
    return wrong
  }
  guard p == 1 || p == 2 else {
    return Tensor(error: TensorError("multiClassHinge", "p is \(p)", help: "write 1 or 2"))
  }
  let index = labels.unsqueezed(axis: 1)
  let chosen = scores.gather(axis: 1, index: index, for: .multiClassHinge)
  let ones = scores.shape.dropFirst(2).map { _ in 1 }
  let classes = Tensor.arange(scores.shape[1], device: scores.device).reshaped(
    to: Shape([scores.shape[1]] + ones))
  let isOther = index.cast(to: .int64) .!= classes
  let hinge = (scores - chosen + margin).relu()
  let excess = Tensor.where(isOther, p == 1 ? hinge : hinge.square(), 0)
  let losses = excess.sum(axis: 1) / Double(scores.shape[1])
  guard let classWeights else { return reduction(losses) }
  let each = classWeights.indexSelect(axis: 0, indices: labels.flattened(), for: .multiClassHinge)
  return reduction(losses * each.reshaped(to: labels.shape))
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
