extension Tensor {
  /// The greatest element so far along an axis, and where it was: `torch.cummax`.
  ///
  /// - Parameter axis: negative ones count from the end.
  /// - Returns: two tensors of the shape of `self`: the elements in its dtype, their positions in
  ///   int64; of equal elements the last. From the first NaN on, the last NaN.
  /// - Gradient: `g` added up at the positions.
  /// - Error: an axis that is not there, bool.
  public func cummax(axis: Int) -> (values: Tensor, indices: Tensor) {
    running("cummax", axis) { $0 .>= $1 }
  }

  /// The least element so far along an axis, and where it was: `torch.cummin`.
  ///
  /// - Parameter axis: negative ones count from the end.
  /// - Returns: two tensors of the shape of `self`: the elements in its dtype, their positions in
  ///   int64; of equal elements the last. From the first NaN on, the last NaN.
  /// - Gradient: `g` added up at the positions.
  /// - Error: an axis that is not there, bool.
  public func cummin(axis: Int) -> (values: Tensor, indices: Tensor) {
    running("cummin", axis) { $0 .<= $1 }
  }

  /// The logarithm of the running sums of exponentials along an axis: `torch.logcumsumexp`.
  ///
  ///     y[i] = log(exp(x[0]) + ... + exp(x[i]))
  ///
  /// - Parameter axis: negative ones count from the end.
  /// - Returns: the shape of `self`, in its dtype; without overflow on the way.
  /// - Gradient: each element's part of every sum that it is in.
  /// - Error: an axis that is not there, a dtype that is not floating.
  public func logCumSumExp(axis: Int) -> Tensor {
    if let rejected = rejected("logCumSumExp", .floating) { return rejected }
    if let wide = inFloat32({ $0.logCumSumExp(axis: axis) }) { return wide }
    if isSole(axis) { return self * 1 }
    guard let axis = shape.resolve(axis: axis) else {
      return Tensor(error: .axis("logCumSumExp", axis, of: self))
    }
    // Spans of 1, 2, 4 ... elements: each step joins a span with the one before it.
    var (sum, span) = (self, 1)
    while span < shape[axis] {
      sum = sum.logAddExp(sum.delayed(by: span, axis, filling: -.infinity))
      span *= 2
    }
    return sum
  }

  private func running(
    _ name: String, _ axis: Int, wins: (Tensor, Tensor) -> Tensor
  ) -> (values: Tensor, indices: Tensor) {
    if let rejected = rejected(name, .numeric) { return (rejected, rejected) }
    if isSole(axis) {
      return (self * 1, Tensor.filled(.integer(0), [], .int64))
    }
    guard let axis = shape.resolve(axis: axis) else {
      let failed = Tensor(error: .axis(name, axis, of: self))
      return (failed, failed)
    }
    var sizes = [Int](repeating: 1, count: rank)
    sizes[axis] = shape[axis]
    var indices = Tensor.arange(shape[axis], device: device).viewed(as: Shape(sizes))
      .broadcastCopy(to: shape)
    if indices.node.failure != nil { return (indices, indices) }
    var (values, span) = (detached(), 1)
    while span < shape[axis] {
      let earlier = values.delayed(by: span, axis, filling: 0)
      let earlierIndices = indices.delayed(by: span, axis, filling: -1)
      // What is later stays where it wins, and where there is nothing before it.
      var stays = wins(values, earlier) .| (earlierIndices .< 0)
      if dtype.isFloating {
        stays = (stays .& .!earlier.isNaN()) .| values.isNaN() .| (earlierIndices .< 0)
      }
      values = .where(stays, values, earlier)
      indices = .where(stays, indices, earlierIndices)
      span *= 2
    }
    return (gathered(indices, axis: axis, for: .gather), indices)
  }

  /// The elements some places later along an axis, and a number in the first places.
  func delayed(by places: Int, _ axis: Int, filling number: Double) -> Tensor {
    var widths = [(low: Int, high: Int)](repeating: (0, 0), count: rank)
    widths[axis].low = places
    return sliced(axis: axis, from: 0, count: shape[axis] - places).padded(widths, value: number)
  }
}
