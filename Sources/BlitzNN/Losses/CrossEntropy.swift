import BlitzTensor

/// The cross entropy of logits and labels, `torch.nn.functional.cross_entropy`: the negative
/// logarithm of the probability that softmax gives each row's label.
///
///     loss of a row = log(sum over i of exp(logits[i])) - logits[label]
///
/// The labels can also be probabilities, of the logits' shape and dtype:
///
///     loss of a row = -sum over i of probability[i] * log(softmax(logits)[i])
///
/// - Parameters:
///   - logits: `[rows, classes]` or `[rows, classes, ...]`, a floating dtype, before softmax.
///   - labels: `[rows]` or `[rows, ...]`, int64 or int32, each from 0 to classes - 1; or
///     probabilities.
///   - labelSmoothing: the share of each label, from 0 to 1, that is spread evenly over all
///     classes.
///   - classWeights: `[classes]`, the factor of each class's loss; the mean is then weighted too.
///   - ignoredLabel: the label of rows that are left out, also from the mean; `ignore_index` in
///     PyTorch.
///   - reduction: over the rows and further axes.
/// - Returns: a single number, or the shape of the labels for `.none`. Where no label is left, the
///   mean is NaN and its gradient 0.
/// - Error: other shapes or dtypes; labels out of range when the number is asked for.
/// - Note: warns once, on standard error, if the logits look like probabilities.
public func crossEntropy(
  logits: Tensor, labels: Tensor, labelSmoothing: Double = 0, classWeights: Tensor? = nil,
  ignoredLabel: Int? = nil, reduction: LossReduction = .mean
) -> Tensor {
  if let loss = Tensor.inFloat32(
    logits, labels,
    {
      crossEntropy(
        logits: $0, labels: $1, labelSmoothing: labelSmoothing,
        classWeights: classWeights?.widened, ignoredLabel: ignoredLabel, reduction: reduction)
    })
  {
    return loss
  }
  if logits.rank == 1, logits.error == nil, labels.error == nil,
    labels.rank == 0 || (labels.dtype.isFloating && labels.shape == logits.shape)
  {
    let loss = crossEntropy(
      logits: logits.unsqueezed(axis: 0), labels: labels.unsqueezed(axis: 0),
      labelSmoothing: labelSmoothing, classWeights: classWeights, ignoredLabel: ignoredLabel,
      reduction: reduction)
    return loss.rank == 1 ? loss.squeezed(axis: 0) : loss
  }
  guard labelSmoothing >= 0, labelSmoothing <= 1 else {
    return Tensor(
      error: TensorError(
        "crossEntropy", "labelSmoothing is \(labelSmoothing)", help: "write a number from 0 to 1"))
  }
  let isDistribution =
    labels.error == nil && labels.dtype.isFloating && logits.rank >= 2
    && labels.shape == logits.shape
  let wrong =
    isDistribution
    ? LossCheck.same("crossEntropy", ("logits", logits), ("labels", labels))
    : LossCheck.labels("crossEntropy", ("logits", logits), labels)
  if let wrong = wrong ?? LossCheck.weights("crossEntropy", classWeights, of: logits) {
    return wrong
  }
  if logits.shape[1] == 0 {
    return Tensor(
      error: TensorError(
        "crossEntropy", "there are no classes", operands: [("logits", logits.signature)],
        help: "the classes are axis 1 of the logits"))
  }
  ProbabilityWarning.check(logits)
  if isDistribution {
    if ignoredLabel != nil {
      return Tensor(
        error: TensorError(
          "crossEntropy", "probabilities have no label to ignore",
          operands: [("labels", labels.signature)],
          help: "leave ignoredLabel out, or give class numbers"))
    }
    return ofDistribution(logits, labels, labelSmoothing, classWeights, reduction)
  }
  let places = LabelPlaces(
    labels, ignoredLabel, classWeights, dtype: logits.dtype, for: .crossEntropy)
  guard labelSmoothing > 0 else {
    return places.reduce(places.weighted(places.surprise(logits)), reduction)
  }
  let logarithms = logits.logSoftmax(axis: 1)
  let rest: Double = 1 - labelSmoothing
  let share: Double = labelSmoothing / Double(logits.shape[1])
  let all = classWeights.map { logarithms * spread($0, like: logits) } ?? logarithms
  let smooth = places.kept(-all.sum(axis: 1))
  let losses = rest * places.weighted(-places.chosen(logarithms)) + share * smooth
  return places.reduce(losses, reduction)
}

