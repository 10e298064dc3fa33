extension Tensor {
  /// Each element over the size of its neighbours in other channels: `local_response_norm` of
  /// PyTorch.
  ///
  ///     y = x / (k + alpha * mean of the squares of `size` channels around)^beta
  ///
  /// - Parameters:
  ///   - size: how many channels; those that are not there count as 0.
  ///   - alpha: how much the neighbours count.
  ///   - beta: the exponent.
  ///   - k: what is added.
  /// - Returns: the shape and dtype of `self`, `[n, c, ...]`.
  /// - Gradient: that of the formula.
  /// - Error: fewer than three axes, a size below 1, bool.
  /// - Source: Krizhevsky and others, "ImageNet classification with deep convolutional neural
  ///   networks".
  public func localResponseNorm(
    size: Int, alpha: Double = 1e-4, beta: Double = 0.75, k: Double = 1
  ) -> Tensor {
    if let rejected = rejected("localResponseNorm", .numeric) { return rejected }
    guard rank >= 3, rank < Shape.maximumRank, size >= 1, size < 1 << 26 else {
      return Tensor(
        error: TensorError(
          "localResponseNorm", "takes [n, channels, ...] and a size of 1 or more, not \(size)",
          operands: [("input", signature)], help: "add an axis with unsqueezed(axis:)"))
    }
    if elementCount == 0 { return self }
    var widths = [(low: Int, high: Int)](repeating: (0, 0), count: rank)
    widths[1] = (size / 2, (size - 1) / 2)
    let windows = square().padded(widths).unfolded(axis: 1, size: size)
    // PyTorch's mean of whole numbers is without its fraction.
    let squares =
      dtype.isInteger
      ? windows.sum(axis: -1).floorDivided(by: Tensor(size))
      : windows.mean(axis: -1)
    return (self / (squares * alpha + k).pow(beta)).named("localResponseNorm")
  }
}
