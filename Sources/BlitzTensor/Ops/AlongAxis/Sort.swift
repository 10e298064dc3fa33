extension Rule {
  static let argSort = Rule.constant(
    "argSort",
    .kernel { site in
      guard case .argSort(let axis, let descending, let count) = site.op else { site.refuse() }
      return ArgSortKernel(
        dtype: site.operands[0].dtype, descending: descending, count: count,
        extent: site.extent(axis), source: site.operands[0], result: site.result)
    },
    strides: .likeOperands { _, inputs, shape in Strides.dense(shape, [inputs[0].fullStrides]) },
    samples: [
      Sample("argSort", .normal([5, 40])) { $0[0].argSort(axis: 1) },
      Sample("argSort descending", .normal([5, 40])) {
        $0[0].argSort(axis: 1, descending: true)
      },
      Sample("argSort of the first", .normal([5, 40])) { $0[0].topK(3, axis: 1).indices },
    ], lowering: .argSort)
}

extension Lowering {
  /// A stable sort of pairs: elements and their positions.
  fileprivate static let argSort = Lowering.text { text, operation in
    guard case .argSort(let axis, let descending, let count) = operation.op else {
      return operation.inputs[0]
    }
    let keys = operation.inputs[0]
    let places = text.positions(keys.shape, axis: axis, .int64)
    let key = Program.Value(shape: [], dtype: keys.dtype).text
    func compare(_ direction: String, _ a: String, _ b: String) -> String {
      "stablehlo.compare \(direction), \(a), \(b), \(keys.dtype.comparison) "
        + ": (\(key), \(key)) -> tensor<i1>"
    }
    var lines = [
      "^bb0(%x: \(key), %y: \(key), %i: tensor<i64>, %j: tensor<i64>):",
      "  %ahead = \(compare(descending ? "GT" : "LT", "%x", "%y"))",
    ]
    if keys.dtype.isFloating {
      // NaN is greater than any number.
      let (greater, less) = descending ? ("%x", "%y") : ("%y", "%x")
      lines += [
        "  %nan = \(compare("NE", greater, greater))",
        "  %number = \(compare("EQ", less, less))",
        "  %outside = stablehlo.and %nan, %number : tensor<i1>",
        "  %first = stablehlo.or %ahead, %outside : tensor<i1>",
      ]
    }
    lines.append(
      "  stablehlo.return \(keys.dtype.isFloating ? "%first" : "%ahead") : tensor<i1>")
    let sorted = Program.Value(shape: keys.shape, dtype: .int64)
    let order = text.emit(
      """
      "stablehlo.sort"(\(keys), \(places)) <{dimension = \(axis) : i64, is_stable = true}> ({
      \(lines.map { "  " + $0 }.joined(separator: "\n"))
      }) : \(text.signature([keys, places], keys.type, sorted))
      """, [keys.type, sorted])[1]
    if count == keys.shape[axis] { return order }
    let ranges = operation.shape.map { "0:\($0)" }.joined(separator: ", ")
    return text.emit(
      "stablehlo.slice \(order) [\(ranges)] : \(text.signature([order], operation.type))",
      operation.shape,
      .int64)
  }
}

extension Tensor {
  /// The positions that sort the elements along an axis: `torch.argsort`.
  ///
  /// Equal elements keep their order; NaN counts as greater than any number, false as less than
  /// true.
  ///
  /// - Parameters:
  ///   - axis: counted from the end if negative.
  ///   - descending: whether the greatest comes first.
  /// - Returns: the shape of `self`, int64.
  /// - Gradient: none.
  /// - Error: an axis that there is not.
  public func argSort(axis: Int = -1, descending: Bool = false) -> Tensor {
    argSorted("argSort", axis, descending)
  }

  /// The elements in order along an axis, and where each was: `torch.sort`.
  ///
  /// Equal elements keep their order; NaN counts as greater than any number, false as less than
  /// true.
  ///
  /// - Parameters:
  ///   - axis: counted from the end if negative.
  ///   - descending: whether the greatest comes first.
  /// - Returns: two tensors of the shape of `self`: the elements in its dtype, their old
  ///   positions in int64.
  /// - Gradient: `g` put back where each element was.
  /// - Error: an axis that there is not.
  public func sort(
    axis: Int = -1, descending: Bool = false
  ) -> (values: Tensor, indices: Tensor) {
    let indices = argSorted("sort", axis, descending)
    if indices.node.failure != nil { return (indices, indices) }
    if isSole(axis) { return (self, indices) }
    guard let resolved = shape.resolve(axis: axis) else { return (indices, indices) }
    let values = gathered(indices, axis: resolved, for: .gather).laidOut(indices.node.strides)
    return (values, indices)
  }

  /// The `k` greatest (or least) elements along an axis in order, and where each was: `torch.topk`.
  ///
  ///     let (values, indices) = scores.topK(5)     // [64, 10] gives two of [64, 5]
  ///
  /// - Parameters:
  ///   - k: how many, from 0 to the size of the axis.
  ///   - axis: counted from the end if negative.
  ///   - largest: false for the least elements.
  /// - Returns: two tensors with `k` in place of the axis' size: the elements, and their
  ///   positions in int64.
  /// - Gradient: `g` put back where each element was, zero elsewhere.
  /// - Error: an axis that there is not; a `k` outside the axis; bool.
  public func topK(
    _ k: Int, axis: Int = -1, largest: Bool = true
  ) -> (values: Tensor, indices: Tensor) {
    let resolved = shape.resolve(axis: axis)
    // A single number counts as one along its axis.
    let size = resolved.map { shape[$0] } ?? 1
    let count = Swift.max(0, Swift.min(k, size))
    let indices = argSorted("topK", axis, largest, first: count)
    if indices.node.failure != nil { return (indices, indices) }
    guard k == count, resolved != nil || k == 1 else {
      let failed = Tensor(
        error: TensorError(
          "topK", "k is \(k), axis \(axis) has size \(size)",
          operands: [("input", signature)],
          help: resolved == nil ? "k is 1 for a single number" : "k is 0 to \(size)"))
      return (failed, failed)
    }
    guard let resolved else { return (self, indices) }
    return (gathered(indices, axis: resolved, for: .gather), indices)
  }

  private func argSorted(
    _ op: String, _ axis: Int, _ descending: Bool, first: Int? = nil
  ) -> Tensor {
    if node.failure != nil { return self }
    if dtype == .bool && first == nil {
      return converted(to: .uint8).argSorted(op, axis, descending)
    }
    if let error = domainError(op, .numeric) { return Tensor(error: error) }
    if isSole(axis) { return .filled(.integer(0), [], .int64) }
    guard let resolved = shape.resolve(axis: axis) else {
      return Tensor(error: .axis(op, axis, of: self))
    }
    var sizes = shape.sizes
    let count = first ?? sizes[resolved]
    sizes[resolved] = count
    return .make(
      .argSort(axis: resolved, descending: descending, count: count), [self],
      shape: Shape(sizes), dtype: .int64)
  }
}
