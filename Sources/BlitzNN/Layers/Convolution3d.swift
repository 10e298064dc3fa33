import BlitzTensor

/// Convolution of volumes with learned filters, `torch.nn.Conv3d`.
///
/// - Shapes: input `[N, C_in, D_in, H_in, W_in]`, output `[N, C_out, D_out, H_out, W_out]`;
///   `weight` is `[C_out, C_in / groups, depth, height, width]`, `bias` is `[C_out]`. The page
///   *Layers* explains the letters.
/// - Initial weights and errors: those of ``Conv2d``.
public struct Conv3d: Layer, Sendable, CustomStringConvertible {
  /// The filters, `[C_out, C_in / groups, depth, height, width]`.
  @Parameter public var weight: Tensor
  let _bias: Parameter?
  var shape: ConvolutionShape
  /// The step between neighbouring positions of a filter.
  public let stride: Size3D
  /// The number of zeros on each side of the volume.
  public let padding: Size3D
  /// The distance between neighbouring elements under a filter.
  public let dilation: Size3D

  /// The bias, `[C_out]`, or nil for none.
  public var bias: Tensor? { _bias?.value }

  /// Makes a layer with new filters; the parameters are those of ``Conv2d``.
  public init(
    _ channels: Int, _ outputs: Int, size: Size3D, stride: Size3D = 1, padding: Size3D = 0,
    dilation: Size3D = 1, groups: Int = 1, bias: Bool = true, generator: Generator = .shared
  ) {
    (self.stride, self.padding, self.dilation) = (stride, padding, dilation)
    shape = ConvolutionShape(
      name: "Conv3d", channels: channels, outputs: outputs, size: size.all, groups: groups)
    (_weight, _bias) = shape.parameters(bias: bias, generator)
  }

  /// The convolution of the input, plus the bias.
  public func forward(_ input: Tensor) -> Tensor {
    shape.apply(to: input, weight, bias) { input, weight in
      let (depth, length) = (weight.shape[2], input.shape[2])
      let window = DepthWindow(stride: stride.depth, dilation: dilation.depth)
      guard
        input.shape.sizes.allSatisfy({ $0 < 1 << 30 }),
        let count = window.count(length: length, size: depth, padding: padding.depth)
      else {
        return input.refused(
          by: description, "a filter \(depth) deep does not fit a volume of \(length)",
          help: "pad the volume, or give a stride and a dilation of 1 or more")
      }
      let padded = input.padded(alongDepth: padding.depth, padding.depth)
      // A volume's filter is a filter of pictures for each depth, whose answers are added up.
      return input.overDepth(
        (0..<depth).map { place in
          let start = place * dilation.depth
          return (
            padded[
              0..., 0...,
              .slice(from: start, to: start + (count - 1) * stride.depth + 1, by: stride.depth)],
            weight[0..., 0..., place]
          )
        }
      ) {
        $0.conv2d(
          $1, stride: stride.plane, padding: padding.plane, dilation: dilation.plane,
          groups: shape.groups)
      }.named("Conv3d").noted(.convolution(filters), of: [input, weight])
    }
  }

  private var filters: Composite.Filters {
    Composite.Filters(
      stride: stride.all, padding: padding.all, dilation: dilation.all, groups: shape.groups)
  }

  /// `Conv3d(1, 32, size: 3x3x3)`
  public var description: String { shape.description }
}

/// Transposed convolution of volumes, `torch.nn.ConvTranspose3d`: each element of the input adds a
/// scaled filter to a larger volume.
///
/// - Shapes: as ``ConvTranspose2d``, with a depth before the height.
/// - Initial weights and errors: those of ``ConvTranspose2d``.
public struct ConvTranspose3d: Layer, Sendable, CustomStringConvertible {
  /// The filters, `[C_in, C_out / groups, depth, height, width]`.
  @Parameter public var weight: Tensor
  let _bias: Parameter?
  let shape: ConvolutionShape
  /// The distance between neighbouring filters in the output.
  public let stride: Size3D
  /// The number of places cut off each side of the output.
  public let padding: Size3D
  /// The number of places added at the end of the output.
  public let outputPadding: Size3D
  /// The distance between a filter's taps.
  public let dilation: Size3D

