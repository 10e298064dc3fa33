import BlitzTensor

/// Dropout of whole channels of sequences, `torch.nn.Dropout1d`; see ``Dropout``.
///
/// - Shapes: `[N, C, L]` or `[C, L]`; the output has the shape of the input.
/// - Error: another number of axes; a probability outside 0 to 1; a dtype that is not floating.
public struct Dropout1d: Layer, Sendable {
  let noise: ChannelNoise
  let mode = Mode()

  /// Makes a layer; it has no parameters.
  ///
  /// - Parameters:
  ///   - probability: the probability that a channel is set to zero, from 0 to 1.
  ///   - generator: the source of the masks.
  public init(_ probability: Double = 0.5, generator: Generator = .shared) {
    noise = ChannelNoise("Dropout1d", probability, generator, whole: [3], single: [2])
  }

  /// The input, in training with channels set to zero.
  public func forward(_ input: Tensor) -> Tensor { noise.apply(to: input, mode, alpha: false) }
}

/// Dropout of whole channels of images, `torch.nn.Dropout2d`; see ``Dropout``.
///
/// - Shapes: `[N, C, H, W]`, or `[N, C, L]`; the output has the shape of the input.
/// - Error: another number of axes; a probability outside 0 to 1; a dtype that is not floating.
public struct Dropout2d: Layer, Sendable {
  let noise: ChannelNoise
  let mode = Mode()

  /// Makes a layer; it has no parameters. The parameters of the call are those of ``Dropout1d``.
  public init(_ probability: Double = 0.5, generator: Generator = .shared) {
    noise = ChannelNoise("Dropout2d", probability, generator, whole: [3, 4], single: [])
  }

  /// The input, in training with channels set to zero.
  public func forward(_ input: Tensor) -> Tensor { noise.apply(to: input, mode, alpha: false) }
}

/// Dropout of whole channels of volumes, `torch.nn.Dropout3d`; see ``Dropout``.
///
/// - Shapes: `[N, C, D, H, W]` or `[C, D, H, W]`; the output has the shape of the input.
/// - Error: another number of axes; a probability outside 0 to 1; a dtype that is not floating.
public struct Dropout3d: Layer, Sendable {
  let noise: ChannelNoise
  let mode = Mode()

  /// Makes a layer; it has no parameters. The parameters of the call are those of ``Dropout1d``.
  public init(_ probability: Double = 0.5, generator: Generator = .shared) {
    noise = ChannelNoise("Dropout3d", probability, generator, whole: [5], single: [4])
  }

  /// The input, in training with channels set to zero.
  public func forward(_ input: Tensor) -> Tensor { noise.apply(to: input, mode, alpha: false) }
}

/// Dropout that keeps mean and variance of what ``SELU`` gives, `torch.nn.AlphaDropout`.
///
///     y = a * (x * mask + alpha * (1 - mask)) + b
///
/// - Shapes: any; the output has the shape of the input.
/// - Error: a probability outside 0 to 1; a dtype that is not floating.
/// - Source: G. Klambauer et al., "Self-normalizing neural networks", 2017.
public struct AlphaDropout: Layer, Sendable {
  let noise: ChannelNoise
  let mode = Mode()

  /// Makes a layer; it has no parameters.
  ///
  /// - Parameters:
  ///   - probability: the probability that an element is dropped, from 0 to 1.
  ///   - generator: the source of the masks.
  public init(_ probability: Double = 0.5, generator: Generator = .shared) {
    noise = ChannelNoise("AlphaDropout", probability, generator, whole: [], single: [])
  }

  /// The input, in training with elements dropped.
  public func forward(_ input: Tensor) -> Tensor { noise.apply(to: input, mode, alpha: true) }
}

/// ``AlphaDropout`` of whole channels, `torch.nn.FeatureAlphaDropout`.
///
/// - Shapes: `[N, C, ...]`; the output has the shape of the input.
/// - Error: fewer than two axes; a probability outside 0 to 1; a dtype that is not floating.
public struct FeatureAlphaDropout: Layer, Sendable {
  let noise: ChannelNoise
  let mode = Mode()

  /// Makes a layer; it has no parameters. The parameters of the call are those of
  /// ``AlphaDropout``.
  public init(_ probability: Double = 0.5, generator: Generator = .shared) {
    noise = ChannelNoise(
      "FeatureAlphaDropout", probability, generator, whole: Array(2...16), single: [])
  }

  /// The input, in training with channels dropped.
  public func forward(_ input: Tensor) -> Tensor { noise.apply(to: input, mode, alpha: true) }
}

/// What dropouts of channels share: numbers of axes, and a mask for channels.
struct ChannelNoise: Sendable {
  let name: String
  let probability: Double
  let generator: Generator
  /// The numbers of axes with a batch and without one; none of either for a mask of all elements.
  let whole, single: [Int]

  init(
    _ name: String, _ probability: Double, _ generator: Generator, whole: [Int], single: [Int]
  ) {
    (self.name, self.probability, self.generator) = (name, probability, generator)
    (self.whole, self.single) = (whole, single)
  }

  func apply(to input: Tensor, _ mode: Mode, alpha: Bool) -> Tensor {
    if input.error != nil { return input }
    func refused(_ rule: String, _ help: String) -> Tensor {
      input.refused(by: "\(name)(\(probability))", rule, help: help)
    }
    guard probability >= 0, probability <= 1 else {
      return refused("the probability is \(probability)", "give a number from 0 to 1")
    }
    // PyTorch counts the axes of those of SELU only when it drops something.
    if alpha, !mode.isTraining { return input }
    let isWhole = whole.contains(input.rank)
    let isOfElements = whole.isEmpty
    guard isOfElements || isWhole || single.contains(input.rank) else {
      return refused("the input has \(input.rank) axes", "channels are axis 1, behind the batch")
    }
    guard mode.isTraining, probability > 0 else { return input }
    guard input.dtype.isFloating else {
      return refused("takes floats, not \(input.dtype)", "write .cast(to: .float32) first")
    }
    let kept: Double = 1 - probability
    func mask(_ shape: Shape) -> Tensor {
      .bernoulli(
        shape, probability: kept, generator: generator, dtype: input.dtype, device: input.device)
    }
    let channels = isWhole ? 2 : 1
    let shape =
      isOfElements
      ? input.shape : Shape(input.shape.enumerated().map { $0.offset < channels ? $0.element : 1 })
    let drawn = isOfElements ? input.drawnInMemoryOrder(mask) : mask(shape)
    guard alpha else { return input * (kept == 0 ? Tensor.zeros(like: drawn) : drawn / kept) }
    if kept == 0 { return input * Tensor.zeros(like: drawn) }
    // The negative limit of SELU, scale times alpha.
    let limit = 1.7580993408473766
    let scale: Double = 1 / ((limit * limit * probability + 1) * kept).squareRoot()
    return input * (drawn * scale) + ((drawn - 1) * (limit * scale) + limit * scale * probability)
  }
}
