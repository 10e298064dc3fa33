extension Tensor {
  /// The greatest element of each window, and where it is: `max_pool1d`, `max_pool2d` and
  /// `max_pool3d` of PyTorch with `return_indices`.
  ///
  ///     let (y, places) = x.maxPoolWithIndices([2, 2])
  ///     let back = y.maxUnpooled(places, to: [28, 28])
  ///
  /// Windows slide over as many of the last axes as there are sizes.
  ///
  /// - Parameters:
  ///   - size: of a window, one number for each axis.
  ///   - stride: from one window to the next; the size if nil.
  ///   - padding: how far windows reach out on both sides, at most half the size; 0 if nil.
  ///   - dilation: the distance of a window's elements; 1 if nil.
  ///   - ceil: whether a last window may reach further out.
  /// - Returns: `values` in the dtype of `self`, and `indices`, int64: places in the last axes, as
  ///   if these were one; of equal elements the first.
  /// - Gradient: `g` at the places.
  /// - Error: bool; sizes that do not fit.
  /// - Note: whole numbers are computed in float64, so they are exact up to 2^53.
  public func maxPoolWithIndices(
    _ size: [Int], stride: [Int]? = nil, padding: [Int]? = nil, dilation: [Int]? = nil,
    ceil: Bool = false
  ) -> (values: Tensor, indices: Tensor) {
    if dtype.isInteger {
      // Padding is below all numbers, for which whole numbers have none to spare.
      let (values, indices) = cast(to: .float64).maxPoolWithIndices(
        size, stride: stride, padding: padding, dilation: dilation, ceil: ceil)
      return (values.cast(to: dtype), indices)
    }
    if let rejected = rejected("maxPoolWithIndices", .floating) { return (rejected, rejected) }
    let zeros = [Int](repeating: 0, count: size.count)
    let ones = zeros.map { _ in 1 }
    let rules = [size, stride ?? size, padding ?? zeros, dilation ?? ones]
    let sizes = shape.sizes.suffix(size.count)
    guard (1...3).contains(size.count), rank >= size.count,
      rules.allSatisfy({ $0.count == size.count }), !sizes.contains(0),
      let axes = SlidingAxis.all(Array(sizes), rules, ceil: ceil)
    else {
      let failed = Tensor(
        error: TensorError(
          "maxPoolWithIndices", "windows of \(size) do not fit", operands: [("input", signature)],
          help: "give one size above 0 for each of 1 to 3 last axes, and pads of at most half"))
      return (failed, failed)
    }
    let outer = rank - size.count
    let plane = sizes.reduce(1, *)
    let places = Tensor.arange(plane, device: device).viewed(as: Shape(Array(sizes)))
    let windows = windows(axes, from: outer, beyond: -.infinity)
    let candidates = places.windows(axes, from: 0, beyond: 0)
    if let failed = Tensor.failed(windows, candidates) {
      let named = failed.named("maxPoolWithIndices")
      return (named, named)
    }
    let best = windows.detached().argmax(axis: -1, keepDims: true)
    let values = windows.gather(axis: -1, index: best).squeezed(axis: -1)
    let indices = candidates.broadcastCopy(to: windows.shape).gather(axis: -1, index: best)
      .squeezed(axis: -1)
    return (values, indices)
  }

  /// Elements put back to the places where they were found, zeros elsewhere: `max_unpool1d`,
  /// `max_unpool2d` and `max_unpool3d` of PyTorch.
  ///
  /// - Parameters:
  ///   - indices: int64 in the shape of `self`, as `maxPoolWithIndices` gives them.
  ///   - sizes: of the last axes of the result.
  /// - Returns: `self` with these sizes; of several elements for one place the last.
  /// - Gradient: that of `g` at the places.
  /// - Error: other shapes and dtypes; indices outside, when numbers are asked for.
  public func maxUnpooled(_ indices: Tensor, to sizes: [Int]) -> Tensor {
    if let failed = Tensor.failed(self, indices) { return failed }
    if let rejected = rejected("maxUnpooled", .numeric) { return rejected }
    let most = 1 << 30
    guard indices.shape == shape, indices.dtype == .int64, !sizes.isEmpty, rank > sizes.count,
      sizes.allSatisfy({ $0 > 0 && $0 < most }),
      sizes.reduce(1.0, { $0 * Double($1) }) < Double(most)
    else {
      return Tensor(
        error: TensorError(
          "maxUnpooled", "there is no place for each element",
          operands: [("input", signature), ("indices", indices.signature)],
          help:
            "give int64 indices in the input's shape, and sizes above 0 for axes behind channels"
        ))
    }
    let outer = Array(shape.sizes.dropLast(sizes.count))
    let count = shape.sizes.suffix(sizes.count).reduce(1, *)
    let flat = Shape(outer + [count])
    let plane = sizes.reduce(1, *)
    return Tensor.zeros(Shape(outer + [plane]), dtype: dtype, device: device)
      .scatter(axis: outer.count, index: indices.viewed(as: flat), updates: viewed(as: flat))
      .named("maxUnpooled").reshaped(to: Shape(outer + sizes))
  }

  /// The windows over axes from `first` on, each flat along a last axis: `[..., counts..., taps]`.
  fileprivate func windows(_ axes: [SlidingAxis], from first: Int, beyond fill: Double) -> Tensor {
    var widths = [(low: Int, high: Int)](repeating: (0, 0), count: rank)
    for (place, axis) in axes.enumerated() { widths[first + place] = (axis.before, axis.after) }
    var result = padded(widths, value: fill)
    for (place, axis) in axes.enumerated().reversed() {
      if result.node.failure != nil { return result }
      let sizes = result.shape.sizes
      let at = first + place
      result = result.selected(Tensor(axis.places).to(device), axis: at, for: .gather)
        .viewed(as: Shape(sizes[..<at] + [axis.count, axis.taps] + sizes[(at + 1)...]))
    }
    let order =
      Array(0..<first) + axes.indices.map { first + 2 * $0 }
      + axes.indices.map { first + 2 * $0 + 1 }
    return result.reordered(order).flattened(from: first + axes.count)
  }
}

