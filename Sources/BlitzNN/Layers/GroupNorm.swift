import BlitzTensor

/// Group normalisation, `torch.nn.GroupNorm`: brings each group of an example's channels to mean 0
/// and variance 1, then applies a learned scale and bias to each channel.
///
///     y = (x - mean of the group) / sqrt(variance of the group + epsilon) * weight + bias
///
/// - Shapes: input `[N, C, ...]`, output the same; `weight` and `bias` are `[C]`. The page *Layers*
///   explains the letters.
/// - Initial weights: ones, and zeros for the bias.
/// - Error: another number of channels or dtype; channels without elements; groups that do not
///   divide the channels.
/// - Source: Wu and He, "Group Normalization", arXiv:1803.08494.
public struct GroupNorm: Layer, Sendable, CustomStringConvertible {
  /// The number of groups that the channels are split into.
  public let groups: Int
  /// C, the size of the second axis of the input.
  public let channels: Int
  /// A small number added to the variance, so that nothing is divided by zero.
  public let epsilon: Double
  let _weight: Parameter?
  let _bias: Parameter?

  /// The scale of each channel, or nil for none.
  public var weight: Tensor? { _weight?.value }
  /// The bias of each channel, or nil for none.
  public var bias: Tensor? { _bias?.value }

  /// Makes a layer for inputs with this number of channels.
  ///
  /// - Parameters:
  ///   - groups: the number of groups, a divisor of `channels`.
  ///   - channels: C, the size of the second axis of the input.
  ///   - epsilon: a small number added to the variance, so that nothing is divided by zero.
  ///   - affine: whether a scale and a bias are learned for each channel.
  ///   - bias: whether, with `affine`, there is a bias.
  public init(
    groups: Int, channels: Int, epsilon: Double = 1e-5, affine: Bool = true, bias: Bool = true
  ) {
    self.groups = groups
    self.channels = channels
    self.epsilon = epsilon
    let sizes = LayerSizes(
      layer: "GroupNorm(groups: \(groups), channels: \(channels))",
      sizes: [("groups", groups), ("channels", channels)])
    _weight = affine ? Parameter(sizes.draw { .ones([channels]) }) : nil
    _bias = affine && bias ? Parameter(sizes.draw { .zeros([channels]) }) : nil
  }

  /// The input, normalised group by group.
  public func forward(_ input: Tensor) -> Tensor {
    let weight = weight
    if let refusal = input.refusal(by: description, weights: weight ?? input) { return refusal }
    guard groups > 0, channels > 0, channels % groups == 0 else {
      return input.refused(
        by: description, "\(groups) groups do not divide \(channels) channels",
        help: "give a number of groups that divides the channels")
    }
    guard input.rank >= 2, input.shape[1] == channels else {
      return input.refused(
        by: description,
        input.rank < 2
          ? "the input has \(input.rank) axes"
          : "the input has \(input.shape[1]) channels, the layer takes \(channels)",
        help: "the input is [N, \(channels), ...]")
    }
    guard input.rank == 2 || input.shape.sizes.dropFirst(2).allSatisfy({ $0 > 0 }) else {
      return input.refused(
        by: description, "the channels have no elements", help: "axes behind channels are 1 or more"
      )
    }
    let wide = input.widened
    // The channels of a group have an axis of their own, so that scales broadcast to them.
    let (batch, inGroup) = (input.shape[0], channels / groups)
    let area = input.elementCount / max(1, batch * channels)
    let grouped = wide.reshaped(to: [batch, groups, inGroup, area])
    let perChannel: Shape = [groups, inGroup, 1]
    return Standardizing.apply(grouped, axes: [2, 3], epsilon: epsilon)
      .scaled(
        by: weight?.cast(to: wide.dtype).reshaped(to: perChannel),
        movedBy: bias?.cast(to: wide.dtype).reshaped(to: perChannel)
      ).reshaped(to: input.shape).rounded(like: input).laidOut(likeImages: input)
      .noted(.groupNorm(groups: groups, epsilon: epsilon), of: [input, weight, bias])
  }

  /// `GroupNorm(groups: 4, channels: 32)`
  public var description: String { "GroupNorm(groups: \(groups), channels: \(channels))" }
}

extension Tensor {
  /// One number for each channel, in a shape that broadcasts along axis 1.
  func alongChannels(_ rank: Int) -> Tensor {
    reshaped(to: Shape([elementCount] + [Int](repeating: 1, count: Swift.max(0, rank - 2))))
  }
}
