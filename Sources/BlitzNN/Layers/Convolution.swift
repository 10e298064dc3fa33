import BlitzTensor

/// Convolution of images with learned filters, `torch.nn.Conv2d`.
///
/// - Shapes: input `[N, C_in, H_in, W_in]`, output `[N, C_out, H_out, W_out]`, or both without N,
///   with the sizes of ``Tensor/conv2d(_:bias:stride:padding:dilation:groups:)``; `weight` is
///   `[C_out, C_in / groups, height, width]`, `bias` is `[C_out]`. The page *Layers* explains the
///   letters.
/// - Initial weights: PyTorch's, uniform over ±1/√(C_in / groups * height * width), weight before
///   bias.
/// - Error: another number of axes or channels, or another dtype; groups that do not divide the
///   channels; a filter larger than the padded image.
public struct Conv2d: Layer, Sendable, CustomStringConvertible {
  /// The filters, `[C_out, C_in / groups, height, width]`.
  @Parameter public var weight: Tensor
  let _bias: Parameter?
  var shape: ConvolutionShape
  /// The step between neighbouring positions of a filter.
  public let stride: Size2D
  /// The number of zeros on each side of the image.
  public let padding: Size2D
  /// The distance between neighbouring elements under a filter.
  public let dilation: Size2D

  /// The bias, `[C_out]`, or nil for none.
  public var bias: Tensor? { _bias?.value }

  /// Makes a layer with new filters.
  ///
  ///     Conv2d(1, 32, size: 3, padding: 1)
  ///
  /// - Parameters:
  ///   - channels: C_in, the number of channels of the input.
  ///   - outputs: C_out, the number of filters, so of channels of the output.
  ///   - size: the size of a filter, one number for a square or `[height, width]`; `kernel_size` in
  ///     PyTorch.
  ///   - stride: the step between neighbouring positions of a filter.
  ///   - padding: the number of zeros on each side of the image.
  ///   - dilation: the distance between neighbouring elements under a filter.
  ///   - groups: the number of parts that the channels are split into, each with its own filters.
  ///   - bias: whether a learned number is added to each channel of the output.
  ///   - generator: the source of the initial weights.
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

  /// The convolution of the input, plus the bias.
  public func forward(_ input: Tensor) -> Tensor {
    shape.apply(to: input, weight, bias) { input, weight in
      $weight.convolution(
        input, weight, stride: stride, padding: padding, dilation: dilation, groups: shape.groups)
    }
  }

  /// `Conv2d(1, 32, size: 3x3)`
  public var description: String { shape.description }
}

/// Convolution of sequences with learned filters, `torch.nn.Conv1d`.
///
/// - Shapes: input `[N, C_in, L_in]`, output `[N, C_out, L_out]`; `weight` is
///   `[C_out, C_in / groups, size]`, `bias` is `[C_out]`. The page *Layers* explains the
///   letters.
/// - Initial weights and errors: those of ``Conv2d``.
public struct Conv1d: Layer, Sendable, CustomStringConvertible {
  /// The filters, `[C_out, C_in / groups, size]`.
  @Parameter public var weight: Tensor
  let _bias: Parameter?
  var shape: ConvolutionShape
  /// The step between neighbouring positions of a filter.
  public let stride: Int
  /// The number of zeros at each end.
  public let padding: Int
  /// The distance between neighbouring elements under a filter.
  public let dilation: Int

  /// The bias, `[C_out]`, or nil for none.
  public var bias: Tensor? { _bias?.value }

  /// Makes a layer with new filters; the parameters are those of ``Conv2d``.
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

  /// The convolution of the input, plus the bias.
  public func forward(_ input: Tensor) -> Tensor {
    shape.apply(to: input, weight, bias) { input, weight in
      guard $weight.isWatchedOrQuantized else {
        return input.conv1d(
          weight, stride: stride, padding: padding, dilation: dilation, groups: shape.groups)
      }
      return $weight.convolution(
        input.unsqueezed(axis: 2), weight, stride: Size2D(1, stride), padding: Size2D(0, padding),
        dilation: Size2D(1, dilation), groups: shape.groups
      ).squeezed(axis: 2).named("conv1d")
    }
  }

  /// `Conv1d(16, 32, size: 3)`
  public var description: String { shape.description }
}

/// Transposed convolution, `torch.nn.ConvTranspose2d`: each element of the input adds a scaled
/// filter to a larger image.
///
/// - Shapes: input `[N, C_in, H_in, W_in]`, output `[N, C_out, H_out, W_out]` with the sizes of
///   `convTranspose2d`; `weight` is `[C_in, C_out / groups, height, width]`, `bias` is `[C_out]`.
///   The page *Layers* explains the letters.
/// - Initial weights: PyTorch's, uniform over ±1/√(C_out / groups * height * width), weight before
///   bias.
/// - Error: as for ``Conv2d``.
public struct ConvTranspose2d: Layer, Sendable, CustomStringConvertible {
  /// The filters, `[C_in, C_out / groups, height, width]`.
  @Parameter public var weight: Tensor
  let _bias: Parameter?
  var shape: ConvolutionShape
  /// The distance between neighbouring filters in the output.
  public let stride: Size2D
  /// The number of rows and columns cut off each side of the output.
  public let padding: Size2D
  /// The number of rows and columns added at the end of the output.
  public let outputPadding: Size2D
  /// The distance between a filter's taps.
  public let dilation: Size2D

  /// The bias, `[C_out]`, or nil for none.
  public var bias: Tensor? { _bias?.value }

  /// Makes a layer with new filters; the parameters are those of ``Conv2d``, and `outputPadding`,
  /// the number of rows and columns added at the end of the output, less than the stride.
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

  /// The transposed convolution of the input, plus the bias.
  public func forward(_ input: Tensor) -> Tensor {
    shape.apply(to: input, weight, bias) {
      $0.convTranspose2d(
        $1, stride: stride, padding: padding, outputPadding: outputPadding, dilation: dilation,
        groups: shape.groups)
    }
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
  /// Zeros at the end of each axis, beyond what is on both sides.
  var extra: [Int] = []

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

  /// The layer's output: an input that fits, convolved, plus the bias.
  func apply(
    to input: Tensor, _ weight: Tensor, _ bias: Tensor?,
    _ convolve: (_ input: Tensor, _ weight: Tensor) -> Tensor
  ) -> Tensor {
    if input.error == nil, input.rank == size.count + 1, input.shape[0] == channels {
      let output = apply(to: input.unsqueezed(axis: 0), weight, bias, convolve)
      return output.squeezed(axis: 0)
    }
    if let refusal = refusal(of: input, weight) { return refusal }
    let whole =
      extra.contains { $0 != 0 }
      ? input.padded([(0, 0), (0, 0)] + extra.map { (low: 0, high: $0) }) : input
    let output = convolve(whole, weight)
    guard let bias else { return output }
    return output.scaled(
      by: nil, movedBy: bias.cast(to: output.dtype).alongChannels(size.count + 2)
    )
    .noted(.channelBias, of: [output, bias])
  }

  /// An error in place of the layer's output if the input does not fit.
  private func refusal(of input: Tensor, _ weight: Tensor) -> Tensor? {
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
