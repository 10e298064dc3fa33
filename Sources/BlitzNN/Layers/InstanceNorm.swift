import BlitzTensor

/// Instance normalisation of sequences, `torch.nn.InstanceNorm1d`: brings each channel of each
/// example to mean 0 and variance 1.
///
///     y = (x - mean of the channel) / sqrt(variance of the channel + epsilon) * weight + bias
///
/// - Shapes: input `[N, C, L]` or `[C, L]`, output the same; `weight` and `bias` are `[C]`.
/// - Initial weights: ones, and zeros for the bias; without `affine` there are none.
/// - Error: another number of axes or channels, or another dtype; one element for each channel.
/// - Source: D. Ulyanov et al., "Instance normalization", 2016.
public struct InstanceNorm1d: Layer, Sendable, CustomStringConvertible {
  let norm: InstanceNorm

  /// Makes a layer for inputs with this number of channels.
  ///
  /// - Parameters:
  ///   - channels: C, the number of channels; `num_features` in PyTorch.
  ///   - epsilon: a small number added to the variance.
  ///   - momentum: how much running statistics move towards those of a batch.
  ///   - affine: whether there are a learned scale and bias for each channel.
  ///   - trackRunningStats: whether means and variances of the training are kept, and used after
  ///     `eval()`.
  ///   - bias: whether, with `affine`, there is a bias.
  public init(
    _ channels: Int, epsilon: Double = 1e-5, momentum: Double = 0.1, affine: Bool = false,
    trackRunningStats: Bool = false, bias: Bool = true
  ) {
    norm = InstanceNorm(
      "InstanceNorm1d", channels, epsilon, momentum, affine, trackRunningStats, bias, axes: 1)
  }

  /// The parts of the layer under PyTorch's names.
  public var members: [(name: String, value: Any)] { norm.members }

  /// The input normalised, each channel of each example by itself.
  public func forward(_ input: Tensor) -> Tensor { norm.forward(input) }

  /// `InstanceNorm1d(32)`
  public var description: String { norm.description }
}

/// Instance normalisation of images, `torch.nn.InstanceNorm2d`: ``InstanceNorm1d`` for
/// `[N, C, H, W]` or `[C, H, W]`.
public struct InstanceNorm2d: Layer, Sendable, CustomStringConvertible {
  let norm: InstanceNorm

  /// Makes a layer for images with this number of channels; the parameters are those of
  /// ``InstanceNorm1d``.
  public init(
    _ channels: Int, epsilon: Double = 1e-5, momentum: Double = 0.1, affine: Bool = false,
    trackRunningStats: Bool = false, bias: Bool = true
  ) {
    norm = InstanceNorm(
      "InstanceNorm2d", channels, epsilon, momentum, affine, trackRunningStats, bias, axes: 2)
  }

  /// The parts of the layer under PyTorch's names.
  public var members: [(name: String, value: Any)] { norm.members }

  /// The images normalised, each channel of each image by itself.
  public func forward(_ input: Tensor) -> Tensor { norm.forward(input) }

  /// `InstanceNorm2d(32)`
  public var description: String { norm.description }
}

/// Instance normalisation of volumes, `torch.nn.InstanceNorm3d`: ``InstanceNorm1d`` for
/// `[N, C, D, H, W]` or `[C, D, H, W]`.
public struct InstanceNorm3d: Layer, Sendable, CustomStringConvertible {
  let norm: InstanceNorm

  /// Makes a layer for volumes with this number of channels; the parameters are those of
  /// ``InstanceNorm1d``.
  public init(
    _ channels: Int, epsilon: Double = 1e-5, momentum: Double = 0.1, affine: Bool = false,
    trackRunningStats: Bool = false, bias: Bool = true
  ) {
    norm = InstanceNorm(
      "InstanceNorm3d", channels, epsilon, momentum, affine, trackRunningStats, bias, axes: 3)
  }

  /// The parts of the layer under PyTorch's names.
  public var members: [(name: String, value: Any)] { norm.members }

  /// The volumes normalised, each channel of each volume by itself.
  public func forward(_ input: Tensor) -> Tensor { norm.forward(input) }

  /// `InstanceNorm3d(32)`
  public var description: String { norm.description }
}

/// What instance normalisation of any number of axes has in common.
struct InstanceNorm: Module, Sendable, CustomStringConvertible {
  let name: String
  let channels: Int
  let epsilon: Double
  let momentum: Double
  /// The number of axes behind the channels.
  let axes: Int
  let mode = Mode()
  let _weight: Parameter?
  let _bias: Parameter?
  let _runningMean: Buffer?
  let _runningVar: Buffer?
  let _numBatchesTracked: Buffer?

  init(
    _ name: String, _ channels: Int, _ epsilon: Double, _ momentum: Double, _ affine: Bool,
    _ trackRunningStats: Bool, _ bias: Bool, axes: Int
  ) {
    (self.name, self.channels, self.epsilon) = (name, channels, epsilon)
    (self.momentum, self.axes) = (momentum, axes)
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
    let isBatched = input.rank == axes + 2
    guard isBatched || input.rank == axes + 1, input.shape[input.rank - axes - 1] == channels
    else {
      return input.refused(
        by: description, "the input is not [N, \(channels)] with \(axes) more axes",
        help: "channels are the axis behind the batch")
    }
    if !isBatched {
      let whole = forward(input.unsqueezed(axis: 0))
      return whole.error == nil ? whole.squeezed(axis: 0) : whole
    }
    let wide = input.widened
    let standard: Tensor
    if !mode.isTraining, let mean = _runningMean?.wrappedValue,
      let variance = _runningVar?.wrappedValue
    {
      let root = (variance.cast(to: wide.dtype) + epsilon).rsqrt().alongChannels(input.rank)
      standard = (wide - mean.cast(to: wide.dtype).alongChannels(input.rank)) * root
    } else {
      let count = input.elementCount / max(1, input.shape[0] * channels)
      guard count != 1 else {
        return input.refused(
          by: description, "there is 1 element for each channel, whose variance is 0",
          help: "give more places, or leave the layer out")
      }
      let spatial = Array(2..<input.rank)
      let known = Standardizing.Statistics(wide, axes: spatial, epsilon: epsilon)
      standard = Standardizing.apply(wide, known, axes: spatial, epsilon: epsilon)
      if mode.isTraining { track(known, count: count) }
    }
    let answer = standard.scaled(
      by: scale?.cast(to: wide.dtype).alongChannels(input.rank),
      movedBy: _bias?.value.cast(to: wide.dtype).alongChannels(input.rank)
    ).rounded(like: input).laidOut(likeImages: input)
    if !mode.isTraining, let mean = _runningMean?.wrappedValue,
      let variance = _runningVar?.wrappedValue
    {
      return answer.noted(
        .batchNorm(epsilon: epsilon), of: [input, scale, _bias?.value, mean, variance])
    }
    return answer.noted(.instanceNorm(epsilon: epsilon), of: [input, scale, _bias?.value])
  }

  /// Moves the running statistics towards the mean of a batch's.
  private func track(_ batch: Standardizing.Statistics, count: Int) {
    guard let _runningMean, let _runningVar else { return }
    noGrad {
      let unbiased = batch.deviation.square() * (Double(count) / Double(count - 1))
      for (buffer, batch) in [(_runningMean, batch.scaling.mean), (_runningVar, unbiased)] {
        let old = buffer.wrappedValue
        let kept: Double = 1 - momentum
        let new = batch.detached().mean(axis: 0).reshaped(to: [channels]).cast(to: old.dtype)
        buffer.wrappedValue = old * kept + new * momentum
      }
    }
  }
}
