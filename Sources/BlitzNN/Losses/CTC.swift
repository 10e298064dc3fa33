import BlitzTensor

/// Connectionist temporal classification, `torch.nn.functional.ctc_loss`: how unlikely a sequence
/// of classes makes its targets, which are shorter, by whatever alignment.
///
///     loss of a sequence = -log(sum over all alignments of the product of probabilities)
///
/// An alignment names the blank or a target at each step, repeats targets as it likes, and has a
/// blank between two that are equal. For `.mean`, each loss is divided by its number of targets.
///
/// - Parameters:
///   - logProbabilities: `[steps, sequences, classes]`, or `[steps, classes]` for one sequence, a
///     floating dtype, as `logSoftmax` returns.
///   - targets: `[sequences, most]`, or all of them one after the other; int64 or int32, none of
///     them the blank. What follows a row's targets is not read.
///   - inputLengths: the number of steps of each sequence.
///   - targetLengths: the number of targets of each sequence.
///   - blank: the class of the blank.
///   - zeroInfinity: whether the loss of a sequence that is too short for its targets is 0, and its
///     gradient, instead of infinite.
///   - reduction: over the sequences.
/// - Returns: a single number, or `[sequences]` for `.none`.
/// - Gradient: `exp(logProbability)` less the probability that an alignment passes there: that of
///   logits through `logSoftmax`, as in PyTorch, not that of the logarithms alone.
/// - Error: other shapes or dtypes; lengths that do not fit; a blank that is no class. A target
///   that is no class makes the loss NaN.
/// - Source: A. Graves et al., "Connectionist temporal classification", 2006.
public func ctc(
  logProbabilities: Tensor, targets: Tensor, inputLengths: [Int], targetLengths: [Int],
  blank: Int = 0, zeroInfinity: Bool = false, reduction: LossReduction = .mean
) -> Tensor {
  if let loss = Tensor.inFloat32(
    logProbabilities, targets,
    {
      ctc(
        logProbabilities: $0, targets: $1, inputLengths: inputLengths,
        targetLengths: targetLengths, blank: blank, zeroInfinity: zeroInfinity,
        reduction: reduction)
    })
  {
    return loss
  }
  if let failed = [logProbabilities, targets].first(where: { $0.error != nil }) { return failed }
  let isOne = logProbabilities.rank == 2
  let steps = isOne ? logProbabilities.unsqueezed(axis: 1) : logProbabilities
  let lengths = CTCLengths(inputs: inputLengths, targets: targetLengths, blank: blank)
  if let error = lengths.error(steps, logProbabilities, targets) { return Tensor(error: error) }
  let found = CTCAlignments(steps, lengths.table(targets, targetLengths.max() ?? 0), lengths)
  var losses = found.losses
  if zeroInfinity { losses = Tensor.where(found.isPossible, losses, 0) }
  switch reduction {
  case .none: return isOne ? losses.squeezed(axis: 0) : losses
  case .mean: return (losses / steps.alike(targetLengths.map { max($0, 1) })).mean()
  case .sum, .batchMean: return reduction(losses)
  }
}

/// How long each sequence and its targets are.
private struct CTCLengths {
  let inputs: [Int]
  let targets: [Int]
  let blank: Int

  /// What of the operands does not fit.
  func error(_ steps: Tensor, _ given: Tensor, _ targets: Tensor) -> TensorError? {
    let operands = [("logProbabilities", given.signature), ("targets", targets.signature)]
    func error(_ rule: String, _ help: String) -> TensorError {
      TensorError("ctc", rule, operands: operands, help: help)
    }
    guard steps.rank == 3, steps.dtype.isFloating else {
      return error(
        "logProbabilities must be floats [steps, sequences, classes]", "permute the axes")
    }
    guard targets.dtype == .int64 || targets.dtype == .int32 else {
      return error("targets are int64 or int32", "write targets.cast(to: .int64)")
    }
    let (count, classes) = (steps.shape[1], steps.shape[2])
    guard inputs.count == count, self.targets.count == count else {
      return error(
        "there are \(count) sequences, \(inputs.count) inputLengths and \(self.targets.count) "
          + "targetLengths", "give one of each for each sequence")
    }
    guard blank >= 0, blank < classes else {
      return error("the blank is \(blank)", "give a class from 0 to below \(classes)")
    }
    if let length = inputs.first(where: { $0 < 0 || $0 > steps.shape[0] }) {
      return error("an input is \(length) long", "give lengths from 0 to \(steps.shape[0])")
    }
    let isFlat = targets.rank == 1
    let most = isFlat ? targets.elementCount : targets.shape.last ?? 0
    guard isFlat || (targets.rank == 2 && targets.shape[0] == count) else {
      return error("targets must be [\(count), most] or all in a row", "write them so")
    }
    var total = 0
    for length in self.targets {
      if length < 0 || length > most - (isFlat ? total : 0) {
        return error("targets are \(length) long", "give lengths that the targets have")
      }
      total += length
    }
    return nil
  }

