import BlitzTensor

/// The squared differences of predictions and targets, summed within each row.
///
///     loss of a row = sum over i of (prediction[i] - target[i])²
///
/// - Parameters:
///   - predictions: `[rows, ...]`, a floating dtype.
///   - targets: the same shape and dtype.
///   - reduction: over the rows. The sum is the loss of Justin Johnson's examples; the mean is
///     PyTorch's `mse_loss` times the number of elements of a row.
/// - Returns: a single number, or `[rows]` for `.none`.
/// - Error: shapes that differ (a loss never broadcasts), or no axis of rows.
public func squaredError(
  predictions: Tensor, targets: Tensor, reduction: LossReduction = .mean
) -> Tensor {
  if let loss = Tensor.inFloat32(
    predictions, targets,
    {
      squaredError(predictions: $0, targets: $1, reduction: reduction)
    })
  {
    return loss
  }
  if let failed = [predictions, targets].first(where: { $0.error != nil }) { return failed }
  guard predictions.shape == targets.shape, predictions.rank > 0 else {
    return Tensor(
      error: TensorError(
        "squaredError", "predictions and targets must have the same shape, of one axis or more",
        operands: [("predictions", predictions.signature), ("targets", targets.signature)],
        help: "write targets.reshaped(to: \(predictions.shape))"))
  }
  if let wrong = LossCheck.same(
    "squaredError", ("predictions", predictions), ("targets", targets))
  {
    return wrong
  }
  let squares = (predictions - targets).square()
  switch reduction {
  case .sum: return squares.sum()
  case .mean, .batchMean: return squares.sum() / Double(predictions.shape[0])
  case .none: return squares.rank == 1 ? squares : squares.sum(axes: Array(1..<squares.rank))
  }
}

/// The squared differences of predictions and targets, `torch.nn.functional.mse_loss`.
///
///     loss of an element = (prediction - target)²
///
/// - Parameters:
///   - predictions: any shape, a floating dtype.
///   - targets: the same shape and dtype.
///   - reduction: over all elements.
/// - Returns: a single number, or the operands' shape for `.none`.
/// - Error: shapes that differ, as a loss never broadcasts; no operand of a floating dtype.
public func meanSquaredError(
  predictions: Tensor, targets: Tensor, reduction: LossReduction = .mean
) -> Tensor {
  if let loss = Tensor.inFloat32(
    predictions, targets,
    {
      meanSquaredError(predictions: $0, targets: $1, reduction: reduction)
    })
  {
    return loss
  }
  return LossCheck.same("meanSquaredError", ("predictions", predictions), ("targets", targets))
    ?? reduction((predictions - targets).square())
}
