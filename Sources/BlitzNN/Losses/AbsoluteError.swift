import BlitzTensor

/// The absolute differences of predictions and targets, `torch.nn.functional.l1_loss`.
///
///     loss of an element = abs(prediction - target)
///
/// - Parameters:
///   - predictions: any shape, a floating dtype.
///   - targets: the same shape and dtype.
///   - reduction: over all elements.
/// - Returns: a single number, or the operands' shape for `.none`.
/// - Gradient: the sign of the difference; 0 where the difference is 0.
/// - Error: shapes that differ, as a loss never broadcasts; no operand of a floating dtype.
public func l1(
  predictions: Tensor, targets: Tensor, reduction: LossReduction = .mean
) -> Tensor {
  if let loss = Tensor.inFloat32(
    predictions, targets,
    {
      l1(predictions: $0, targets: $1, reduction: reduction)
    })
  {
    return loss
  }
  return LossCheck.same("l1", ("predictions", predictions), ("targets", targets))
    ?? reduction((predictions - targets).abs())
}

/// The Huber loss, `torch.nn.functional.huber_loss`: squared for small errors, linear for large
/// ones.
///
///     loss of an element = d² / 2                    where abs(d) <= delta
///                          delta (abs(d) - delta/2)  elsewhere;  d = prediction - target
///
/// - Parameters:
///   - predictions: any shape, a floating dtype.
///   - targets: the same shape and dtype.
///   - delta: the error at which squared becomes linear, above 0.
///   - reduction: over all elements.
/// - Returns: a single number, or the operands' shape for `.none`.
/// - Gradient: `d` clamped to `-delta` to `delta`.
/// - Error: shapes that differ, no operand of a floating dtype, a delta that is not above 0.
public func huber(
  predictions: Tensor, targets: Tensor, delta: Double = 1, reduction: LossReduction = .mean
) -> Tensor {
  if let loss = Tensor.inFloat32(
    predictions, targets,
    {
      huber(predictions: $0, targets: $1, delta: delta, reduction: reduction)
    })
  {
    return loss
  }
  if let error = bent("huber", ("delta", delta), predictions, targets) { return error }
  let difference = predictions - targets
  // A constant of its own: a literal between two tensors would be a float32 tensor.
  let half = delta / 2
  return reduction(
    .written("huber", of: [difference]) {
      let distance = $0[0].abs()
      return .where(
        distance .<= delta, 0.5 * $0[0].square(), delta * (distance - half))
    } gradient: { operands, _, gradient in
      [gradient * operands[0].clamp(min: -delta, max: delta)]
    })
}

/// The smooth L1 loss, `torch.nn.functional.smooth_l1_loss`:
/// ``huber(predictions:targets:delta:reduction:)`` divided by the bend, `beta`.
///
///     loss of an element = d² / (2 beta)       where abs(d) < beta
///                          abs(d) - beta/2     elsewhere;  d = prediction - target
///
/// - Parameters:
///   - predictions: any shape, a floating dtype.
///   - targets: the same shape and dtype.
///   - beta: the error at which squared becomes linear, above 0.
///   - reduction: over all elements.
/// - Returns: a single number, or the operands' shape for `.none`.
/// - Error: shapes that differ, no operand of a floating dtype, a beta that is not above 0.
public func smoothL1(
  predictions: Tensor, targets: Tensor, beta: Double = 1, reduction: LossReduction = .mean
) -> Tensor {
  if let loss = Tensor.inFloat32(
    predictions, targets,
    {
      smoothL1(predictions: $0, targets: $1, beta: beta, reduction: reduction)
    })
  {
    return loss
  }
  if let error = bent("smoothL1", ("beta", beta), predictions, targets) { return error }
  let difference = predictions - targets
  let half = beta / 2
  return reduction(
    .written("smoothL1", of: [difference]) {
      let distance = $0[0].abs()
      return .where(distance .< beta, 0.5 * $0[0].square() / beta, distance - half)
    } gradient: { operands, _, gradient in
      [gradient * (operands[0] / beta).clamp(min: -1, max: 1)]
    })
}

private func bent(
  _ loss: String, _ bend: (name: String, value: Double), _ predictions: Tensor, _ targets: Tensor
) -> Tensor? {
  if let error = LossCheck.same(loss, ("predictions", predictions), ("targets", targets)) {
    return error
  }
  if bend.value > 0 { return nil }
  return Tensor(
    error: TensorError(loss, "\(bend.name) is \(bend.value)", help: "write a number above 0"))
}
