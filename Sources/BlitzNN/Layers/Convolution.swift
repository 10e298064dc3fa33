import BlitzTensor

/// Learned filters that slide over images.
///
/// - Shapes: input `[N, channels, height, width]`, output `[N, outputs, h, w]` as `conv2d` says;
///   `weight` is `[outputs, channels / groups, ...size]`, `bias` is `[outputs]`.
/// - Initial weights: PyTorch's, uniform over ±1/√(channels / groups * size), weight before bias.
/// - Error: another number of axes or channels, or another dtype; groups that do not divide the
///   channels; a window larger than the padded image.
public struct Conv2d: Layer, Sendable, CustomStringConvertible {
  /// `[outputs, channels / groups, height, width]`
  @Parameter public var weight: Tensor
  let _bias: Parameter?
  let shape: ConvolutionShape
  /// The distance between neighbouring windows.
  public let stride: Size2D
  /// How many zeros surround the image.
  public let padding: Size2D
  /// The distance between a window's taps.
  public let dilation: Size2D

  /// `[outputs]`, or nil for a layer without bias.
  public var bias: Tensor? { _bias?.value }

  /// A layer with fresh filters.
  ///
  ///     Conv2d(1, 32, size: 3, padding: 1)
  ///
  /// - Parameters:
  ///   - channels: of the input.
  ///   - outputs: how many filters, and channels of the output.
  ///   - size: of a filter; one number for a square, `[height, width]` otherwise.
  ///   - stride: the distance between neighbouring windows.
  ///   - padding: how many zeros surround the image on each side.
  ///   - dilation: the distance between a window's taps.
  ///   - groups: parts of the channels, each of which sees its own filters only.
  ///   - bias: whether each filter adds a learned number.
  ///   - generator: where the initial weights come from.
  public init(
    _ channels: Int, _ outputs: Int, size: Size2D, stride: Size2D = 1, padding: Size2D = 0,
    dilation: Size2D = 1, groups: Int = 1, bias: Bool = true, generator: Generator = .shared
  ) {
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
    shape = ConvolutionShape(
      name: "Conv2d", channels: channels, outputs: outputs, size: [size.height, size.width],
      groups: groups)
    (_weight, _bias) = shape.parameters(bias: bias, generator)
  }

  /// The filters' outputs at each place.
  public func forward(_ input: Tensor) -> Tensor {
    let weight = weight
    if let refusal = shape.refusal(of: input, weight) { return refusal }
    let answer = input.conv2d(
      weight, stride: stride, padding: padding, dilation: dilation, groups: shape.groups
    )
    return answer.scaled(by: nil, movedBy: bias?.cast(to: answer.dtype).alongChannels(4))
  }

  /// `Conv2d(1, 32, size: 3x3)`
  public var description: String { shape.description }
}

/// Learned filters that slide along sequences.
///
/// - Shapes: input `[N, channels, L]`, output `[N, outputs, l]`; `weight` is
///   `[outputs, channels / groups, size]`, `bias` is `[outputs]`.
/// - Initial weights and errors: those of ``Conv2d``.
public struct Conv1d: Layer, Sendable, CustomStringConvertible {
  /// `[outputs, channels / groups, size]`
  @Parameter public var weight: Tensor
  let _bias: Parameter?
  let shape: ConvolutionShape
  /// The distance between neighbouring windows.
  public let stride: Int
  /// How many zeros are at both ends.
  public let padding: Int
  /// The distance between a window's taps.
  public let dilation: Int

  /// `[outputs]`, or nil for a layer without bias.
  public var bias: Tensor? { _bias?.value }

  /// A layer with fresh filters; the parameters are those of ``Conv2d``.
  public init(
    _ channels: Int, _ outputs: Int, size: Int, stride: Int = 1, padding: Int = 0,
    dilation: Int = 1, groups: Int = 1, bias: Bool = true, generator: Generator = .shared
  ) {
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
    shape = ConvolutionShape(
      name: "Conv1d", channels: channels, outputs: outputs, size: [size], groups: groups)
    (_weight, _bias) = shape.parameters(bias: bias, generator)
  }

  /// The filters' outputs at each place.
  public func forward(_ input: Tensor) -> Tensor {
    let weight = weight
    if let refusal = shape.refusal(of: input, weight) { return refusal }
    let answer = input.conv1d(
      weight, stride: stride, padding: padding, dilation: dilation, groups: shape.groups
    )
    return answer.scaled(by: nil, movedBy: bias?.cast(to: answer.dtype).alongChannels(3))
  }

  /// `Conv1d(16, 32, size: 3)`
  public var description: String { shape.description }
}