  /// The bias, `[C_out]`, or nil for none.
  public var bias: Tensor? { _bias?.value }

  /// Makes a layer with new filters; the parameters are those of ``ConvTranspose2d``.
  public init(
    _ channels: Int, _ outputs: Int, size: Size3D, stride: Size3D = 1, padding: Size3D = 0,
    outputPadding: Size3D = 0, dilation: Size3D = 1, groups: Int = 1, bias: Bool = true,
    generator: Generator = .shared
  ) {
    (self.stride, self.padding, self.dilation) = (stride, padding, dilation)
    self.outputPadding = outputPadding
    shape = ConvolutionShape(
      name: "ConvTranspose3d", channels: channels, outputs: outputs, size: size.all,
      groups: groups, isTransposed: true)
    (_weight, _bias) = shape.parameters(bias: bias, generator)
  }

  /// The transposed convolution of the input, plus the bias.
  public func forward(_ input: Tensor) -> Tensor {
    shape.apply(to: input, weight, bias) { input, weight in
      let (depth, length) = (weight.shape[2], input.shape[2])
      let (step, gap) = (stride.depth, dilation.depth)
      let limit = 1 << 20
      guard [step, gap].allSatisfy({ 1..<limit ~= $0 }), length > 0, depth < limit,
        input.shape.sizes.allSatisfy({ $0 < 1 << 30 }),
        [padding.depth, outputPadding.depth].allSatisfy({ 0..<limit ~= $0 }),
        outputPadding.depth < max(step, gap),
        (length - 1) * step + (depth - 1) * gap + 1 + outputPadding.depth > 2 * padding.depth
      else {
        return input.refused(
          by: description, "no volume comes of a depth of \(length)",
          help: "pad less than the output is deep, and add less than the stride")
      }
      // Depths a stride apart: zeros between them.
      let sizes = input.shape.sizes
      let apart = input.unsqueezed(axis: 3)
        .padded([(0, 0), (0, 0), (0, 0), (0, step - 1), (0, 0), (0, 0)])
        .reshaped(to: Shape([sizes[0], sizes[1], length * step, sizes[3], sizes[4]]))
        .narrowed(alongDepth: 0, (length - 1) * step + 1)
      let reach = (depth - 1) * gap
      let whole = input.overDepth(
        (0..<depth).map { place in
          let low = place * gap
          let high = reach - low + outputPadding.depth
          return (apart.padded(alongDepth: low, high), weight[0..., 0..., place])
        }
      ) {
        $0.convTranspose2d(
          $1, stride: stride.plane, padding: padding.plane, outputPadding: outputPadding.plane,
          dilation: dilation.plane, groups: shape.groups)
      }.named("ConvTranspose3d")
      if whole.error != nil { return whole }
      return whole.narrowed(alongDepth: padding.depth, whole.shape[2] - 2 * padding.depth)
        .noted(
          .transposedConvolution(filters, outputPadding: outputPadding.all), of: [input, weight])
    }
  }

  private var filters: Composite.Filters {
    Composite.Filters(
      stride: stride.all, padding: padding.all, dilation: dilation.all, groups: shape.groups)
  }

  /// `ConvTranspose3d(32, 16, size: 2x2x2)`
  public var description: String { shape.description }
}

/// Transposed convolution of sequences, `torch.nn.ConvTranspose1d`: each element of the input adds
/// a scaled filter to a longer sequence.
///
/// - Shapes: input `[N, C_in, L_in]`, output `[N, C_out, L_out]`; `weight` is
///   `[C_in, C_out / groups, size]`, `bias` is `[C_out]`.
/// - Initial weights and errors: those of ``ConvTranspose2d``.
public struct ConvTranspose1d: Layer, Sendable, CustomStringConvertible {
  /// The filters, `[C_in, C_out / groups, size]`.
  @Parameter public var weight: Tensor
  let _bias: Parameter?
  let shape: ConvolutionShape
  /// The distance between neighbouring filters in the output.
  public let stride: Int
  /// The number of places cut off each end of the output.
  public let padding: Int
  /// The number of places added at the end of the output.
  public let outputPadding: Int
  /// The distance between a filter's taps.
  public let dilation: Int

