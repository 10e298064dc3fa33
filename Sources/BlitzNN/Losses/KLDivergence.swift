import BlitzTensor

/// The Kullback-Leibler divergence of two distributions, `torch.nn.functional.kl_div`.
///
///     term = t * (log(t) - logProbability)
///
/// - Parameters:
///   - logProbabilities: `[rows, ...]`, a floating dtype: logarithms, as `logSoftmax` returns.
///   - targets: the same shape and dtype: probabilities, or their logarithms.
///   - logTargets: whether the targets are logarithms; `log_target` in PyTorch.
///   - reduction: over all terms. The divergence itself is `.batchMean`, the mean of the rows'
///     sums; `.mean` divides by the classes too.
/// - Returns: a single number; for `.none` the terms of the sum, in the operands' shape.
/// - Gradient: where a target is 0, the term and its gradient are 0.
/// - Error: shapes that differ, a dtype that is not floating.
public func klDivergence(
  logProbabilities: Tensor, targets: Tensor, logTargets: Bool = false,
  reduction: LossReduction = .mean
) -> Tensor {
  if let loss = Tensor.inFloat32(
    logProbabilities, targets,
    {
      klDivergence(
        logProbabilities: $0, targets: $1, logTargets: logTargets, reduction: reduction)
    })
  {
    return loss
  }
  if let wrong = LossCheck.same(
    "klDivergence", ("logProbabilities", logProbabilities), ("targets", targets),
    promotes: logProbabilities.dtype.isFloating && targets.dtype.isFloating)
  {
    return wrong
  }
  let terms: Tensor
  if logTargets {
    terms = targets.exp() * (targets - logProbabilities)
  } else {
    // 0 log 0 counts as 0, and its logarithm's gradient must not meet the zero.
    let isZero = targets .== 0
    let logarithms = Tensor.where(isZero, 1, targets).log()
    terms = targets * (logarithms - logProbabilities)
  }
  return reduction(terms)
}