/// The negative log likelihood, `torch.nn.functional.nll_loss`: minus the log probability of each
/// row's label.
///
///     loss of a row = -logProbabilities[label]
///
/// - Parameters:
///   - logProbabilities: `[rows, classes]` or `[rows, classes, ...]`, as `logSoftmax` returns; or
///     `[classes]` for one row.
///   - labels: `[rows]` or `[rows, ...]`, int64 or int32; a single number for one row.
///   - classWeights: `[classes]`, the factor of each class's loss; the mean is then weighted too.
///   - ignoredLabel: the label of rows that are left out; `ignore_index` in PyTorch.
///   - reduction: over the rows and further axes.
/// - Returns: a single number, or the shape of the labels for `.none`.
/// - Error: other shapes or dtypes; labels out of range when the number is asked for.
public func negativeLogLikelihood(
  logProbabilities: Tensor, labels: Tensor, classWeights: Tensor? = nil,
  ignoredLabel: Int? = nil, reduction: LossReduction = .mean
) -> Tensor {
  if let loss = Tensor.inFloat32(
    logProbabilities, labels,
    {
      negativeLogLikelihood(
        logProbabilities: $0, labels: $1, classWeights: classWeights?.widened,
        ignoredLabel: ignoredLabel, reduction: reduction)
    })
  {
    return loss
  }
  if logProbabilities.rank == 1, labels.rank == 0, labels.error == nil {
    let loss = negativeLogLikelihood(
      logProbabilities: logProbabilities.unsqueezed(axis: 0), labels: labels.unsqueezed(axis: 0),
      classWeights: classWeights, ignoredLabel: ignoredLabel, reduction: reduction)
    return loss.rank == 1 ? loss.squeezed(axis: 0) : loss
  }
  let name = "negativeLogLikelihood"
  if let wrong = LossCheck.labels(name, ("logProbabilities", logProbabilities), labels)
    ?? LossCheck.weights(name, classWeights, of: logProbabilities)
  {
    return wrong
  }
  let places = LabelPlaces(
    labels, ignoredLabel, classWeights, dtype: logProbabilities.dtype,
    for: .negativeLogLikelihood)
  return places.reduce(places.weighted(-places.chosen(logProbabilities)), reduction)
}

private func ofDistribution(
  _ logits: Tensor, _ probabilities: Tensor, _ labelSmoothing: Double, _ classWeights: Tensor?,
  _ reduction: LossReduction
) -> Tensor {
  var targets = probabilities
  if labelSmoothing > 0 {
    let rest: Double = 1 - labelSmoothing
    let share: Double = labelSmoothing / Double(logits.shape[1])
    targets = targets * rest + share
  }
  if let classWeights { targets = targets * spread(classWeights, like: logits) }
  return reduction(-(logits.logSoftmax(axis: 1) * targets).sum(axis: 1))
}

/// One number for each class, under a shape that broadcasts along axis 1.
private func spread(_ weights: Tensor, like logits: Tensor) -> Tensor {
  weights.reshaped(to: Shape([weights.elementCount] + logits.shape.dropFirst(2).map { _ in 1 }))
}

/// Labels of which some may count for nothing or for more than others.
private struct LabelPlaces {
  /// Of the class that is looked at, in range for the ignored too.
  let labels: Tensor
  /// Whether a label counts; nil if all do.
  let counts: Tensor?
  /// What each label counts for; nil if all count alike.
  let weights: Tensor?
  let dtype: DType
  /// The loss.
  let reader: PositionReader

  init(
    _ labels: Tensor, _ ignored: Int?, _ classWeights: Tensor?, dtype: DType,
    for reader: PositionReader
  ) {
    self.reader = reader
    let counts = ignored.map { labels .!= $0 }
    let labels = counts.map { Tensor.where($0, labels, 0) } ?? labels
    self.counts = counts
    self.labels = labels
    self.dtype = dtype
    weights = classWeights.map { weights in
      let each = weights.indexSelect(axis: 0, indices: labels.flattened(), for: reader)
        .reshaped(to: labels.shape)
      return counts.map { Tensor.where($0, each, 0) } ?? each
    }
  }

  /// The numbers at the labels.
  func chosen(_ scores: Tensor) -> Tensor {
    scores.gather(axis: 1, index: labels.unsqueezed(axis: 1), for: reader).squeezed(axis: 1)
  }

  /// The negative logarithms of the labels' probabilities.
  ///
  /// What is summed is how far each logit is below the greatest: with large logits, the difference
  /// of the logarithm and the label's logit would have none of a small loss's digits.
  func surprise(_ logits: Tensor) -> Tensor {
    let greatest = noGrad { logits.max(axis: 1, keepDims: true) }
    let sum = (logits - greatest).exp().sum(axis: 1)
    return sum.log() - (chosen(logits) - greatest.squeezed(axis: 1))
  }

  /// Zero where the label does not count.
  func kept(_ losses: Tensor) -> Tensor {
    counts.map { Tensor.where($0, losses, 0) } ?? losses
  }

  /// The losses times their labels' weights.
  func weighted(_ losses: Tensor) -> Tensor {
    weights.map { kept(losses) * $0 } ?? kept(losses)
  }

  func reduce(_ losses: Tensor, _ reduction: LossReduction) -> Tensor {
    guard reduction == .mean, let divisor = weights ?? counts?.cast(to: dtype) else {
      return reduction(losses)
    }
    return losses.sum() / divisor.sum()
  }
}
