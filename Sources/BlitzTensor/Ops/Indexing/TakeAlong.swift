extension Tensor {
  /// Elements along an axis, at the positions that an index tensor names, broadcast along the other
  /// axes: `torch.take_along_dim`.
  ///
  /// - Parameters:
  ///   - axis: counted from the end if negative.
  ///   - index: int64 or int32, of the rank of `self`; sizes of the other axes broadcast with those
  ///     of `self`. Negative positions count from the end.
  /// - Returns: the shape that both broadcast to, along the axis that of the index, in the dtype of
  ///   `self`.
  /// - Gradient: `g` added up at the positions it was taken from.
  /// - Error: other ranks, sizes or dtypes; when evaluated, a position outside the axis.
  public func takeAlong(axis: Int, _ index: Tensor) -> Tensor {
    if let failed = Tensor.failed(self, index) { return failed }
    if rank == 0 && index.isSole(axis) {
      return viewed(as: [1]).takeAlong(axis: 0, index.viewed(as: [1])).viewed(as: [])
    }
    guard let resolved = shape.resolve(axis: axis) else {
      return Tensor(error: .axis("takeAlong", axis, of: self))
    }
    if let error = TensorError.indexDType("takeAlong", index, self) { return Tensor(error: error) }
    var (sizes, others) = (shape.sizes, index.shape.sizes)
    guard index.rank == rank else {
      return Tensor(
        error: TensorError(
          "takeAlong", "the index has rank \(index.rank), the tensor \(rank)",
          operands: [("input", signature), ("index", index.signature)],
          help: "unsqueezed(axis:) adds an axis to the index"))
    }
    (sizes[resolved], others[resolved]) = (1, 1)
    guard let shared = Shape.broadcast(Shape(sizes), Shape(others)) else {
      return Tensor(error: .shapes("takeAlong", self, index))
    }
    (sizes, others) = (shared.sizes, shared.sizes)
    (sizes[resolved], others[resolved]) = (shape[resolved], index.shape[resolved])
    for size in [sizes, others] {
      if let error = TensorError.badShape("takeAlong", size, operands: [("input", signature)]) {
        return Tensor(error: error)
      }
    }
    return broadcastCopy(to: Shape(sizes)).gathered(
      index.fromStart(shape[resolved]).broadcastCopy(to: Shape(others)), axis: resolved,
      for: .takeAlong)
  }

  /// Elements by their positions in the order of memory: `torch.take`.
  ///
  /// - Parameter positions: int64 or int32; from the end if negative.
  /// - Returns: the shape of the positions, in the dtype of `self`.
  /// - Gradient: `g` added up at the positions.
  /// - Error: positions of another dtype; when evaluated, one outside.
  public func take(_ positions: Tensor) -> Tensor {
    if let failed = Tensor.failed(self, positions) { return failed }
    if let error = TensorError.indexDType("take", positions, self) { return Tensor(error: error) }
    let places = positions.fromStart(elementCount).viewed(as: [positions.elementCount])
    return viewed(as: [elementCount]).gathered(places, axis: 0, for: .take)
      .viewed(as: positions.shape)
  }

  /// This tensor with elements replaced, by their positions in the order of memory: `torch.put`.
  ///
  /// - Parameters:
  ///   - positions: int64 or int32; from the end if negative.
  ///   - values: one for each position, in the dtype of `self`.
  ///   - accumulate: whether values are added.
  /// - Returns: the shape and dtype of `self`.
  /// - Gradient: `g`, with zeros at the positions unless values are added; for the values, `g` from
  ///   there.
  /// - Error: positions of another dtype, as many values as there are not positions, another dtype;
  ///   when evaluated, a position outside.
  public func put(_ positions: Tensor, _ values: Tensor, accumulate: Bool = false) -> Tensor {
    if let failed = Tensor.failed(self, positions, values) { return failed }
    if let error = TensorError.indexDType("put", positions, self) { return Tensor(error: error) }
    guard values.elementCount == positions.elementCount, values.dtype == dtype else {
      return Tensor(
        error: TensorError(
          "put", "there is not one \(dtype) value for each position",
          operands: [
            ("input", signature), ("positions", positions.signature), ("values", values.signature),
          ], help: "expanded(to:) repeats a value"))
    }
    let count = positions.elementCount
    let places = positions.fromStart(elementCount).viewed(as: [count])
    return viewed(as: [elementCount]).scattered(
      places, values.viewed(as: [count]), axis: 0, adds: accumulate, for: .put
    ).viewed(as: shape)
  }

  /// Positions from the start: negative ones count from the end of `size` places.
  func fromStart(_ size: Int) -> Tensor {
    let places = cast(to: .int64)
    return .where(places .< 0, places + size, places)
  }
}
