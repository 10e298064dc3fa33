extension Rule {
  static let expand = Rule(
    name: "expand",
    .view { view in
      guard let walked = view.axes else { return nil }
      let new = view.shape.rank - view.operand.rank
      return .axes(
        view.operand.indices.map { view.operand[$0] == 1 ? .fixed : walked[$0 + new] })
    },
    strides: .view { _, inputs, shape in Strides.expanded(inputs[0], to: shape) },
    samples: [Sample("expand", .normal([5, 1])) { $0[0].expanded(to: [3, 5, 4]) }],
    lowering: .expand
  ) {
    [$0.gradient.summed(to: $0.inputs[0].shape)]
  }
}

extension Strides {
  fileprivate static func expanded(_ input: Node, to shape: Shape) -> [Int]? {
    // A number that fills a shape is an array that PyTorch would fill.
    if case .scalar = input.op { return nil }
    let (strides, added) = (input.fullStrides, shape.rank - input.shape.rank)
    return normal(
      shape.indices.map { axis in
        axis < added || input.shape[axis - added] != shape[axis] ? 0 : strides[axis - added]
      }, shape)
  }
}

extension Lowering {
  fileprivate static let expand = Lowering.text { $0.spread($1.inputs[0], to: $1.shape) }
}

extension Tensor {
  /// The tensor repeated along axes of size 1 and along new axes in front, without copying:
  /// `torch.Tensor.expand`.
  ///
  ///     bias.expanded(to: [64, -1])     // [10] becomes [64, 10]
  ///
  /// - Parameter shape: where -1 keeps the size of an axis that `self` has.
  /// - Gradient: `g` summed over the axes that were repeated.
  /// - Error: a size that is not that of `self` where that is not 1; fewer axes.
  public func expanded(to shape: Shape) -> Tensor {
    if node.failure != nil { return self }
    let input = [(role: "input", description: signature)]
    let added = shape.rank - rank
    guard added >= 0 else {
      return Tensor(
        error: TensorError(
          "expanded", "\(shape) has fewer axes than \(self.shape)", operands: input,
          help: "new axes come in front; sizes are named from the last axis on"))
    }
    var sizes = shape.sizes
    for axis in sizes.indices where axis >= added {
      let size = self.shape[axis - added]
      if sizes[axis] == -1 { sizes[axis] = size }
      if sizes[axis] < 0 || size == sizes[axis] || size == 1 { continue }
      return Tensor(
        error: TensorError(
          "expanded", "axis \(axis - added) has size \(size), which cannot become \(sizes[axis])",
          operands: input, help: "only axes of size 1 repeat; tiled(_:) copies longer ones"))
    }
    if let error = TensorError.badShape("expanded", sizes, operands: input) {
      return Tensor(error: error)
    }
    let result = Shape(sizes)
    if result == self.shape { return self }
    return .make(.expand, self, shape: result, dtype: dtype)
  }

  /// The tensor repeated as a whole, `repeats[i]` times along axis `i`: `torch.tile`.
  ///
  ///     Tensor([1, 2]).tiled([2])        // 1, 2, 1, 2
  ///     Tensor([1, 2]).tiled([3, 1])     // int64[3, 2]
  ///
  /// - Parameter repeats: one for each axis; if there are more, `self` gets axes in front, if
  ///   there are fewer, they are for the last axes.
  /// - Gradient: `g` summed over the copies.
  /// - Error: a negative number of repeats.
  public func tiled(_ repeats: [Int]) -> Tensor {
    if node.failure != nil { return self }
    let input = [(role: "input", description: signature)]
    if let axis = repeats.firstIndex(where: { $0 < 0 }) {
      return Tensor(
        error: TensorError(
          "tiled", "axis \(axis) cannot be repeated \(repeats[axis]) times", operands: input,
          help: "give 0 or more for each axis"))
    }
    let rank = Swift.max(self.rank, repeats.count)
    let old = [Int](repeating: 1, count: rank - self.rank) + shape.sizes
    let times = [Int](repeating: 1, count: rank - repeats.count) + repeats
    var sizes: [Int] = []
    for (size, count) in zip(old, times) {
      let (product, overflow) = size.multipliedReportingOverflow(by: count)
      sizes.append(overflow ? Int.max : product)
    }
    if let error = TensorError.badShape("tiled", sizes, operands: input) {
      return Tensor(error: error)
    }
    var result = viewed(as: Shape(old))
    // Axes that vanish first: what is left is then never larger than the result. However often
    // nothing is repeated, it is nothing.
    let axes = (0..<rank).filter { times[$0] != 1 && old[$0] != 0 }
      .sorted { times[$0] < times[$1] }
    for axis in axes {
      // Seen as [outer, inner], each row repeated: three axes do for any rank.
      let before = result.shape.sizes
      let outer = Shape(Array(before[..<axis])).elementCount
      let inner = Shape(Array(before[axis...])).elementCount
      var after = before
      after[axis] = sizes[axis]
      result =
        result.viewed(as: [outer, 1, inner])
        .broadcast(to: [outer, times[axis], inner]).viewed(as: Shape(after))
    }
    return result
  }
}
