extension Rule {
  static let scatter = Rule(
    name: "scatter",
    .kernel(positions: { if case .scatter(let axis, _, _) = $0 { axis } else { nil } }) { site in
      guard case .scatter(let axis, let adds, let reader) = site.op else { site.refuse() }
      return ScatterKernel(
        reader: reader, dtype: site.result.dtype, adds: adds, extent: site.extent(axis),
        indexCount: site.shapes[1][axis], base: site.operands[0], index: site.operands[1],
        updates: site.operands[2], result: site.result)
    }, saves: .inputs, moves: { if case .scatter(_, let adds, _) = $0 { !adds } else { false } },
    samples: [
      Sample("scatter", .places) { $0[0].scatter(axis: 1, index: $0[3], updates: $0[1]) },
      Sample("scatter adds", tolerance: Sample.sumTolerance, .places) {
        $0[0].scatterAdd(axis: 1, index: $0[2], updates: $0[1])
      },
    ], lowering: .scatter
  ) { step in
    guard case .scatter(let axis, let adds, let reader) = step.node.op else { return [] }
    let (index, g) = (step.inputs[1], step.gradient)
    var base: Tensor?
    if step.wants(0) {
      let zeros = Tensor.filled(.integer(0), index.shape, g.dtype)
      base = adds ? g : g.scattered(index, zeros, axis: axis, adds: false, for: reader)
    }
    return [base, nil, step.wants(2) ? g.gathered(index, axis: axis, for: reader) : nil]
  }
}

extension Lowering {
  /// Whole slices where the index is the same along other axes. XLA leaves out updates whose
  /// position is outside the axis.
  fileprivate static let scatter = Lowering.text { text, operation in
    guard case .scatter(let axis, let adds, _) = operation.op else { return operation.inputs[0] }
    if operation.inputs[1].shape.elementCount == 0 { return operation.inputs[0] }
    let index = IndexAlongAxis(operation.inputs[1], axis: axis, &text)
    return text.scatter(operation.inputs[0], index, operation.inputs[2], axis: axis, adds: adds)
  }
}

extension ProgramText {
  /// Slices put, or added, at the positions of an index; of half precision added in float32.
  mutating func scatter(
    _ operand: Value, _ index: IndexAlongAxis, _ slices: Value, axis: Int, adds: Bool
  ) -> Value {
    let dtype = adds ? operand.dtype.accumulator : operand.dtype
    let (base, updates) = (convert(operand, to: dtype), convert(slices, to: dtype))
    let one = Program.Value(shape: [], dtype: dtype).text
    let body =
      adds
      ? "    %z = stablehlo.add %x, %y : \(one)\n    stablehlo.return %z : \(one)"
      : "    stablehlo.return %y : \(one)"
    let result = emit(
      """
      "stablehlo.scatter"(\(base), \(index.positions), \(updates)) \
      <{scatter_dimension_numbers = #stablehlo.scatter<\
      update_window_dims = \(index.sliceAxes), inserted_window_dims = [\(axis)], \
      \(index.batching("input_batching_dims", "scatter_indices_batching_dims"))\
      scatter_dims_to_operand_dims = [\(axis)], index_vector_dim = \(index.axes.count)>, \
      indices_are_sorted = false, unique_indices = false}> ({
        ^bb0(%x: \(one), %y: \(one)):
      \(body)
      }) : \(signature([base, index.positions, updates], base.type))
      """, base.shape, dtype)
    return convert(result, to: operand.dtype)
  }
}

