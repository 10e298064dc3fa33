extension Tensor {
  /// Pictures put together from windows, which are added up where they meet: `fold` of PyTorch,
  /// col2im.
  ///
  /// It is the adjoint of ``patches(_:stride:padding:dilation:)``, whose other parameters it takes.
  ///
  /// - Parameters:
  ///   - picture: the height and width of the result.
  ///   - size: of a window.
  ///   - stride: from one window to the next.
  ///   - padding: zeros that were around the picture.
  ///   - dilation: the distance of a window's elements.
  /// - Returns: `[n, c, height, width]` of `[n, c * size.height * size.width, windows]`, or both
  ///   without n.
  /// - Gradient: the windows of `g`.
  /// - Error: other ranks, sizes that do not belong together.
  public func folded(
    to picture: Size2D, _ size: Size2D, stride: Size2D = 1, padding: Size2D = 0,
    dilation: Size2D = 1
  ) -> Tensor {
    if let rejected = rejected("folded", .numeric) { return rejected }
    func refusal(_ rule: String, _ help: String) -> Tensor {
      Tensor(error: TensorError("folded", rule, operands: [("input", signature)], help: help))
    }
    guard rank == 2 || rank == 3 else {
      return refusal("takes [n, c * height * width, windows]", "or the same without n")
    }
    let most = 1 << 26
    guard picture.height > 0, picture.width > 0, picture.height < most, picture.width < most,
      picture.height * picture.width < most
    else { return refusal("no picture is \(picture) large", "give a height and width above 0") }
    // Where in the picture each element of each window lies, and 0 beyond it.
    let plane = picture.height * picture.width
    let places = (Tensor.arange(plane) + 1).viewed(as: [1, picture.height, picture.width])
      .patches(size, stride: stride, padding: padding, dilation: dilation)
    if places.node.failure != nil { return places.named("folded") }
    let (taps, windows) = (places.shape[0], places.shape[1])
    let (rows, columns) = (shape[rank - 2], shape[rank - 1])
    guard rows % taps == 0, columns == windows else {
      return refusal(
        "windows of \(size) over a picture of \(picture) are [c * \(taps), \(windows)]",
        "give the sizes that the windows were made with")
    }
    let (n, c) = (rank == 3 ? shape[0] : 1, rows / taps)
    let flat = [n, c, taps * windows]
    let index = places.viewed(as: [1, 1, taps * windows]).to(device)
      .broadcastCopy(to: Shape(flat))
    let sums = Tensor.zeros([n, c, plane + 1], dtype: dtype, device: device)
      .scatterAdd(axis: 2, index: index, updates: viewed(as: Shape(flat)))
    if sums.node.failure != nil { return sums.named("folded") }
    return sums.sliced(axis: 2, from: 1, count: plane)
      .viewed(as: Shape((rank == 3 ? [n, c] : [c]) + [picture.height, picture.width]))
  }
}
