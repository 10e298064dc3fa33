extension Tensor {
  /// The windows of pictures as columns: `unfold` of PyTorch, im2col.
  ///
  ///     y[n, (c * height + i) * width + j, window]
  ///       = x[n, c, top + i * dilation, left + j * dilation]
  ///
  /// - Parameters:
  ///   - size: of a window.
  ///   - stride: from one window to the next.
  ///   - padding: zeros around the picture.
  ///   - dilation: the distance of a window's elements.
  /// - Returns: `[n, c * height * width, windows]` of `[n, c, h, w]`, or both without n; windows
  ///   row by row.
  /// - Gradient: `g` added up where windows meet.
  /// - Error: other ranks, windows that do not fit, sizes that are not positive.
  public func patches(
    _ size: Size2D, stride: Size2D = 1, padding: Size2D = 0, dilation: Size2D = 1
  ) -> Tensor {
    if node.failure != nil { return self }
    let numbers = [
      size.height, size.width, stride.height, stride.width, dilation.height, dilation.width,
    ]
    guard rank == 3 || rank == 4, numbers.allSatisfy({ $0 > 0 && $0 < 1 << 30 }),
      padding.height >= 0, padding.width >= 0, padding.height < 1 << 30, padding.width < 1 << 30
    else {
      return Tensor(
        error: TensorError(
          "patches", "takes pictures [n, c, h, w] and sizes above 0",
          operands: [("input", signature)], help: "add an axis with unsqueezed(axis:)"))
    }
    let pictures = rank == 4 ? self : unsqueezed(axis: 0)
    let whole = pictures.padded([
      (0, 0), (0, 0), (padding.height, padding.height), (padding.width, padding.width),
    ])
    if whole.node.failure != nil { return whole.named("patches") }
    guard
      let rows = Tensor.windows(
        whole.shape[2], size.height, stride.height, dilation.height),
      let columns = Tensor.windows(whole.shape[3], size.width, stride.width, dilation.width)
    else {
      return Tensor(
        error: TensorError(
          "patches", "windows of \(size) with a dilation of \(dilation) do not fit",
          operands: [("input", signature)], help: "pad more, or choose smaller windows"))
    }
    let byRow = whole.selected(rows.places.to(device), axis: 2, for: .gather)
    let both = byRow.selected(columns.places.to(device), axis: 3, for: .gather)
    if both.node.failure != nil { return both.named("patches") }
    let (n, c) = (pictures.shape[0], pictures.shape[1])
    let split = both.viewed(as: [n, c, size.height, rows.count, size.width, columns.count])
    let result = split.reordered([0, 1, 2, 4, 3, 5])
      .viewed(as: [n, c * size.height * size.width, rows.count * columns.count])
    return rank == 4 ? result : result.viewed(as: [result.shape[1], result.shape[2]])
  }

  /// The places of each window's elements, those of one element together; nil if none fits.
  private static func windows(
    _ length: Int, _ size: Int, _ stride: Int, _ dilation: Int
  ) -> (places: Tensor, count: Int)? {
    let span = dilation * (size - 1) + 1
    if span > length { return nil }
    let count = (length - span) / stride + 1
    let (places, overflows) = size.multipliedReportingOverflow(by: count)
    if overflows || places > 1 << 26 { return nil }
    let all = (0..<size).flatMap { i in (0..<count).map { $0 * stride + i * dilation } }
    return (Tensor(all), count)
  }
}
