extension Rule {
  static let scatter = Rule(name: "scatter", saves: .inputs) { step in
    guard case .scatter(let axis, let adds) = step.node.op else { return [] }
    let (index, g) = (step.inputs[1], step.gradient)
    var base: Tensor?
    if step.wants(0) {
      let zeros = Tensor.filled(.integer(0), index.shape, g.dtype)
      base = adds ? g : g.scattered(index, zeros, axis: axis, adds: false)
    }
    return [base, nil, step.wants(2) ? g.gathered(index, axis: axis) : nil]
  }
}

extension Tensor {
  /// This tensor with elements along an axis replaced, at the positions of an index tensor.
  ///
  ///     y = x;  y[i, index[i, j]] = updates[i, j]     // axis 1
  ///
  /// Where the index names a position twice, one of the updates is kept: which one is not
  /// defined.
  ///
  /// - Parameters:
  ///   - axis: counted from the end if negative.
  ///   - index: int64 or int32, of the rank of `self`; sizes of the other axes are those of
  ///     `self`, or 1. Positions are 0 or more.
  ///   - updates: of the shape of the index (where that is 1: of `self`), or a shape that
  ///     broadcasts to it, in the dtype of `self`.
  /// - Returns: the shape and dtype of `self`.
  /// - Gradient: `g` with zeros at the positions; for the updates, `g` gathered from there.
  /// - Error: other ranks, sizes or dtypes; when evaluated, a position outside the axis.
  public func scatter(axis: Int, index: Tensor, updates: Tensor) -> Tensor {
    scatter("scatter", axis, index, updates, adds: false)
  }

  /// This tensor with numbers added along an axis, at the positions of an index tensor.
  ///
  ///     y = x;  y[i, index[i, j]] += updates[i, j]     // axis 1
  ///
  /// Where the index names a position twice, both updates are added.
  ///
  /// - Parameters:
  ///   - axis: counted from the end if negative.
  ///   - index: int64 or int32, of the rank of `self`; sizes of the other axes are those of
  ///     `self`, or 1. Positions are 0 or more.
  ///   - updates: of the shape of the index (where that is 1: of `self`), or a shape that
  ///     broadcasts to it, in the dtype of `self`.
  /// - Returns: the shape and dtype of `self`.
  /// - Gradient: `g`; for the updates, `g` gathered from the positions.
  /// - Error: other ranks, sizes or dtypes, bool; when evaluated, a position outside the axis.
  public func scatterAdd(axis: Int, index: Tensor, updates: Tensor) -> Tensor {
    if node.failure == nil, let error = domainError("scatterAdd", .numeric) {
      return Tensor(error: error)
    }
    return scatter("scatterAdd", axis, index, updates, adds: true)
  }

  private func scatter(
    _ op: String, _ axis: Int, _ index: Tensor, _ updates: Tensor, adds: Bool
  ) -> Tensor {
    if let failed = Tensor.failed(self, index, updates) { return failed }
    guard let resolved = shape.resolve(axis: axis) else {
      return Tensor(error: .axis(op, axis, of: self))
    }
    let places: Tensor
    switch spread(index, along: resolved, op: op) {
    case .failure(let error): return Tensor(error: error)
    case .success(let index): places = index
    }
    let operands = [
      (role: "input", description: signature), ("index", index.signature),
      ("updates", updates.signature),
    ]
    guard updates.dtype == dtype else {
      return Tensor(
        error: TensorError(
          op, "the dtypes differ: the tensor is \(dtype), the updates are \(updates.dtype)",
          operands: operands, help: "write updates.cast(to: .\(dtype))"))
    }
    guard Shape.broadcast(updates.shape, places.shape) == places.shape else {
      return Tensor(
        error: TensorError(
          op,
          "the updates have shape \(updates.shape), the index names places of shape \(places.shape)",
          operands: operands, help: "give one update for each position"))
    }
    return scattered(
      places, updates.broadcastCopy(to: places.shape), axis: resolved, adds: adds)
  }

  /// Replaces or adds by an int64 index and updates whose shapes are known to fit.
  func scattered(_ index: Tensor, _ updates: Tensor, axis: Int, adds: Bool) -> Tensor {
    .make(.scatter(axis: axis, adds: adds), [self, index, updates], shape: shape, dtype: dtype)
  }
}
