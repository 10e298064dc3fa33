import BlitzTensor

/// Batch normalisation of features or sequences, `torch.nn.BatchNorm1d`; ``BatchNorm2d`` is for
/// images.
///
///     y = (x - mean) / sqrt(variance + epsilon) * weight + bias
///
/// In training, mean and variance are those of the batch, channel by channel, and the running
/// statistics move towards them (towards the variance with n - 1 for n). After `eval()`, they are
/// the running statistics.
///
/// - Shapes: input `[N, C]` or `[N, C, L]`, output the same; parameters and running statistics are
///   `[C]`. The page *Layers* explains the letters.
/// - Initial weights: ones, and zeros for the bias.
/// - Error: another number of axes or channels, or another dtype; in training, one value per
///   channel.
/// - Source: Ioffe and Szegedy, "Batch Normalization", arXiv:1502.03167.
public struct BatchNorm1d: Layer, Sendable, CustomStringConvertible {
  let norm: BatchNorm

  /// Makes a layer for inputs with this number of channels.
  ///
  /// - Parameters:
  ///   - channels: C, the size of the second axis of the input.
  ///   - epsilon: a small number added to the variance, so that nothing is divided by zero.
  ///   - momentum: the weight of a batch in the running statistics; nil for the mean over all
  ///     batches.
  ///   - affine: whether a scale and a bias are learned for each channel.
  ///   - trackRunningStats: whether there are running statistics; if not, those of the batch are
  ///     used after `eval()` too.
  ///   - bias: whether there is a bias beside the scale, if `affine`.
  public init(
    _ channels: Int, epsilon: Double = 1e-5, momentum: Double? = 0.1, affine: Bool = true,
    trackRunningStats: Bool = true, bias: Bool = true
  ) {
    norm = BatchNorm(
      "BatchNorm1d", channels, epsilon, momentum, affine, trackRunningStats, bias: bias,
      ranks: 2...3)
  }

  /// The scale of each channel, or nil for none.
  public var weight: Tensor? { norm._weight?.value }
  /// The bias of each channel, or nil for none.
  public var bias: Tensor? { norm._bias?.value }
  /// The running mean, which is used after `eval()`.
  public var runningMean: Tensor? { norm._runningMean?.wrappedValue }
  /// The running variance, which is used after `eval()`.
  public var runningVar: Tensor? { norm._runningVar?.wrappedValue }

  /// The parts of the layer under PyTorch's names.
  public var members: [(name: String, value: Any)] { norm.members }

  /// The input normalised channel by channel.
  public func forward(_ input: Tensor) -> Tensor { norm.forward(input) }

  /// `BatchNorm1d(32)`
  public var description: String { norm.description }
}

/// Batch normalisation of images, `torch.nn.BatchNorm2d`: ``BatchNorm1d`` for `[N, C, H, W]`.
public struct BatchNorm2d: Layer, Sendable, CustomStringConvertible {
  let norm: BatchNorm

  /// Makes a layer for images with this number of channels; see ``BatchNorm1d`` for the parameters.
  public init(
    _ channels: Int, epsilon: Double = 1e-5, momentum: Double? = 0.1, affine: Bool = true,
    trackRunningStats: Bool = true, bias: Bool = true
  ) {
    norm = BatchNorm(
      "BatchNorm2d", channels, epsilon, momentum, affine, trackRunningStats, bias: bias,
      ranks: 4...4)
  }

  /// The scale of each channel, or nil for none.
  public var weight: Tensor? { norm._weight?.value }
  /// The bias of each channel, or nil for none.
  public var bias: Tensor? { norm._bias?.value }
  /// The running mean, which is used after `eval()`.
  public var runningMean: Tensor? { norm._runningMean?.wrappedValue }
  /// The running variance, which is used after `eval()`.
  public var runningVar: Tensor? { norm._runningVar?.wrappedValue }

  /// The parts of the layer under PyTorch's names.
  public var members: [(name: String, value: Any)] { norm.members }

  /// The images normalised channel by channel.
  public func forward(_ input: Tensor) -> Tensor { norm.forward(input) }

  /// `BatchNorm2d(32)`
  public var description: String { norm.description }
}

/// Batch normalisation of volumes, `torch.nn.BatchNorm3d`: ``BatchNorm1d`` for `[N, C, D, H, W]`.
public struct BatchNorm3d: Layer, Sendable, CustomStringConvertible {
  let norm: BatchNorm

  /// Makes a layer for volumes with this number of channels; see ``BatchNorm1d`` for the
  /// parameters.
  public init(
    _ channels: Int, epsilon: Double = 1e-5, momentum: Double? = 0.1, affine: Bool = true,
    trackRunningStats: Bool = true, bias: Bool = true
  ) {
    norm = BatchNorm(
      "BatchNorm3d", channels, epsilon, momentum, affine, trackRunningStats, bias: bias,
      ranks: 5...5)
  }

  /// The scale of each channel, or nil for none.
  public var weight: Tensor? { norm._weight?.value }
  /// The bias of each channel, or nil for none.
  public var bias: Tensor? { norm._bias?.value }
  /// The running mean, which is used after `eval()`.
  public var runningMean: Tensor? { norm._runningMean?.wrappedValue }
  /// The running variance, which is used after `eval()`.
  public var runningVar: Tensor? { norm._runningVar?.wrappedValue }

  /// The parts of the layer under PyTorch's names.
  public var members: [(name: String, value: Any)] { norm.members }

