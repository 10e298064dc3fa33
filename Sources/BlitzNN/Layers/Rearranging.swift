import BlitzTensor

/// Splits an axis in several, `torch.nn.Unflatten`; see ``Tensor/unflattened(axis:to:)``.
public struct Unflatten: Layer, Sendable {
  /// The axis that is split; counted from the end if negative.
  public let axis: Int
  /// The sizes that it is split into.
  public let sizes: [Int]

  /// Makes a layer; it has no parameters.
  public init(axis: Int, to sizes: [Int]) { (self.axis, self.sizes) = (axis, sizes) }

  /// The same elements, with the axis split.
  public func forward(_ input: Tensor) -> Tensor { input.unflattened(axis: axis, to: sizes) }
}

/// Channels as smaller pixels, `torch.nn.PixelShuffle`; see ``Tensor/pixelShuffle(_:)``.
public struct PixelShuffle: Layer, Sendable {
  /// How many pixels one becomes along each axis; `upscale_factor` in PyTorch.
  public let factor: Int

  /// Makes a layer; it has no parameters.
  public init(_ factor: Int) { self.factor = factor }

  /// The pictures, with more pixels and fewer channels.
  public func forward(_ input: Tensor) -> Tensor { input.pixelShuffle(factor) }
}

/// Pixels as channels, `torch.nn.PixelUnshuffle`; see ``Tensor/pixelUnshuffle(_:)``.
public struct PixelUnshuffle: Layer, Sendable {
  /// How many pixels become one along each axis; `downscale_factor` in PyTorch.
  public let factor: Int

  /// Makes a layer; it has no parameters.
  public init(_ factor: Int) { self.factor = factor }

  /// The pictures, with fewer pixels and more channels.
  public func forward(_ input: Tensor) -> Tensor { input.pixelUnshuffle(factor) }
}

/// Channels of groups in turn, `torch.nn.ChannelShuffle`; see ``Tensor/channelShuffle(_:)``.
public struct ChannelShuffle: Layer, Sendable {
  /// How many groups.
  public let groups: Int

  /// Makes a layer; it has no parameters.
  public init(_ groups: Int) { self.groups = groups }

  /// The pictures, with the channels in another order.
  public func forward(_ input: Tensor) -> Tensor { input.channelShuffle(groups) }
}

/// A border around the last axes: `torch.nn.ZeroPad2d`, `ConstantPad2d`, `ReflectionPad2d`,
/// `ReplicationPad2d` and `CircularPad2d`, and their kin of one and three axes.
///
///     Pad(1, axes: 2, mode: .reflect)            // ReflectionPad2d(1)
///     Pad([(0, 2)], value: -1)                   // ConstantPad1d((0, 2), -1)
///     Pad([(1, 1), (2, 2)])                      // ZeroPad2d((2, 2, 1, 1)), the last axis last
///
/// - Shapes: any with as many axes as there are widths, or more; those before stay as they are.
/// - Error: fewer axes; a border wider than there are elements for it.
public struct Pad: Layer, Sendable {
  /// How many places are put before and behind each of the last axes.
  public let widths: [(low: Int, high: Int)]
  /// What of the elements is put there; nil for the value.
  public let mode: PaddingMode?
  /// What is put there without a mode.
  public let value: Double

  /// Makes a layer that puts a value around; it has no parameters.
  ///
  /// - Parameters:
  ///   - widths: how many places before and behind each of the last axes, the last one last.
  ///   - value: what is put there.
  public init(_ widths: [(low: Int, high: Int)], value: Double = 0) {
    (self.widths, self.value, mode) = (widths, value, nil)
  }

  /// Makes a layer that puts elements from inside around; it has no parameters.
  ///
  /// - Parameters:
  ///   - widths: how many places before and behind each of the last axes, the last one last.
  ///   - mode: which elements.
  public init(_ widths: [(low: Int, high: Int)], mode: PaddingMode) {
    (self.widths, value, self.mode) = (widths, 0, mode)
  }

  /// Makes a layer that puts as many places on all sides; it has no parameters.
  ///
  /// - Parameters:
  ///   - width: how many places.
  ///   - axes: of how many of the last axes: 1 for sequences, 2 for pictures, 3 for volumes.
  ///   - mode: which elements; zeros if nil.
  public init(_ width: Int, axes: Int, mode: PaddingMode? = nil) {
    widths = Array(repeating: (width, width), count: min(max(axes, 0), 16))
    (value, self.mode) = (0, mode)
  }

  /// The input with a border.
  public func forward(_ input: Tensor) -> Tensor {
    if input.error != nil { return input }
    guard input.rank >= widths.count else {
      return input.refused(
        by: "Pad(\(widths))", "the input has \(input.rank) axes, the border \(widths.count)",
        help: "add an axis with unsqueezed(axis:)")
    }
    guard mode == nil || input.rank - widths.count == 1 || input.rank - widths.count == 2 else {
      return input.refused(
        by: "Pad(\(widths))", "the input has \(input.rank) axes, the border \(widths.count)",
        help: "with a mode, the input is [N, C, ...] or [C, ...]; padded(_:mode:) takes any")
    }
    let all = Array(repeating: (low: 0, high: 0), count: input.rank - widths.count) + widths
    return mode.map { input.padded(all, mode: $0) } ?? input.padded(all, value: value)
  }
}

/// Pictures, sequences or volumes in another size, `torch.nn.Upsample`; see
/// ``Tensor/resized(to:mode:alignedCorners:antialias:)``.
public struct Upsample: Layer, Sendable {
  private let resize: @Sendable (Tensor) -> Tensor

  /// Makes a layer that gives a fixed size; it has no parameters.
  ///
  /// - Parameters:
  ///   - sizes: of the axes behind the channels.
  ///   - mode: what stands between the pixels.
  ///   - alignedCorners: whether the middles of the corner pixels stay where they are.
  public init(to sizes: [Int], mode: ResizingMode = .nearest, alignedCorners: Bool = false) {
    resize = { $0.resized(to: sizes, mode: mode, alignedCorners: alignedCorners) }
  }

  /// Makes a layer that multiplies the sizes; it has no parameters.
  ///
  /// - Parameters:
  ///   - factor: of all axes behind the channels; `scale_factor` in PyTorch.
  ///   - mode: what stands between the pixels.
  ///   - alignedCorners: whether the middles of the corner pixels stay where they are.
  public init(by factor: Double, mode: ResizingMode = .nearest, alignedCorners: Bool = false) {
    resize = {
      let factors = Array(repeating: factor, count: max($0.rank - 2, 0))
      return $0.resized(by: factors, mode: mode, alignedCorners: alignedCorners)
    }
  }

  /// The input in another size.
  public func forward(_ input: Tensor) -> Tensor {
    input.error == nil ? resize(input).named("Upsample") : input
  }
}

/// Each element over the size of its neighbours in other channels, `torch.nn.LocalResponseNorm`;
/// see ``Tensor/localResponseNorm(size:alpha:beta:k:)``.
public struct LocalResponseNorm: Layer, Sendable {
  private let norm: @Sendable (Tensor) -> Tensor

  /// Makes a layer; it has no parameters.
  ///
  /// - Parameters:
  ///   - size: how many channels.
  ///   - alpha: how much the neighbours count.
  ///   - beta: the exponent.
  ///   - k: what is added.
  public init(_ size: Int, alpha: Double = 1e-4, beta: Double = 0.75, k: Double = 1) {
    norm = { $0.localResponseNorm(size: size, alpha: alpha, beta: beta, k: k) }
  }

  /// The input normalised.
  public func forward(_ input: Tensor) -> Tensor { norm(input) }
}