/// How windows slide along one axis.
private struct SlidingAxis {
  /// How many windows there are, and elements in each.
  let count: Int
  let taps: Int
  /// How far the windows reach out on both sides.
  let before: Int
  let after: Int
  /// The places of all windows' elements, one window after the other.
  let places: [Int]

  /// One for each axis; nil where windows do not fit. The rules are sizes, strides, paddings and
  /// dilations.
  static func all(_ lengths: [Int], _ rules: [[Int]], ceil: Bool) -> [SlidingAxis]? {
    var axes: [SlidingAxis] = []
    for (place, length) in lengths.enumerated() {
      guard
        let axis = SlidingAxis(
          length, rules[0][place], rules[1][place], rules[2][place], rules[3][place], ceil)
      else { return nil }
      axes.append(axis)
    }
    let (taps, windows) = axes.reduce((1.0, 1.0)) {
      ($0.0 * Double($1.taps), $0.1 * Double($1.count))
    }
    return taps * windows < Double(1 << 32) ? axes : nil
  }

  private init?(
    _ length: Int, _ size: Int, _ stride: Int, _ padding: Int, _ dilation: Int, _ ceil: Bool
  ) {
    let limit = 1 << 24
    guard size > 0, size < limit, stride > 0, stride < limit, dilation > 0, dilation < limit,
      padding >= 0, 2 * padding <= size, length < 1 << 40
    else { return nil }
    let span = dilation * (size - 1) + 1
    let room = length + 2 * padding - span
    if room < 0 { return nil }
    var count = (room + (ceil ? stride - 1 : 0)) / stride + 1
    // A window begins in the axis or in the padding before it.
    if ceil && (count - 1) * stride >= length + padding { count -= 1 }
    let reach = (count - 1) * stride + span
    guard count * size < 1 << 28 else { return nil }
    (self.count, taps, before) = (count, size, padding)
    after = max(0, reach - padding - length)
    places = (0..<count).flatMap { window in
      (0..<size).map { window * stride + $0 * dilation }
    }
  }
}
