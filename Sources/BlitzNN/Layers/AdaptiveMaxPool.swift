import BlitzTensor

/// The largest elements of a fixed number of parts of a sequence, `torch.nn.AdaptiveMaxPool1d`.
///
/// - Shapes: input `[N, C, L]` or `[C, L]`, output the same with `output` places.
/// - Gradient: for the largest of each part, of several the first.
/// - Error: another number of axes; sequences without elements; a dtype that is not floating.
public struct AdaptiveMaxPool1d: Layer, Sendable {
  /// The number of parts.
  public let output: Int

  /// Makes a layer; it has no parameters.
  ///
  /// - Parameter output: the number of parts.
  public init(_ output: Int) { self.output = output }

  /// The largest element of each part.
  public func forward(_ input: Tensor) -> Tensor {
    input.adaptiveMaximum("AdaptiveMaxPool1d", [output])
  }

  /// The largest element of each part, and where in the last axes, as if these were one, it is:
  /// `return_indices` in PyTorch.
  public func withIndices(_ input: Tensor) -> (values: Tensor, indices: Tensor) {
    input.adaptiveMaximumWithIndices("AdaptiveMaxPool1d", [output])
  }
}

/// The largest elements of a fixed number of parts of an image, `torch.nn.AdaptiveMaxPool2d`; see
/// ``AdaptiveMaxPool1d``.
///
/// - Shapes: input `[N, C, H_in, W_in]` or `[C, H_in, W_in]`, output with the sizes of `output`.
public struct AdaptiveMaxPool2d: Layer, Sendable {
  /// The number of rows and columns of the output.
  public let output: Size2D

  /// Makes a layer; it has no parameters.
  ///
  /// - Parameter output: the number of rows and columns.
  public init(_ output: Size2D) { self.output = output }

  /// The largest element of each part.
  public func forward(_ input: Tensor) -> Tensor {
    input.adaptiveMaximum("AdaptiveMaxPool2d", [output.height, output.width])
  }

  /// The largest element of each part, and where it is; see ``AdaptiveMaxPool1d``.
  public func withIndices(_ input: Tensor) -> (values: Tensor, indices: Tensor) {
    input.adaptiveMaximumWithIndices("AdaptiveMaxPool2d", [output.height, output.width])
  }
}

/// The largest elements of a fixed number of parts of a volume, `torch.nn.AdaptiveMaxPool3d`; see
/// ``AdaptiveMaxPool1d``.
///
/// - Shapes: input `[N, C, D, H, W]` or `[C, D, H, W]`, output with the sizes of `output`.
public struct AdaptiveMaxPool3d: Layer, Sendable {
  /// The depth, height and width of the output.
  public let output: Size3D

  /// Makes a layer; it has no parameters.
  ///
  /// - Parameter output: the depth, height and width.
  public init(_ output: Size3D) { self.output = output }

  /// The largest element of each part.
  public func forward(_ input: Tensor) -> Tensor {
    input.adaptiveMaximum("AdaptiveMaxPool3d", output.all)
  }

  /// The largest element of each part, and where it is; see ``AdaptiveMaxPool1d``.
  public func withIndices(_ input: Tensor) -> (values: Tensor, indices: Tensor) {
    input.adaptiveMaximumWithIndices("AdaptiveMaxPool3d", output.all)
  }
}

extension Tensor {
  /// The largest elements of parts along the last axes.
  fileprivate func adaptiveMaximum(_ layer: String, _ counts: [Int]) -> Tensor {
    let (windows, best) = adaptiveWindows(layer, counts)
    if windows.error != nil { return windows }
    return windows.gather(axis: -1, index: best).squeezed(axis: -1).named(layer)
  }

  /// The same, and where in the last axes, as if these were one, they are.
  fileprivate func adaptiveMaximumWithIndices(
    _ layer: String, _ counts: [Int]
  ) -> (values: Tensor, indices: Tensor) {
    let (windows, best) = adaptiveWindows(layer, counts)
    if windows.error != nil { return (windows, windows) }
    let plane = Array(shape.sizes.suffix(counts.count))
    let places = Tensor.arange(plane.reduce(1, *), device: device).reshaped(to: Shape(plane))
      .adaptiveParts(counts).expanded(to: windows.shape)
    return (
      windows.gather(axis: -1, index: best).squeezed(axis: -1).named(layer),
      places.gather(axis: -1, index: best).squeezed(axis: -1).named(layer)
    )
  }

  /// The elements of each part along an axis of their own, and which of them is the largest.
  private func adaptiveWindows(
    _ layer: String, _ counts: [Int]
  ) -> (windows: Tensor, best: Tensor) {
    if error != nil { return (self, self) }
    let spatial = counts.count
    let most = 1 << 16
    guard dtype.isFloating, rank == spatial + 1 || rank == spatial + 2,
      counts.allSatisfy({ $0 > 0 && $0 < most }),
      shape.sizes.suffix(spatial).allSatisfy({ $0 > 0 && $0 < 1 << 20 })
    else {
      let refusal = refused(
        by: "\(layer)(\(counts.map { "\($0)" }.joined(separator: ", ")))",
        "takes floats [N, channels, ...] with \(spatial) axes behind the channels",
        help: "give sizes of 1 or more, and inputs with elements")
      return (refusal, refusal)
    }
    let windows = adaptiveParts(counts)
    return (windows, windows.detached().argmax(axis: -1, keepDims: true))
  }

  /// The elements of each part of the last axes along an axis of their own.
  private func adaptiveParts(_ counts: [Int]) -> Tensor {
    let spatial = counts.count
    // Each axis becomes two, of parts and of places in them; shorter parts repeat their last place.
    var parts = self
    let first = rank - spatial
    for (axis, count) in counts.enumerated().reversed() {
      let length = shape[first + axis]
      let bounds = (0..<count).map { ($0 * length / count, (($0 + 1) * length - 1) / count) }
      let longest = bounds.map { $1 - $0 + 1 }.max() ?? 1
      let places = bounds.flatMap { start, end in
        (0..<longest).map { Swift.min(start + $0, end) }
      }
      let index = Tensor(places, device: device)
      let sizes = parts.shape.sizes
      parts = parts.indexSelect(axis: first + axis, indices: index)
        .reshaped(
          to: Shape(sizes[..<(first + axis)] + [count, longest] + sizes[(first + axis + 1)...]))
    }
    let order =
      Array(0..<first) + (0..<spatial).map { first + 2 * $0 }
      + (0..<spatial).map { first + 2 * $0 + 1 }
    return parts.permuted(order).flattened(from: rank)
  }
}
