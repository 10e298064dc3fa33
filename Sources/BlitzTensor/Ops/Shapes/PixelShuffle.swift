extension Tensor {
  /// Channels as smaller pixels: `pixel_shuffle` of PyTorch.
  ///
  ///     y[..., c, h * r + i, w * r + j] = x[..., c * r * r + i * r + j, h, w]
  ///
  /// - Parameter factor: r, how many pixels one becomes along each axis.
  /// - Returns: `[..., c, h * r, w * r]` of `[..., c * r * r, h, w]`.
  /// - Gradient: `g` shuffled back.
  /// - Error: fewer than three axes; a factor below 1; channels that are not a multiple of its
  ///   square.
  /// - Source: Shi and others, "Real-Time Single Image and Video Super-Resolution",
  ///   arXiv:1609.05158.
  public func pixelShuffle(_ factor: Int) -> Tensor {
    if node.failure != nil { return self }
    guard rank >= 3, factor > 0, factor < 1 << 20, shape[rank - 3] % (factor * factor) == 0 else {
      return shuffleError("pixelShuffle", "channels that are a multiple of \(factor) squared")
    }
    let (c, h, w) = (shape[rank - 3] / (factor * factor), shape[rank - 2], shape[rank - 1])
    let n = Shape(Array(shape.sizes.dropLast(3))).elementCount
    return viewed(as: [n, c, factor, factor, h, w]).reordered([0, 1, 4, 2, 5, 3])
      .viewed(as: Shape(Array(shape.sizes.dropLast(3)) + [c, h * factor, w * factor]))
  }

  /// Pixels as channels, what `pixelShuffle(_:)` undoes: `pixel_unshuffle` of PyTorch.
  ///
  /// - Parameter factor: r, how many pixels become one along each axis.
  /// - Returns: `[..., c * r * r, h / r, w / r]` of `[..., c, h, w]`.
  /// - Gradient: `g` shuffled.
  /// - Error: fewer than three axes; a factor below 1; sizes that are not a multiple of it.
  public func pixelUnshuffle(_ factor: Int) -> Tensor {
    if node.failure != nil { return self }
    guard rank >= 3, factor > 0, factor < 1 << 20, shape[rank - 2] % factor == 0,
      shape[rank - 1] % factor == 0
    else { return shuffleError("pixelUnshuffle", "sizes that are a multiple of \(factor)") }
    let (c, h, w) = (shape[rank - 3], shape[rank - 2] / factor, shape[rank - 1] / factor)
    let n = Shape(Array(shape.sizes.dropLast(3))).elementCount
    return viewed(as: [n, c, h, factor, w, factor]).reordered([0, 1, 3, 5, 2, 4])
      .viewed(as: Shape(Array(shape.sizes.dropLast(3)) + [c * factor * factor, h, w]))
  }

  /// Channels of groups in turn: `channel_shuffle` of PyTorch.
  ///
  /// - Parameter groups: how many.
  /// - Returns: the shape of `self`, `[n, c, ...]`.
  /// - Gradient: `g` shuffled back.
  /// - Error: fewer than three axes; channels that are not a multiple of the groups.
  /// - Source: Zhang and others, "ShuffleNet", arXiv:1707.01083.
  public func channelShuffle(_ groups: Int) -> Tensor {
    if node.failure != nil { return self }
    guard rank >= 3, groups > 0, shape[1] % groups == 0 else {
      return shuffleError("channelShuffle", "channels that are a multiple of \(groups)")
    }
    let rest = Shape(Array(shape.sizes.dropFirst(2))).elementCount
    return viewed(as: [shape[0], groups, shape[1] / groups, rest]).reordered([0, 2, 1, 3])
      .viewed(as: shape)
  }

  private func shuffleError(_ name: String, _ wanted: String) -> Tensor {
    Tensor(
      error: TensorError(
        name, "takes pictures [..., c, h, w] with \(wanted)", operands: [("input", signature)],
        help: "add an axis with unsqueezed(axis:), or choose another number"))
  }
}
