/// The errors that the shape ops share.
extension TensorError {
  /// A shape that no tensor can have, or nil if a tensor can have it.
  package static func badShape(
    _ op: String, _ sizes: [Int], operands: [(role: String, description: String)] = []
  ) -> TensorError? {
    let shape = Shape(sizes)
    if let axis = sizes.firstIndex(where: { $0 < 0 }) {
      return TensorError(
        op, "the size of axis \(axis) is \(sizes[axis]), in \(shape)", operands: operands,
        help: "sizes are 0 or more")
    }
    if sizes.count > Shape.maximumRank {
      return TensorError(
        op, "\(sizes.count) axes are more than the \(Shape.maximumRank) a tensor can have",
        operands: operands, help: "merge axes with reshaped(to:) or flattened(from:to:)")
    }
    if shape.checkedElementCount == nil {
      return TensorError(
        op, "the shape \(shape) is too large to count its elements", operands: operands,
        help: "use smaller sizes")
    }
    return nil
  }

  /// An index tensor whose dtype is not a whole number.
  static func indexDType(_ op: String, _ index: Tensor, _ input: Tensor) -> TensorError? {
    if index.dtype == .int64 || index.dtype == .int32 { return nil }
    return TensorError(
      op, "an index is int64 or int32, not \(index.dtype)",
      operands: [("input", input.signature), ("index", index.signature)],
      help: "write .cast(to: .int64) on the index")
  }
}

extension Tensor {
  /// A value for every element of `shape`, which takes no memory until it is needed.
  static func filled(_ value: Scalar, _ shape: Shape, _ dtype: DType) -> Tensor {
    let number = scalar(value, dtype)
    return shape.rank == 0 ? number : .make(.expand, number, shape: shape, dtype: dtype)
  }

  /// The same elements under a shape known to have as many elements.
  func viewed(as shape: Shape) -> Tensor {
    if shape == self.shape { return self }
    if case .scalar = node.op { return .make(.expand, self, shape: shape, dtype: dtype) }
    return .make(.reshape, self, shape: shape, dtype: dtype)
  }

  /// The elements that slices known to be in range name, one slice for each axis.
  func sliced(_ slices: [AxisSlice]) -> Tensor {
    let isWhole = zip(slices, shape).allSatisfy { $0 == AxisSlice(all: $1) }
    if isWhole { return self }
    return .make(.slice(slices), self, shape: Shape(slices.map(\.count)), dtype: dtype)
  }

  /// Part of one axis, known to be in range.
  func sliced(axis: Int, from start: Int, count: Int) -> Tensor {
    var slices = shape.map { AxisSlice(all: $0) }
    slices[axis] = AxisSlice(start: start, step: 1, count: count)
    return sliced(slices)
  }

  /// This tensor's elements at the places that slices of `shape` name, `fill` elsewhere.
  func padded(_ slices: [AxisSlice], in shape: Shape, fill: Scalar) -> Tensor {
    .make(.pad(slices), [self, .scalar(fill, dtype)], shape: shape, dtype: dtype)
  }

  /// The sum over the axes that broadcasting this tensor's shape from `shape` repeated.
  func summed(to shape: Shape) -> Tensor {
    if self.shape == shape { return self }
    let added = rank - shape.rank
    let axes = (0..<rank).filter { axis in
      axis < added || (shape[axis - added] == 1 && self.shape[axis] != 1)
    }
    if axes.isEmpty { return viewed(as: shape) }
    let kept = (0..<rank).filter { !axes.contains($0) }.map { self.shape[$0] }
    let sum = Tensor.make(.reduce(.sum, axes: axes), self, shape: Shape(kept), dtype: dtype)
    return sum.viewed(as: shape)
  }
}

extension AxisSlice {
  /// All places of an axis.
  init(all size: Int) { self.init(start: 0, step: 1, count: size) }
}