extension Tensor {
  /// This tensor with elements along an axis replaced, at the positions in an index tensor:
  /// `torch.scatter`.
  ///
  ///     y = x;  y[i, index[i, j]] = updates[i, j]     // axis 1
  ///
  /// Where the index names a position twice, one of the updates is kept: which one is not
  /// defined.
  ///
  /// - Parameters:
  ///   - axis: counted from the end if negative.
  ///   - index: int64 or int32, of the rank of `self`; sizes of the other axes are at most those of
  ///     `self`, whose first places count then. Positions are 0 or more.
  ///   - updates: at least as large as the index along each axis, or a shape that broadcasts to it,
  ///     in the dtype of `self`.
  /// - Returns: the shape and dtype of `self`.
  /// - Gradient: `g` with zeros at the positions; for the updates, `g` gathered from there.
  /// - Error: other ranks, sizes or dtypes; when evaluated, a position outside the axis. (An
  ///   accelerator leaves such an update out.)
  public func scatter(axis: Int, index: Tensor, updates: Tensor) -> Tensor {
    scatter(.scatter, axis, index, updates, adds: false)
  }

  /// This tensor with updates added along an axis, at the positions in an index tensor:
  /// `torch.scatter_add`.
  ///
  ///     y = x;  y[i, index[i, j]] += updates[i, j]     // axis 1
  ///
  /// Where the index names a position twice, both updates are added.
  ///
  /// - Parameters:
  ///   - axis: counted from the end if negative.
  ///   - index: int64 or int32, of the rank of `self`; sizes of the other axes are at most those of
  ///     `self`, whose first places count then. Positions are 0 or more.
  ///   - updates: at least as large as the index along each axis, or a shape that broadcasts to it,
  ///     in the dtype of `self`.
  /// - Returns: the shape and dtype of `self`; of bool, whether one at a place is true.
  /// - Gradient: `g`; for the updates, `g` gathered from the positions.
  /// - Error: other ranks, sizes or dtypes; when evaluated, a position outside the axis.
  ///   (An accelerator leaves such an update out.)
  public func scatterAdd(axis: Int, index: Tensor, updates: Tensor) -> Tensor {
    if dtype == .bool, updates.dtype == .bool {
      return cast(to: .int64).scatterAdd(
        axis: axis, index: index, updates: updates.cast(to: .int64)
      ) .!= 0
    }
    if node.failure == nil, let error = domainError("scatterAdd", .numeric) {
      return Tensor(error: error)
    }
    return scatter(.scatterAdd, axis, index, updates, adds: true)
  }

  private func scatter(
    _ reader: PositionReader, _ axis: Int, _ index: Tensor, _ updates: Tensor, adds: Bool
  ) -> Tensor {
    let op = reader.op
    if let failed = Tensor.failed(self, index, updates) { return failed }
    if isSole(axis) && index.rank <= 1 && updates.rank <= 1 {
      return viewed(as: [1]).scatter(
        reader, 0, index.viewed(as: [index.elementCount]),
        updates.viewed(as: [updates.elementCount]), adds: adds
      ).viewed(as: [])
    }
    guard let resolved = shape.resolve(axis: axis) else {
      return Tensor(error: .axis(op, axis, of: self))
    }
    let places: Tensor
    switch positions(index, along: resolved, op: op) {
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
    var numbers = updates
    if updates.rank == rank, zip(updates.shape, places.shape).allSatisfy({ $0 >= $1 }) {
      numbers = updates.cut(to: places.shape)
    }
    guard Shape.broadcast(numbers.shape, places.shape) == places.shape else {
      return Tensor(
        error: TensorError(
          op,
          "the updates have shape \(updates.shape), "
            + "the index names places of shape \(places.shape)",
          operands: operands, help: "give one update for each position"))
    }
    let part = corner(over: places.shape, axis: resolved)
    let done = part.scattered(
      places, numbers.broadcastCopy(to: places.shape), axis: resolved, adds: adds, for: reader)
    return part.shape == shape ? done : replacingCorner(with: done)
  }

  /// Replaces or adds by an int64 index and updates whose shapes are known to fit.
  @inline(never)
  func scattered(
    _ index: Tensor, _ updates: Tensor, axis: Int, adds: Bool, for reader: PositionReader
  ) -> Tensor {
    .make(
      .scatter(axis: axis, adds: adds, for: reader), [self, index, updates], shape: shape,
      dtype: dtype)
  }
}
