import BlitzTensor

/// The negative logarithm of the probability that softmax gives each row's label.
///
///     loss of a row = log(sum over i of exp(logits[i])) - logits[label]
///
/// - Parameters:
///   - logits: `[rows, classes]`, float32 or float64, before softmax.
///   - labels: `[rows]`, int64 or int32, each from 0 to classes - 1.
///   - reduction: over the rows; the mean is PyTorch's `cross_entropy`.
/// - Returns: a single number.
/// - Error: other shapes or dtypes; labels out of range when the number is asked for.
public func crossEntropy(
  logits: Tensor, labels: Tensor, reduction: LossReduction = .mean
) -> Tensor {
  if let failed = [logits, labels].first(where: { $0.error != nil }) { return failed }
  guard logits.rank == 2, labels.rank == 1, logits.shape[0] == labels.shape[0] else {
    return Tensor(
      error: TensorError(
        "crossEntropy", "logits must be [rows, classes] and labels [rows]",
        operands: [("logits", logits.signature), ("labels", labels.signature)],
        help: "a label is a class number; for one-hot rows use labels.argmax(axis: 1)"))
  }
  guard labels.dtype == .int64 || labels.dtype == .int32 else {
    return Tensor(
      error: TensorError(
        "crossEntropy", "labels are int64 or int32, not \(labels.dtype)",
        operands: [("labels", labels.signature)], help: "write labels.cast(to: .int64)"))
  }
  let chosen = logits.gather(axis: 1, index: labels.unsqueezed(axis: 1)).sum()
  let total = logits.logSumExp(axes: [1]).sum() - chosen
  return reduction == .sum ? total : total / Double(logits.shape[0])
}