  /// The bias, `[C_out]`, or nil for none.
  public var bias: Tensor? { _bias?.value }

  /// Makes a layer with new filters; the parameters are those of ``ConvTranspose2d``.
  public init(
    _ channels: Int, _ outputs: Int, size: Int, stride: Int = 1, padding: Int = 0,
    outputPadding: Int = 0, dilation: Int = 1, groups: Int = 1, bias: Bool = true,
    generator: Generator = .shared
  ) {
    (self.stride, self.padding, self.dilation) = (stride, padding, dilation)
    self.outputPadding = outputPadding
    shape = ConvolutionShape(
      name: "ConvTranspose1d", channels: channels, outputs: outputs, size: [size],
      groups: groups, isTransposed: true)
    (_weight, _bias) = shape.parameters(bias: bias, generator)
  }

  /// The transposed convolution of the input, plus the bias.
  public func forward(_ input: Tensor) -> Tensor {
    shape.apply(to: input, weight, bias) {
      let pictures = $0.unsqueezed(axis: 2).convTranspose2d(
        $1.unsqueezed(axis: 2), stride: Size2D(1, stride), padding: Size2D(0, padding),
        outputPadding: Size2D(0, outputPadding), dilation: Size2D(1, dilation),
        groups: shape.groups
      ).named("ConvTranspose1d")
      if pictures.error != nil { return pictures }
      let filters = Composite.Filters(
        stride: [stride], padding: [padding], dilation: [dilation], groups: shape.groups)
      return pictures.squeezed(axis: 2).noted(
        .transposedConvolution(filters, outputPadding: [outputPadding]), of: [$0, $1])
    }
  }

  /// `ConvTranspose1d(32, 16, size: 2)`
  public var description: String { shape.description }
}

/// How windows move along the depth.
private struct DepthWindow {
  let stride: Int
  let dilation: Int

  /// How many windows there are; nil if none fits.
  func count(length: Int, size: Int, padding: Int) -> Int? {
    let limit = 1 << 20
    guard stride > 0, stride < limit, dilation > 0, dilation < limit, padding >= 0,
      padding < limit, size < limit
    else { return nil }
    let room = length + 2 * padding - dilation * (size - 1) - 1
    return room < 0 ? nil : room / stride + 1
  }
}

extension Tensor {
  /// The sum of what slides over the pictures at each depth, with a weight for each.
  fileprivate func overDepth(
    _ parts: [(volume: Tensor, weight: Tensor)], _ slide: (Tensor, Tensor) -> Tensor
  ) -> Tensor {
    var sum: Tensor?
    for (volume, weight) in parts {
      if let failed = [volume, weight].first(where: { $0.error != nil }) { return failed }
      let sizes = volume.shape.sizes
      let pictures = volume.permuted([0, 2, 1, 3, 4])
        .reshaped(to: Shape([sizes[0] * sizes[2], sizes[1], sizes[3], sizes[4]]))
      let part = slide(pictures, weight)
      sum = sum.map { $0 + part } ?? part
    }
    guard let sum, sum.error == nil, let first = parts.first else { return sum ?? self }
    let (batch, depth) = (first.volume.shape[0], first.volume.shape[2])
    return sum.reshaped(to: Shape([batch, depth] + sum.shape.dropFirst()))
      .permuted([0, 2, 1, 3, 4])
  }

  /// Zeros before and behind the depth.
  fileprivate func padded(alongDepth low: Int, _ high: Int) -> Tensor {
    padded([(0, 0), (0, 0), (low, high), (0, 0), (0, 0)])
  }

  /// Some of the depths.
  fileprivate func narrowed(alongDepth start: Int, _ count: Int) -> Tensor {
    self[0..., 0..., start..<start + count]
  }
}