  /// The targets with blanks around each, `[sequences, 2 * most + 1]`.
  func table(_ given: Tensor, _ most: Int) -> Tensor {
    var start = 0
    var rows: [Tensor] = []
    for (index, length) in targets.enumerated() {
      let own = given.rank == 1 ? given[start..<start + length] : given[index][0..<length]
      start += length
      rows.append(own.padded([(0, most - length)], value: Double(blank)))
    }
    let (count, dtype) = (targets.count, given.dtype)
    let targets = rows.isEmpty ? given.reshaped(to: [0, most]) : stack(rows)
    let blanks = Tensor.full([count, most], Double(blank), dtype: dtype, device: given.device)
    let pairs = stack([blanks, targets], axis: -1).reshaped(to: [count, 2 * most])
    return pairs.padded([(0, 0), (0, 1)], value: Double(blank))
  }
}

/// The sums over all alignments, step by step: the forward pass of hidden Markov models, in
/// logarithms.
private struct CTCAlignments {
  /// The loss of each sequence.
  let losses: Tensor
  /// Whether there is an alignment.
  let isPossible: Tensor

  /// The logarithm of nothing: infinity would have no gradient.
  private static let nothing = -1e30

  init(_ steps: Tensor, _ labels: Tensor, _ lengths: CTCLengths) {
    let (count, width) = (lengths.inputs.count, labels.shape[1])
    let inputs = steps.alike(lengths.inputs).unsqueezed(axis: 1)
    let isClass = (labels .>= 0) .& (labels .< steps.shape[2])
    let index = Tensor.where(isClass, labels, 0).expanded(to: [steps.shape[0], count, width])
    let emitted = Tensor.where(isClass, steps.gather(axis: 2, index: index), Double.nan)
    // A target can follow the one before it without a blank between, unless they are equal.
    let isSame = labels[0..., 2...] .== labels[0..., 0..<max(width - 2, 0)]
    let isBlank = labels[0..., 2...] .== lengths.blank
    let first = emitted[0..<1].sum(axis: 0)
    let nothing = Tensor.full(like: first, Self.nothing)
    var sums = concatenate([first[0..., 0..<2], nothing[0..., 2...]], axis: 1)
    for step in 1..<max(steps.shape[0], 1) {
      let before = Self.shifted(sums, by: 1)
      let skipped = Tensor.where(
        isSame .| isBlank, Self.nothing, sums[0..., 0..<max(width - 2, 0)])
      let twoBefore = concatenate([nothing[0..., 0..<2], skipped], axis: 1)[0..., 0..<width]
      let reached = stack([sums, before, twoBefore]).logSumExp(axis: 0) + emitted[step]
      sums = Tensor.where(inputs .> step, reached, sums)
    }
    let ends = Tensor(
      lengths.targets.flatMap { [2 * $0, max(2 * $0 - 1, 0)] }, shape: [count, 2],
      device: steps.device)
    let last = sums.gather(axis: 1, index: ends)
    let hasTargets = Tensor(
      lengths.targets.flatMap { [true, $0 > 0] }, shape: [count, 2], device: steps.device)
    let likelihood = Tensor.where(hasTargets, last, Self.nothing).logSumExp(axis: 1)
    // Without steps, only no targets are aligned.
    let hasNone = steps.alike(lengths.targets) .== 0
    let unread = Tensor.where(hasNone, 0, Tensor.full(like: likelihood, Self.nothing))
    let known = Tensor.where(inputs.squeezed(axis: 1) .> 0, likelihood, unread)
    isPossible = .!(known .<= Self.nothing / 2)
    // Each step's probabilities, whose sum is known: their gradient is that of the softmax.
    let times = Tensor.arange(steps.shape[0], device: steps.device).cast(to: steps.dtype)
    let isRead = (times.unsqueezed(axis: 1) .< inputs.transposed()).unsqueezed(axis: 2)
    let mass = Tensor.where(isRead, steps, -Double.infinity).exp().sum(axes: [0, 2])
    let found = -known + (mass - mass.detached())
    losses = Tensor.where(isPossible, found, Double.infinity)
  }

  /// The sums one place later.
  private static func shifted(_ sums: Tensor, by places: Int) -> Tensor {
    sums[0..., 0..<sums.shape[1] - places].padded([(0, 0), (places, 0)], value: nothing)
  }
}

extension Tensor {
  /// Numbers in this tensor's dtype, on its device.
  fileprivate func alike(_ numbers: [Int]) -> Tensor {
    Tensor(numbers, shape: [numbers.count], device: device).cast(to: dtype)
  }
}
