import BlitzTensor

/// The cross entropy of probabilities and yes-or-no targets,
/// `torch.nn.functional.binary_cross_entropy`.
///
///     loss of an element = -weight * (t log(p) + (1 - t) log(1 - p)),  logarithms at least -100
///
/// - Parameters:
///   - probabilities: any shape, a floating dtype, from 0 to 1.
///   - targets: the same shape and dtype, from 0 to 1.
///   - weights: the factor of each loss, a tensor that broadcasts to them; `weight` in PyTorch. The
///     mean is not weighted, as in PyTorch.
///   - reduction: over all elements.
/// - Returns: a single number, or the operands' shape for `.none`.
/// - Gradient: for the probabilities `(p - t) / max(p (1 - p), 1e-12)`, as in PyTorch; for the
///   targets `log(1 - p) - log(p)`.
/// - Error: shapes or dtypes that differ: a loss never broadcasts; weights that do not fit.
public func binaryCrossEntropy(
  probabilities: Tensor, targets: Tensor, weights: Tensor? = nil, reduction: LossReduction = .mean
) -> Tensor {
  if let loss = Tensor.inFloat32(
    probabilities, targets,
    {
      binaryCrossEntropy(
        probabilities: $0, targets: $1, weights: weights?.widened, reduction: reduction)
    })
  {
    return loss
  }
  return LossCheck.same(
    "binaryCrossEntropy", ("probabilities", probabilities), ("targets", targets), promotes: false)
    ?? reduction(weighted(BoundedLogLoss()(probabilities, targets), weights))
}

/// The binary cross entropy of logits, `torch.nn.functional.binary_cross_entropy_with_logits`:
/// exact even where the sigmoid rounds to 0 or 1.
///
///     loss of an element = (1 - t) x + (1 + (positiveWeight - 1) t) log(1 + exp(-x))
///
/// Small losses keep their digits for logits of either sign: for negative ones, the terms that
/// would cancel are left out.
///
/// - Parameters:
///   - logits: any shape, a floating dtype, before sigmoid.
///   - targets: the same shape and dtype, from 0 to 1.
///   - positiveWeight: the factor of targets that are 1: a number, or a tensor that broadcasts to
///     the logits, such as one number for each column; `pos_weight` in PyTorch.
///   - weights: the factor of each loss, a tensor that broadcasts to them; `weight` in PyTorch. The
///     mean is not weighted, as in PyTorch.
///   - reduction: over all elements.
/// - Returns: a single number, or the operands' shape for `.none`.
/// - Error: shapes that differ, targets of a dtype that is not floating, weights that do not fit.
public func binaryCrossEntropy(
  logits: Tensor, targets: Tensor, positiveWeight: Tensor? = nil, weights: Tensor? = nil,
  reduction: LossReduction = .mean
) -> Tensor {
  if let loss = Tensor.inFloat32(
    logits, targets,
    {
      binaryCrossEntropy(
        logits: $0, targets: $1, positiveWeight: positiveWeight?.widened,
        weights: weights?.widened, reduction: reduction)
    })
  {
    return loss
  }
  if let wrong = LossCheck.same(
    "binaryCrossEntropy", ("logits", logits), ("targets", targets),
    promotes: targets.dtype.isFloating)
  {
    return wrong
  }
  for (name, operand) in [("logits", logits), ("positiveWeight", positiveWeight ?? logits)]
  where operand.dtype == .bool {
    return Tensor(
      error: TensorError(
        "binaryCrossEntropy", "\(name) is bool", operands: [(name, operand.signature)],
        help: "give numbers, cast(to: .float32)"))
  }
  // log(1 + exp(-x)) is log(1 + exp(x)) - x, where x is negative. At 0 either has all derivatives,
  // which -abs(x) has not.
  let isPositive = logits .> 0
  let bend = Tensor.where(isPositive, -logits, logits).exp().log1p()
  guard let positiveWeight else {
    let losses = Tensor.where(isPositive, 1 - targets, -targets) * logits + bend
    return reduction(weighted(losses, weights))
  }
  let weight = 1 + (positiveWeight - 1) * targets
  if weight.error == nil, weight.shape != logits.shape {
    return Tensor(
      error: TensorError(
        "binaryCrossEntropy", "positiveWeight must broadcast to the logits",
        operands: [("logits", logits.signature), ("positiveWeight", positiveWeight.signature)],
        help: "write one number, or one for each column"))
  }
  let slope = Tensor.where(isPositive, 1 - targets, -positiveWeight * targets)
  return reduction(weighted(slope * logits + weight * bend, weights))
}

/// The losses times a factor for each, which must broadcast to them.
private func weighted(_ losses: Tensor, _ weights: Tensor?) -> Tensor {
  guard let weights, losses.error == nil else { return losses }
  let product = weights * losses
  if product.error == nil, product.shape == losses.shape { return product }
  if weights.error != nil { return weights }
  return Tensor(
    error: TensorError(
      "binaryCrossEntropy", "weights must broadcast to the losses",
      operands: [("losses", losses.signature), ("weights", weights.signature)],
      help: "write one number for each loss, or one for each column"))
}

/// Logarithms are cut off, and the gradient's divisor with them, so that a certain answer that is
/// wrong gives a large loss and not an infinite one.
private struct BoundedLogLoss: CustomFunction {
  func forward(_ inputs: [Tensor]) -> Tensor {
    let (p, t) = (inputs[0], inputs[1])
    return (t - 1) * (-p).log1p().clamp(min: -100) - t * p.log().clamp(min: -100)
  }

  func backward(_ inputs: [Tensor], _ output: Tensor, _ gradient: Tensor) -> [Tensor?] {
    let (p, t) = (inputs[0], inputs[1])
    // PyTorch's bound is a float32 number in every dtype.
    let slope = (p - t) / (p * (1 - p)).maximum(Double(Float(1e-12)))
    return [
      gradient * slope,
      t.requiresGrad ? gradient * ((-p).log1p() - p.log()) : nil,
    ]
  }
}