/// Learned filters that each element of an image puts into a larger one: the adjoint of ``Conv2d``.
///
/// - Shapes: input `[N, channels, height, width]`, output `[N, outputs, h, w]` as
///   `convTranspose2d` says; `weight` is `[channels, outputs / groups, ...size]`, `bias` is
///   `[outputs]`.
/// - Initial weights: PyTorch's, uniform over ±1/√(outputs / groups * size), weight before bias.
/// - Error: as for ``Conv2d``.
public struct ConvTranspose2d: Layer, Sendable, CustomStringConvertible {
  /// `[channels, outputs / groups, height, width]`
  @Parameter public var weight: Tensor
  let _bias: Parameter?
  let shape: ConvolutionShape
  /// The distance between neighbouring filters in the output.
  public let stride: Size2D
  /// How much is cut from each side of the output.
  public let padding: Size2D
  /// How much is added at the end of the output.
  public let outputPadding: Size2D
  /// The distance between a filter's taps.
  public let dilation: Size2D

  /// `[outputs]`, or nil for a layer without bias.
  public var bias: Tensor? { _bias?.value }

  /// A layer with fresh filters; the parameters are those of ``Conv2d``, and how much is added at
  /// the end of the output (less than the stride).
  public init(
    _ channels: Int, _ outputs: Int, size: Size2D, stride: Size2D = 1, padding: Size2D = 0,
    outputPadding: Size2D = 0, dilation: Size2D = 1, groups: Int = 1, bias: Bool = true,
    generator: Generator = .shared
  ) {
    self.stride = stride
    self.padding = padding
    self.outputPadding = outputPadding
    self.dilation = dilation
    shape = ConvolutionShape(
      name: "ConvTranspose2d", channels: channels, outputs: outputs,
      size: [size.height, size.width], groups: groups, isTransposed: true)
    (_weight, _bias) = shape.parameters(bias: bias, generator)
  }

  /// The sum of what the elements put at each place.
  public func forward(_ input: Tensor) -> Tensor {
    let weight = weight
    if let refusal = shape.refusal(of: input, weight) { return refusal }
    let answer = input.convTranspose2d(
      weight, stride: stride, padding: padding, outputPadding: outputPadding, dilation: dilation,
      groups: shape.groups
    )
    return answer.scaled(by: nil, movedBy: bias?.cast(to: answer.dtype).alongChannels(4))
  }

  /// `ConvTranspose2d(32, 16, size: 2x2)`
  public var description: String { shape.description }
}

/// The sizes of a convolution's weights, and what follows from them.
struct ConvolutionShape: Sendable, CustomStringConvertible {
  let name: String
  let channels: Int
  let outputs: Int
  let size: [Int]
  let groups: Int
  var isTransposed = false

  var description: String {
    "\(name)(\(channels), \(outputs), size: " + size.map { "\($0)" }.joined(separator: "x")
      + (groups == 1 ? ")" : ", groups: \(groups))")
  }

  func parameters(bias: Bool, _ generator: Generator) -> (weight: Parameter, bias: Parameter?) {
    let sizes = LayerSizes(
      layer: description,
      sizes: [("channels", channels), ("outputs", outputs), ("groups", groups)]
        + size.map { ("size", $0) })
    if let error = sizes.error ?? divisionError {
      return (Parameter(Tensor(error: error)), bias ? Parameter(Tensor(error: error)) : nil)
    }
    let axes = isTransposed ? [channels, outputs / groups] : [outputs, channels / groups]
    let shape = Shape(axes + size)
    let weight = Tensor.layerWeight(shape, generator: generator).named(name)
    if weight.error != nil { return (Parameter(weight), bias ? Parameter(weight) : nil) }
    guard bias else { return (Parameter(weight), nil) }
    let inputs = axes[1] * size.reduce(1, *)
    return (
      Parameter(weight), Parameter(.layerBias(outputs, inputs: inputs, generator: generator))
    )
  }

  private var divisionError: TensorError? {
    for (what, count) in [("channels", channels), ("outputs", outputs)]
    where count % groups != 0 {
      return TensorError(
        name, "\(groups) groups do not divide \(count) \(what)",
        operands: [("layer", description)], help: "give a number of groups that divides both")
    }
    return nil
  }

  /// A result in place of the layer's if the input does not fit.
  func refusal(of input: Tensor, _ weight: Tensor) -> Tensor? {
    if let refusal = input.refusal(by: description, weights: weight) { return refusal }
    let axes = size.count == 1 ? "L" : "height, width"
    guard input.rank == size.count + 2 else {
      return input.refused(
        by: description, "the input has \(input.rank) axes",
        help: "the input is [N, \(channels), \(axes)]"
          + (input.rank == size.count + 1
            ? "; input.unsqueezed(axis: \(channels == 1 ? 1 : 0)) adds an axis" : ""))
    }
    guard input.shape[1] == channels else {
      return input.refused(
        by: description, "the input has \(input.shape[1]) channels, the layer takes \(channels)",
        help: "the input is [N, \(channels), \(axes)]")
    }
    return nil
  }
}