  /// The volumes normalised channel by channel.
  public func forward(_ input: Tensor) -> Tensor { norm.forward(input) }

  /// `BatchNorm3d(32)`
  public var description: String { norm.description }
}

/// What batch normalisation of any number of axes has in common.
struct BatchNorm: Module, Sendable, CustomStringConvertible {
  let name: String
  let channels: Int
  let epsilon: Double
  let momentum: Double?
  let ranks: ClosedRange<Int>
  let mode = Mode()
  let _weight: Parameter?
  let _bias: Parameter?
  let _runningMean: Buffer?
  let _runningVar: Buffer?
  let _numBatchesTracked: Buffer?

  init(
    _ name: String, _ channels: Int, _ epsilon: Double, _ momentum: Double?, _ affine: Bool,
    _ trackRunningStats: Bool, bias: Bool, ranks: ClosedRange<Int>
  ) {
    self.name = name
    self.channels = channels
    self.epsilon = epsilon
    self.momentum = momentum
    self.ranks = ranks
    let sizes = LayerSizes(layer: "\(name)(\(channels))", sizes: [("channels", channels)])
    _weight = affine ? Parameter(sizes.draw { .ones([channels]) }) : nil
    _bias = affine && bias ? Parameter(sizes.draw { .zeros([channels]) }) : nil
    _runningMean = trackRunningStats ? Buffer(wrappedValue: sizes.draw { .zeros([channels]) }) : nil
    _runningVar = trackRunningStats ? Buffer(wrappedValue: sizes.draw { .ones([channels]) }) : nil
    _numBatchesTracked = trackRunningStats ? Buffer(wrappedValue: Tensor(0)) : nil
  }

  var description: String { "\(name)(\(channels))" }

  func forward(_ input: Tensor) -> Tensor {
    let scale = _weight?.value
    if let refusal = input.refusal(
      by: description, weights: scale ?? _runningMean?.wrappedValue ?? input)
    {
      return refusal
    }
    guard ranks.contains(input.rank), input.shape[1] == channels else {
      return input.refused(
        by: description,
        ranks.contains(input.rank)
          ? "the input has \(input.shape[1]) channels, the layer takes \(channels)"
          : "the input has \(input.rank) axes",
        help: ranks == 4...4
          ? "the input is [N, \(channels), height, width]"
          : ranks == 5...5
            ? "the input is [N, \(channels), depth, height, width]"
            : "the input is [N, \(channels)] or [N, \(channels), L]")
    }
    guard epsilon > 0 else {
      return input.refused(
        by: description, "the epsilon is \(epsilon)", help: "give a small number above 0")
    }
    let rank = input.rank
    let wide = input.widened
    let weight = scale?.cast(to: wide.dtype).alongChannels(rank)
    let bias = _bias?.value.cast(to: wide.dtype).alongChannels(rank)
    var answer: Tensor
    if !mode.isTraining, let mean = _runningMean?.wrappedValue,
      let variance = _runningVar?.wrappedValue
    {
      let root = (variance.cast(to: wide.dtype) + epsilon).rsqrt().alongChannels(rank)
      answer = ((wide - mean.cast(to: wide.dtype).alongChannels(rank)) * root)
        .scaled(by: weight, movedBy: bias)
    } else {
      let count = input.elementCount / channels
      guard count != 1 || !mode.isTraining else {
        return input.refused(
          by: description,
          "the batch has \(count) value\(count == 1 ? "" : "s") for each channel, "
            + "and training takes 2 or more",
          help: "a last batch of one is left out by DataLoader(..., dropLast: true); "
            + "to use the running statistics, call model.eval()")
      }
      let axes = (0..<rank).filter { $0 != 1 }
      let known = Standardizing.Statistics(wide, axes: axes, epsilon: epsilon)
      answer =
        weight.map {
          ScaledStandardizing.apply(
            wide, known, axes: axes, epsilon: epsilon, scale: $0, bias: bias)
        } ?? Standardizing.apply(wide, known, axes: axes, epsilon: epsilon)
      if mode.isTraining { track(known, count: count) }
    }
    answer = answer.rounded(like: input).laidOut(likeImages: input)
    guard !mode.isTraining, let mean = _runningMean?.wrappedValue,
      let variance = _runningVar?.wrappedValue
    else { return answer }
    return answer.noted(
      .batchNorm(epsilon: epsilon), of: [input, scale, _bias?.value, mean, variance])
  }

  /// Moves the running statistics towards a batch's.
  private func track(_ batch: Standardizing.Statistics, count: Int) {
    guard let _runningMean, let _runningVar, let _numBatchesTracked else { return }
    noGrad {
      let number = _numBatchesTracked.wrappedValue + 1
      _numBatchesTracked.wrappedValue = number
      // An empty batch says nothing, but is counted, as in PyTorch.
      guard count > 0 else { return }
      let unbiased = batch.deviation.square() * (Double(count) / Double(count - 1))
      for (buffer, batch) in [(_runningMean, batch.scaling.mean), (_runningVar, unbiased)] {
        let old = buffer.wrappedValue
        let new = batch.detached().reshaped(to: [channels]).cast(to: old.dtype)
        if let momentum {
          let kept: Double = 1 - momentum
          buffer.wrappedValue = old * kept + new * momentum
        } else {
          buffer.wrappedValue = old + (new - old) / number.cast(to: old.dtype)
        }
      }
    }
  }
}
