extension Rule {
  static let gather = Rule(name: "gather", saves: .inputs) { step in
    guard case .gather(let axis) = step.node.op, step.wants(0) else { return [nil, nil] }
    let (input, index) = (step.inputs[0], step.inputs[1])
    // The same element can be gathered more than once: its gradients add up.
    let zeros = Tensor.filled(.integer(0), input.shape, input.dtype)
    return [zeros.scattered(index, step.gradient, axis: axis, adds: true), nil]
  }
}

extension Tensor {
  /// Elements along an axis, at the positions that an index tensor names.
  ///
  ///     y[i, j] = x[i, index[i, j]]     // axis 1
  ///
  /// The probability of each row's label: `p.gather(axis: 1, index: labels.unsqueezed(axis: 1))`.
  ///
  /// - Parameters:
  ///   - axis: counted from the end if negative.
  ///   - index: int64 or int32, of the rank of `self`; sizes of the other axes are those of
  ///     `self`, or 1 to use the same positions for all. Positions are 0 or more.
  /// - Returns: the shape of the index (where that is 1: of `self`), in the dtype of `self`.
  /// - Gradient: `g` added up at the positions it was taken from.
  /// - Error: other ranks, sizes or dtypes; when evaluated, a position outside the axis.
  public func gather(axis: Int, index: Tensor) -> Tensor {
    if let failed = Tensor.failed(self, index) { return failed }
    guard let resolved = shape.resolve(axis: axis) else {
      return Tensor(error: .axis("gather", axis, of: self))
    }
    switch spread(index, along: resolved, op: "gather") {
    case .failure(let error): return Tensor(error: error)
    case .success(let index): return gathered(index, axis: resolved)
    }
  }

  /// The slices along an axis whose positions are named, in that order.
  ///
  ///     x.indexSelect(axis: 0, indices: Tensor([2, 0]))     // rows 2 and 0
  ///
  /// - Parameter indices: int64 or int32, one axis; positions are 0 or more.
  /// - Returns: the shape of `self` with the number of indices along the axis.
  /// - Gradient: `g` added up at the positions it was taken from.
  /// - Error: an axis that there is not; indices that are not whole numbers along one axis;
  ///   when evaluated, a position outside the axis.
  public func indexSelect(axis: Int, indices: Tensor) -> Tensor {
    if let failed = Tensor.failed(self, indices) { return failed }
    guard let resolved = shape.resolve(axis: axis) else {
      return Tensor(error: .axis("indexSelect", axis, of: self))
    }
    if let error = TensorError.indexDType("indexSelect", indices, self) {
      return Tensor(error: error)
    }
    guard indices.rank == 1 else {
      return Tensor(
        error: TensorError(
          "indexSelect", "the indices have \(indices.rank) axes, not 1",
          operands: [("input", signature), ("indices", indices.signature)],
          help: "write indices.flattened(), or a subscript x[indices]"))
    }
    return selected(indices.cast(to: .int64), axis: resolved, op: "indexSelect")
  }

  /// Numbers 0 to `classCount - 1` as rows of zeros with a one at the number's place.
  ///
  ///     Tensor([2, 0]).oneHot(classCount: 3)     // 0, 0, 1 and 1, 0, 0
  ///
  /// - Parameter dtype: of the result; float32 as losses take it.
  /// - Returns: the shape of `self` with an axis of `classCount` at the end.
  /// - Gradient: none.
  /// - Error: labels that are not int64 or int32; when evaluated, a label outside the classes.
  public func oneHot(classCount: Int, dtype: DType = .float32) -> Tensor {
    if node.failure != nil { return self }
    if self.dtype != .int64 && self.dtype != .int32 {
      return Tensor(
        error: TensorError(
          "oneHot", "labels are int64 or int32, not \(self.dtype)",
          operands: [("input", signature)], help: "write .cast(to: .int64) first"))
    }
    let sizes = shape.sizes + [classCount]
    if let error = TensorError.badShape("oneHot", sizes, operands: [("input", signature)]) {
      return Tensor(error: error)
    }
    let places = cast(to: .int64).viewed(as: Shape(shape.sizes + [1]))
    let zeros = Tensor.filled(.integer(0), Shape(sizes), dtype)
    let ones = Tensor.filled(.integer(1), places.shape, dtype)
    return zeros.scattered(places, ones, axis: rank, adds: false)
  }

  /// An int64 index of the shape that gather and scatter want, or what is wrong with it.
  func spread(
    _ index: Tensor, along axis: Int, op: String
  ) -> Result<Tensor, TensorError> {
    if let error = TensorError.indexDType(op, index, self) { return .failure(error) }
    let operands = [(role: "input", description: signature), ("index", index.signature)]
    guard index.rank == rank else {
      return .failure(
        TensorError(
          op, "the index has rank \(index.rank), the tensor \(rank)", operands: operands,
          help: "unsqueezed(axis:) adds an axis to the index"))
    }
    var sizes = shape.sizes
    sizes[axis] = index.shape[axis]
    for other in 0..<rank where other != axis {
      if index.shape[other] != sizes[other] && index.shape[other] != 1 {
        return .failure(
          TensorError(
            op,
            "axis \(other) of the index has size \(index.shape[other]), not \(sizes[other]) or 1",
            operands: operands, help: "only axis \(axis) can differ"))
      }
    }
    if let error = TensorError.badShape(op, sizes, operands: operands) { return .failure(error) }
    return .success(index.cast(to: .int64).broadcastCopy(to: Shape(sizes)))
  }

  /// Slices along an axis by one axis of int64 positions.
  func selected(_ indices: Tensor, axis: Int, op: String) -> Tensor {
    var column = [Int](repeating: 1, count: rank)
    column[axis] = indices.elementCount
    var sizes = shape.sizes
    sizes[axis] = indices.elementCount
    if let error = TensorError.badShape(op, sizes, operands: [("input", signature)]) {
      return Tensor(error: error)
    }
    let index = indices.viewed(as: Shape(column)).broadcastCopy(to: Shape(sizes))
    return gathered(index, axis: axis)
  }

  /// Elements along an axis by an int64 index of this rank, whose other sizes are equal.
  func gathered(_ index: Tensor, axis: Int) -> Tensor {
    .make(.gather(axis: axis), [self, index], shape: index.shape, dtype: dtype)
  }

  /// Expands a shape known to broadcast; a number too, where an op reads memory.
  func broadcastCopy(to shape: Shape) -> Tensor {
    if shape == self.shape { return self }
    return .make(.expand, [self], shape: shape, dtype: dtype)
  }
}
