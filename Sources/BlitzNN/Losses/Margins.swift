import BlitzTensor

/// Puts one of two scores above the other: PyTorch's `margin_ranking_loss`.
///
///     loss = max(0, -target * (left - right) + margin)
///
/// - Parameters:
///   - left: any shape; floats, or whole numbers, which count as float32.
///   - right: the same shape and dtype.
///   - targets: the same shape and dtype, 1 where the left one belongs above, -1 where the right
///     one.
///   - margin: how far above.
///   - reduction: over all elements.
/// - Returns: a single number, or the operands' shape for `.none`.
/// - Gradient: 0 at the kink.
/// - Error: shapes that differ, as a loss never broadcasts; bool.
public func marginRanking(
  left: Tensor, right: Tensor, targets: Tensor, margin: Double = 0,
  reduction: LossReduction = .mean
) -> Tensor {
  let name = "marginRanking"
  let pair = LossCheck.floats(left, right)
  let (left, right) = (pair[0], pair[1])
  return LossCheck.same(name, ("left", left), ("right", right))
    ?? LossCheck.same(name, ("left", left), ("targets", targets))
    ?? reduction((-targets * (left - right) + margin).relu())
}

/// Keeps distances of pairs small or large: PyTorch's `hinge_embedding_loss`.
///
///     loss = distance                    where the target is 1
///            max(0, margin - distance)   where it is -1
///
/// - Parameters:
///   - distances: any shape, a floating dtype.
///   - targets: the same shape and dtype, each 1 or -1.
///   - margin: the distance from which pairs that do not belong together cost nothing.
///   - reduction: over all elements.
/// - Returns: a single number, or the operands' shape for `.none`.
/// - Gradient: 0 at the kink.
/// - Error: shapes that differ, as a loss never broadcasts; no operand of a floating dtype.
public func hingeEmbedding(
  distances: Tensor, targets: Tensor, margin: Double = 1, reduction: LossReduction = .mean
) -> Tensor {
  if let wrong = LossCheck.same("hingeEmbedding", ("distances", distances), ("targets", targets)) {
    return wrong
  }
  // A target that is neither counts for both, as in PyTorch.
  let apart = Tensor.where(targets .!= 1, (margin - distances).relu(), 0)
  return reduction(apart + Tensor.where(targets .!= -1, distances, 0))
}

/// Tells two classes apart by logits: PyTorch's `soft_margin_loss`.
///
///     loss = log(1 + exp(-target * logit))
///
/// - Parameters:
///   - logits: any shape, a floating dtype.
///   - targets: the same shape and dtype, each 1 or -1.
///   - reduction: over all elements.
/// - Returns: a single number, or the operands' shape for `.none`.
/// - Error: shapes that differ, as a loss never broadcasts; no operand of a floating dtype.
public func softMargin(
  logits: Tensor, targets: Tensor, reduction: LossReduction = .mean
) -> Tensor {
  LossCheck.same("softMargin", ("logits", logits), ("targets", targets))
    ?? reduction(-(targets * logits).logSigmoid())
}

/// Several classes at once by their logits: PyTorch's `multilabel_soft_margin_loss`.
///
///     loss of a row = the mean over the classes of
///       -weight * (target * log(sigmoid(logit)) + (1 - target) * log(sigmoid(-logit)))
///
/// - Parameters:
///   - logits: `[..., classes]`, a floating dtype.
///   - targets: the same shape and dtype, 1 for the classes of the row, 0 for the others.
///   - classWeights: how much each class counts, `[classes]`; 1 if they are left out.
///   - reduction: over the rows.
/// - Returns: a single number, or the shape without the classes for `.none`.
/// - Error: shapes that differ, as a loss never broadcasts; no operand of a floating dtype.
public func multiLabelSoftMargin(
  logits: Tensor, targets: Tensor, classWeights: Tensor? = nil, reduction: LossReduction = .mean
) -> Tensor {
  let name = "multiLabelSoftMargin"
  if let wrong = LossCheck.same(name, ("logits", logits), ("targets", targets)) { return wrong }
  if logits.rank == 0 {
    return Tensor(
      error: TensorError(
        name, "a single number has no classes", operands: [("logits", logits.signature)],
        help: "write unsqueezed(axis: 0)"))
  }
  if let classWeights, classWeights.error != nil { return classWeights }
  if let classWeights,
    classWeights.dtype != logits.dtype
      || classWeights.shape.elementCount != logits.shape[logits.rank - 1] || classWeights.rank != 1
  {
    return Tensor(
      error: TensorError(
        name, "there is not one weight for each class",
        operands: [("logits", logits.signature), ("classWeights", classWeights.signature)],
        help: "give \(logits.dtype)[\(logits.shape[logits.rank - 1])]"))
  }
  let losses = -(targets * logits.logSigmoid() + (1 - targets) * (-logits).logSigmoid())
  return reduction((classWeights.map { losses * $0 } ?? losses).mean(axis: -1))
}
