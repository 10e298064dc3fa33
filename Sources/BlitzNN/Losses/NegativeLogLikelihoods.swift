import BlitzTensor

/// Counts, by the rates that are expected: PyTorch's `poisson_nll_loss`.
///
///     loss = exp(rate) - target * rate            if the rates are logarithms
///            rate - target * log(rate + epsilon)  otherwise
///
/// - Parameters:
///   - rates: any shape; floats, or whole numbers, which count as float32.
///   - targets: the counts, of the same shape and dtype.
///   - areLogarithms: whether `rates` are.
///   - isFull: whether Stirling's approximation of `log(target!)` is added, for targets above 1.
///   - epsilon: what keeps the logarithm of 0 finite.
///   - reduction: over all elements.
/// - Returns: a single number, or the operands' shape for `.none`.
/// - Error: shapes that differ, as a loss never broadcasts; bool.
public func poissonNegativeLogLikelihood(
  rates: Tensor, targets: Tensor, areLogarithms: Bool = true, isFull: Bool = false,
  epsilon: Double = 1e-8, reduction: LossReduction = .mean
) -> Tensor {
  let name = "poissonNegativeLogLikelihood"
  let pair = LossCheck.floats(rates, targets)
  let (rates, targets) = (pair[0], pair[1])
  if let wrong = LossCheck.same(name, ("rates", rates), ("targets", targets)) { return wrong }
  var losses =
    areLogarithms
    ? rates.exp() - targets * rates : rates - targets * (rates + epsilon).log()
  if isFull {
    // The bound keeps what is not chosen, and its gradient, finite.
    let bounded = Tensor.where(targets .> 1, targets, 1)
    let stirling = bounded * bounded.log() - bounded + (bounded * (2 * Double.pi)).log() * 0.5
    losses = losses + Tensor.where(targets .> 1, stirling, 0)
  }
  return reduction(losses)
}

/// Numbers, by the means and variances that are expected: PyTorch's `gaussian_nll_loss`.
///
///     loss = (log(max(variance, epsilon)) + (mean - target)^2 / max(variance, epsilon)) / 2
///
/// - Parameters:
///   - means: any shape, a floating dtype.
///   - targets: the same shape and dtype.
///   - variances: of the same dtype, a shape that broadcasts to it; 0 or more.
///   - isFull: whether `log(2 * pi) / 2` is added.
///   - epsilon: the least variance; the bound is not differentiated.
///   - reduction: over all elements.
/// - Returns: a single number, or the operands' shape for `.none`.
/// - Error: shapes that differ, no operand of a floating dtype; variances that do not broadcast.
public func gaussianNegativeLogLikelihood(
  means: Tensor, targets: Tensor, variances: Tensor, isFull: Bool = false,
  epsilon: Double = 1e-6, reduction: LossReduction = .mean
) -> Tensor {
  let name = "gaussianNegativeLogLikelihood"
  if let wrong = LossCheck.same(name, ("means", means), ("targets", targets)) { return wrong }
  if variances.error != nil { return variances }
  // One variance for a row, without its last axis, is PyTorch's other way.
  let isRow =
    variances.rank == means.rank - 1
    && variances.shape.sizes == Array(means.shape.sizes.dropLast())
  let spread = (isRow ? variances.unsqueezed(axis: -1) : variances).expanded(to: means.shape)
  if spread.error != nil || variances.dtype != means.dtype {
    return Tensor(
      error: TensorError(
        name, "the variances do not broadcast to the means",
        operands: [("means", means.signature), ("variances", variances.signature)],
        help: "give \(means.dtype)\(means.shape), or one for each row"))
  }
  // PyTorch's bound passes the gradient.
  let least = noGrad { spread.detached().maximum(epsilon) - spread.detached() }
  let bounded = spread + least
  var losses = (bounded.log() + (means - targets).square() / bounded) * 0.5
  if isFull { losses = losses + 0.9189385332046727 }
  return reduction(losses)
}
