extension Tensor {
  /// This tensor with slices joined along an axis, each at one position: `torch.index_reduce`; see
  /// ``scatterReduce(axis:index:updates:_:includingSelf:)``.
  ///
  /// - Parameters:
  ///   - axis: counted from the end if negative.
  ///   - indices: int64 or int32, one axis: a position for each slice.
  ///   - updates: of the shape of `self` but for the axis, in its dtype.
  ///   - reduction: how they are joined.
  ///   - includingSelf: whether what is at a place already is one of the numbers.
  public func indexReduce(
    axis: Int, indices: Tensor, updates: Tensor, _ reduction: ScatterReduction,
    includingSelf: Bool = true
  ) -> Tensor {
    slicewise("indexReduce", axis, indices, updates) { x, index, updates, axis in
      if let error = x.domainError("indexReduce", .numeric) { return Tensor(error: error) }
      return x.joined(index, updates, axis, reduction, includingSelf, for: .indexReduce)
    }
  }

  /// This tensor with slices added along an axis, each at one position: `torch.index_add`.
  ///
  /// - Parameters:
  ///   - axis: counted from the end if negative.
  ///   - indices: int64 or int32, one axis: a position for each slice.
  ///   - updates: of the shape of `self` but for the axis, in its dtype.
  /// - Returns: the shape and dtype of `self`.
  /// - Gradient: `g`; for the updates, `g` from the positions.
  /// - Error: other shapes or dtypes, bool; when evaluated, a position outside the axis.
  public func indexAdd(axis: Int, indices: Tensor, updates: Tensor) -> Tensor {
    slicewise("indexAdd", axis, indices, updates) { x, index, updates, axis in
      if let error = x.domainError("indexAdd", .numeric) { return Tensor(error: error) }
      return x.scattered(index, updates, axis: axis, adds: true, for: .indexAdd)
    }
  }

  /// This tensor with slices replaced along an axis, each at one position: `torch.index_copy`.
  ///
  /// - Parameters:
  ///   - axis: counted from the end if negative.
  ///   - indices: int64 or int32, one axis: a position for each slice; each once.
  ///   - updates: of the shape of `self` but for the axis, in its dtype.
  /// - Returns: the shape and dtype of `self`.
  /// - Gradient: `g` with zeros at the positions; for the updates, `g` from there.
  /// - Error: other shapes or dtypes; when evaluated, a position outside the axis.
  public func indexCopy(axis: Int, indices: Tensor, updates: Tensor) -> Tensor {
    copied(axis, indices, updates, for: .indexCopy)
  }

  /// This tensor with one number in slices along an axis: `torch.index_fill`.
  ///
  /// - Parameters:
  ///   - axis: counted from the end if negative.
  ///   - indices: int64 or int32, one axis: the slices' positions.
  ///   - value: a single number, in the dtype of `self` or written out.
  /// - Returns: the shape and dtype of `self`.
  /// - Gradient: `g` with zeros at the positions; for the value, the sum of `g` there.
  /// - Error: other shapes or dtypes; when evaluated, a position outside the axis.
  public func indexFill(axis: Int, indices: Tensor, value: Tensor) -> Tensor {
    if let failed = Tensor.failed(self, indices, value) { return failed }
    guard value.rank == 0 else {
      return Tensor(
        error: TensorError(
          "indexFill", "the value is not a single number",
          operands: [("input", signature), ("value", value.signature)],
          help: "for slices of their own write indexCopy(axis:indices:updates:)"))
    }
    var number = value
    if case .scalar(let scalar) = value.node.op, value.dtype != dtype {
      guard scalar.fits(dtype) else {
        return Tensor(error: .scalar("indexFill", scalar, for: self))
      }
      number = .scalar(scalar, dtype)
    }
    guard number.dtype == dtype else { return Tensor(error: .dtypes("indexFill", self, value)) }
    let x = isSole(axis) ? viewed(as: [1]) : self
    guard let resolved = x.shape.resolve(axis: axis) else {
      return Tensor(error: .axis("indexFill", axis, of: self))
    }
    var sizes = x.shape.sizes
    sizes[resolved] = indices.elementCount
    // By a mask, so that the value has the gradient of a place once that is named twice.
    let zeros = Tensor.filled(.integer(0), x.shape, .uint8)
    let ones = Tensor.filled(.integer(1), Shape(sizes), .uint8)
    let filled = zeros.copied(axis, indices, ones, for: .indexFill)
    return Tensor.where(filled.viewed(as: shape) .> 0, number, self).named("indexFill")
  }

  private func copied(
    _ axis: Int, _ indices: Tensor, _ updates: Tensor, for reader: PositionReader
  ) -> Tensor {
    slicewise(reader.op, axis, indices, updates) { x, index, updates, axis in
      x.scattered(index, updates, axis: axis, adds: false, for: reader)
    }
  }

  private func slicewise(
    _ name: String, _ axis: Int, _ indices: Tensor, _ updates: Tensor,
    _ put: (Tensor, Tensor, Tensor, Int) -> Tensor
  ) -> Tensor {
    if let failed = Tensor.failed(self, indices, updates) { return failed }
    let x = isSole(axis) ? viewed(as: [1]) : self
    guard let axis = x.shape.resolve(axis: axis) else {
      return Tensor(error: .axis(name, axis, of: self))
    }
    if let error = TensorError.indexDType(name, indices, self) { return Tensor(error: error) }
    var sizes = x.shape.sizes
    sizes[axis] = indices.elementCount
    let updates = updates.rank == 0 && x.rank == 1 ? updates.viewed(as: [1]) : updates
    guard indices.rank <= 1, updates.shape == Shape(sizes), updates.dtype == dtype else {
      return Tensor(
        error: TensorError(
          name, "there is not one \(dtype) slice for each position along axis \(axis)",
          operands: [
            ("input", signature), ("indices", indices.signature), ("updates", updates.signature),
          ], help: "give one axis of positions and updates of shape \(Shape(sizes))"))
    }
    var column = [Int](repeating: 1, count: x.rank)
    column[axis] = indices.elementCount
    let index = indices.cast(to: .int64).viewed(as: Shape(column))
      .broadcastCopy(to: Shape(sizes))
    return put(x, index, updates, axis).viewed(as: shape)
  }
}
