import BlitzTensor

/// How rows' losses become one number.
public enum LossReduction: Sendable, Hashable, CaseIterable {
  /// The mean over the rows' losses.
  case mean
  /// Their sum.
  case sum
}

/// The squared differences of predictions and targets, summed within a row.
///
///     loss of a row = sum over i of (prediction[i] - target[i])²
///
/// - Parameters:
///   - predictions: `[rows, ...]`, float32 or float64.
///   - targets: the same shape and dtype.
///   - reduction: over the rows. The sum is the loss of Justin Johnson's examples; the mean over
///     rows is PyTorch's `mse_loss` times the number of elements of a row.
/// - Returns: a single number.
/// - Error: shapes that differ (a loss never broadcasts), or no rows' axis.
public func squaredError(
  predictions: Tensor, targets: Tensor, reduction: LossReduction = .mean
) -> Tensor {
  if let failed = [predictions, targets].first(where: { $0.error != nil }) { return failed }
  guard predictions.shape == targets.shape, predictions.rank > 0 else {
    return Tensor(
      error: TensorError(
        "squaredError", "predictions and targets must have the same shape, of one axis or more",
        operands: [("predictions", predictions.signature), ("targets", targets.signature)],
        help: "write targets.reshaped(to: \(predictions.shape))"))
  }
  let total = (predictions - targets).square().sum()
  return reduction == .sum ? total : total / Double(predictions.shape[0])
}
