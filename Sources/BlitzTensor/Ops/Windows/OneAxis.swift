extension Tensor {
  /// The greatest element of each window of a sequence: `max_pool1d` of PyTorch.
  ///
  /// - Parameters:
  ///   - size: of a window.
  ///   - stride: from one window to the next; the size if it is left out.
  ///   - padding: places of -infinity at both ends.
  ///   - dilation: the distance of a window's elements.
  ///   - ceil: whether a last window may reach beyond the end.
  /// - Returns: `[n, c, windows]` of `[n, c, length]`, or both without n.
  /// - Gradient: `g` for the greatest of each window, of several the first.
  /// - Error: as of `maxPool2d(_:stride:padding:dilation:ceil:)`.
  public func maxPool1d(
    _ size: Int, stride: Int? = nil, padding: Int = 0, dilation: Int = 1, ceil: Bool = false
  ) -> Tensor {
    asPicture("maxPool1d") {
      $0.maxPool2d(
        Size2D(1, size), stride: Size2D(1, stride ?? size), padding: Size2D(0, padding),
        dilation: Size2D(1, dilation), ceil: ceil)
    }
  }

  /// The mean of each window of a sequence: `avg_pool1d` of PyTorch.
  ///
  /// - Parameters:
  ///   - size: of a window.
  ///   - stride: from one window to the next; the size if it is left out.
  ///   - padding: zeros at both ends.
  ///   - ceil: whether a last window may reach beyond the end.
  ///   - countsPadding: whether these zeros are counted.
  ///   - divisor: what every sum is divided by, in place of how many elements it counts.
  /// - Returns: `[n, c, windows]` of `[n, c, length]`, or both without n.
  /// - Gradient: `g` over the number of a window's elements.
  /// - Error: as of `avgPool2d(_:stride:padding:ceil:countsPadding:divisor:)`.
  public func avgPool1d(
    _ size: Int, stride: Int? = nil, padding: Int = 0, ceil: Bool = false,
    countsPadding: Bool = true, divisor: Int? = nil
  ) -> Tensor {
    asPicture("avgPool1d") {
      $0.avgPool2d(
        Size2D(1, size), stride: Size2D(1, stride ?? size), padding: Size2D(0, padding),
        ceil: ceil, countsPadding: countsPadding, divisor: divisor)
    }
  }

  /// The means of a number of nearly equal parts of a sequence: `adaptive_avg_pool1d` of PyTorch.
  ///
  /// - Parameter count: how many parts.
  /// - Returns: `[n, c, count]` of `[n, c, length]`, or both without n.
  /// - Gradient: `g` over the number of a part's elements.
  /// - Error: as of `adaptiveAvgPool2d(_:)`.
  public func adaptiveAvgPool1d(_ count: Int) -> Tensor {
    asPicture("adaptiveAvgPool1d") { $0.adaptiveAvgPool2d(Size2D(1, count)) }
  }

  /// A sequence as a picture one element high, for what slides over pictures.
  private func asPicture(_ name: String, _ slide: (Tensor) -> Tensor) -> Tensor {
    if node.failure != nil { return self }
    guard rank == 2 || rank == 3 else {
      return Tensor(
        error: TensorError(
          name, "takes sequences [n, c, length] or [c, length], not a tensor of rank \(rank)",
          operands: [("input", signature)], help: "add an axis with unsqueezed(axis:)"))
    }
    guard shape[rank - 2] > 0 else {
      return Tensor(
        error: TensorError(
          name, "the input has no channels", operands: [("input", signature)],
          help: "the axis before the last is that of channels, 1 or more"))
    }
    let n = rank == 3 ? shape[0] : 1
    let pictures = viewed(as: [n, shape[rank - 2], 1, shape[rank - 1]])
    let result = slide(pictures).named(name)
    if result.node.failure != nil { return result }
    let sizes = Array(shape.sizes.dropLast()) + [result.shape[3]]
    return result.viewed(as: Shape(sizes))
  }
}
