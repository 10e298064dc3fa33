import BlitzTensor

/// Group normalisation: the channels of each element of a batch, in groups, at mean 0 and variance
/// 1, then scaled and moved by learned amounts.
///
///     y = (x - mean of the group) / sqrt(variance of the group + epsilon) * weight + bias
///
/// - Shapes: input `[N, channels, ...]`, output the same; `weight` and `bias` are `[channels]`.
/// - Initial weights: ones, and zeros for the bias.
/// - Error: another number of channels or dtype; groups that do not divide the channels.
/// - Source: Wu and He, "Group Normalization", arXiv:1803.08494.
public struct GroupNorm: Layer, Sendable, CustomStringConvertible {
  /// How many groups the channels make.
  public let groups: Int
  /// The second axis of the input.
  public let channels: Int
  /// What is added to the variance.
  public let epsilon: Double
  let _weight: Parameter?
  let _bias: Parameter?

  /// The scales, or nil for a layer without parameters.
  public var weight: Tensor? { _weight?.value }
  /// What is added, or nil for a layer without parameters.
  public var bias: Tensor? { _bias?.value }

  /// A layer for inputs of so many channels.
  ///
  /// - Parameters:
  ///   - groups: a divisor of `channels`.
  ///   - channels: the second axis of the input.
  ///   - epsilon: what is added to the variance.
  ///   - isAffine: whether scales, and amounts to add, are learned.
  public init(groups: Int, channels: Int, epsilon: Double = 1e-5, isAffine: Bool = true) {
    self.groups = groups
    self.channels = channels
    self.epsilon = epsilon
    let sizes = LayerSizes(
      layer: "GroupNorm(groups: \(groups), channels: \(channels))",
      sizes: [("groups", groups), ("channels", channels)])
    _weight = isAffine ? Parameter(sizes.draw { .ones([channels]) }) : nil
    _bias = isAffine ? Parameter(sizes.draw { .zeros([channels]) }) : nil
  }

  /// The input normalised group by group.
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
  }

  /// `GroupNorm(groups: 4, channels: 32)`
  public var description: String { "GroupNorm(groups: \(groups), channels: \(channels))" }
}

extension Tensor {
  /// One number for each channel, in a shape that broadcasts along axis 1 of so many axes.
  func alongChannels(_ rank: Int) -> Tensor {
    reshaped(to: Shape([elementCount] + [Int](repeating: 1, count: Swift.max(0, rank - 2))))
  }
}
