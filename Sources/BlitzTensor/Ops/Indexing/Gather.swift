extension Rule {
  static let gather = Rule(
    name: "gather",
    .kernel(positions: { if case .gather(let axis, _) = $0 { axis } else { nil } }) { site in
      guard case .gather(let axis, let reader) = site.op else { site.refuse() }
      return GatherKernel(
        reader: reader, dtype: site.result.dtype, extent: site.extent(axis),
        indexCount: site.shapes[1][axis],
        source: site.operands[0], index: site.operands[1], result: site.result)
    }, saves: .inputs, moves: { _ in true },
    samples: [Sample("gather", .places) { $0[0].gather(axis: 1, index: $0[2]) }],
    lowering: .gather
  ) { step in
    guard case .gather(let axis, let reader) = step.node.op, step.wants(0) else {
      return [nil, nil]
    }
    let (input, index) = (step.inputs[0], step.inputs[1])
    // The same element can be gathered more than once: its gradients add up.
    let zeros = Tensor.filled(.integer(0), input.shape, input.dtype)
    return [zeros.scattered(index, step.gradient, axis: axis, adds: true, for: reader), nil]
  }
}

extension Lowering {
  /// Whole slices where the index is the same along other axes, as for an embedding's rows.
  fileprivate static let gather = Lowering.text { text, operation in
    guard case .gather(let axis, _) = operation.op else { return operation.inputs[0] }
    let input = operation.inputs[0]
    let isFloating = operation.dtype.isFloating
    let fill: ProgramText.Value =
      isFloating
      ? text.constant(.real(.nan), operation.shape, operation.dtype)
      : text.extreme(
        greatest: !operation.dtype.isSigned, operation.shape,
        operation.dtype)
    if input.shape[axis] == 0 { return fill }
    let index = IndexAlongAxis(operation.inputs[1], axis: axis, &text)
    let found = text.gather(input, index, axis: axis, to: operation.shape)
    let isInside = text.spread(
      index.isInside(input.shape[axis], &text), to: operation.shape, axes: index.axes)
    return text.select(isInside, found, fill)
  }
}

extension ProgramText {
  /// Slices at the positions of an index; what is outside of the axis is taken from its ends.
  mutating func gather(
    _ input: Value, _ index: IndexAlongAxis, axis: Int, to shape: Shape
  ) -> Value {
    var sizes = input.shape.sizes
    for other in index.axes { sizes[other] = 1 }
    let type = Program.Value(shape: shape, dtype: input.dtype)
    return emit(
      """
      "stablehlo.gather"(\(input), \(index.positions)) <{dimension_numbers = #stablehlo.gather<\
      offset_dims = \(index.sliceAxes), collapsed_slice_dims = [\(axis)], \
      \(index.batching("operand_batching_dims", "start_indices_batching_dims"))\
      start_index_map = [\(axis)], index_vector_dim = \(index.axes.count)>, \
      slice_sizes = \(array: sizes), indices_are_sorted = false}> \
      : \(signature([input, index.positions], type))
      """, shape, input.dtype)
  }
}

/// The index of a gather or scatter without the axes along which it is the same everywhere.
struct IndexAlongAxis {
  /// `[sizes of axes..., 1]`.
  let positions: ProgramText.Value
  /// The axes that the index has, ascending: the gathered one, and those with others of their own.
  let axes: [Int]
  /// The other axes: slices are whole along them.
  let sliceAxes: [Int]
  private let axis: Int

  init(_ index: ProgramText.Value, axis: Int, _ text: inout ProgramText) {
    var source = index
    if case .expanded(let narrow)? = index.source { source = narrow }
    let rank = index.shape.rank
    let sizes = [Int](repeating: 1, count: rank - source.shape.rank) + source.shape.sizes
    let axes = (0..<rank).filter { $0 == axis || sizes[$0] != 1 }
    let own = text.reshape(source, to: Shape(axes.map { sizes[$0] }))
    let full = text.spread(own, to: Shape(axes.map { index.shape[$0] }))
    positions = text.reshape(full, to: Shape(full.shape.sizes + [1]))
    self.axes = axes
    sliceAxes = (0..<rank).filter { !axes.contains($0) }
    self.axis = axis
  }

  /// The axes along which an index meets slices of its own, under the names of an op.
  func batching(_ operand: String, _ index: String) -> String {
    let places = axes.indices.filter { axes[$0] != axis }
    if places.isEmpty { return "" }
    return "\(operand) = \(places.map { axes[$0] }), \(index) = \(places.map(\.self)), "
  }

  /// Where positions are in an axis of a size, without the last axis.
  func isInside(_ size: Int, _ text: inout ProgramText) -> ProgramText.Value {
    let flat = text.reshape(positions, to: Shape(positions.shape.dropLast()))
    let low = text.compare("GE", flat, text.constant(.integer(0), flat.shape, flat.dtype))
    let high = text.compare("LT", flat, text.constant(.integer(size), flat.shape, flat.dtype))
    return text.same("and", low, high)
  }
}

extension Tensor {
  /// The elements along an axis at the positions in an index tensor: `torch.gather`.
  ///
  ///     y[i, j] = x[i, index[i, j]]     // axis 1
  ///
  /// The probability of each row's label: `p.gather(axis: 1, index: labels.unsqueezed(axis: 1))`.
  ///
  /// - Parameters:
  ///   - axis: counted from the end if negative.
  ///   - index: int64 or int32, of the rank of `self`; sizes of the other axes are at most those of
  ///     `self`, whose first places count then; `takeAlong(axis:_:)` broadcasts. Positions are 0
  ///     or more.
  /// - Returns: the shape of the index, in the dtype of `self`.
  /// - Gradient: `g` added up at the positions it was taken from.
  /// - Error: other ranks, sizes or dtypes; when evaluated, a position outside the axis. (An
  ///   accelerator cannot stop there: it gives NaN for such a position, of whole numbers the least,
  ///   or the greatest if none is below 0, and true.)
  public func gather(axis: Int, index: Tensor) -> Tensor {
    gather(axis: axis, index: index, for: .gather)
  }

  /// The same for a function made of it, whose errors are to name that.
  package func gather(axis: Int, index: Tensor, for reader: PositionReader) -> Tensor {
    if let failed = Tensor.failed(self, index) { return failed }
    if isSole(axis) && index.rank <= 1 {
      return viewed(as: [1]).gather(
        axis: 0, index: index.viewed(as: [index.elementCount]), for: reader
      )
      .viewed(as: index.shape)
    }
    guard let resolved = shape.resolve(axis: axis) else {
      return Tensor(error: .axis(reader.op, axis, of: self))
    }
    switch positions(index, along: resolved, op: reader.op) {
    case .failure(let error): return Tensor(error: error)
    case .success(let index):
      return corner(over: index.shape, axis: resolved).gathered(index, axis: resolved, for: reader)
    }
  }

  /// The slices at some positions along an axis, in that order: `torch.index_select`.
  ///
  ///     x.indexSelect(axis: 0, indices: Tensor([2, 0]))     // rows 2 and 0
  ///
  /// - Parameter axis: counted from the end if negative.
  /// - Parameter indices: int64 or int32, one axis; positions are 0 or more.
  /// - Returns: the shape of `self` with the number of indices along the axis.
  /// - Gradient: `g` added up at the positions it was taken from.
  /// - Error: an axis that there is not; indices that are not whole numbers along one axis;
  ///   when evaluated, a position outside the axis (on an accelerator as for `gather`).
  public func indexSelect(axis: Int, indices: Tensor) -> Tensor {
    indexSelect(axis: axis, indices: indices, for: .indexSelect)
  }

  /// The same for a function made of it, whose errors are to name that.
  package func indexSelect(axis: Int, indices: Tensor, for reader: PositionReader) -> Tensor {
    if let failed = Tensor.failed(self, indices) { return failed }
    if isSole(axis) && indices.elementCount == 1 {
      return viewed(as: [1]).indexSelect(axis: 0, indices: indices.viewed(as: [1]), for: reader)
        .viewed(as: [])
    }
    guard let resolved = shape.resolve(axis: axis) else {
      return Tensor(error: .axis(reader.op, axis, of: self))
    }
    if let error = TensorError.indexDType(reader.op, indices, self) {
      return Tensor(error: error)
    }
    guard indices.rank == 1 else {
      return Tensor(
        error: TensorError(
          reader.op, "the indices have \(indices.rank) axes, not 1",
          operands: [("input", signature), ("indices", indices.signature)],
          help: "write indices.flattened(), or a subscript x[indices]"))
    }
    return selected(indices.cast(to: .int64), axis: resolved, for: reader)
  }

  /// Labels from 0 to `classCount - 1` as rows of zeros with a one at the label's place:
  /// `torch.nn.functional.one_hot`.
  ///
  ///     Tensor([2, 0]).oneHot(classCount: 3)     // 0, 0, 1 and 1, 0, 0
  ///
  /// - Parameter classCount: how many classes, the size of the new axis.
  /// - Parameter dtype: of the result; float32 as losses take it.
  /// - Returns: the shape of `self` with an axis of `classCount` at the end.
  /// - Gradient: none.
  /// - Error: labels that are not int64 or int32; when evaluated, a label outside the classes
  ///   (which an accelerator makes a row of zeros).
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
    return zeros.scattered(places, ones, axis: rank, adds: false, for: .oneHot)
  }

  /// An int64 index that gather and scatter can use, or what is wrong with it.
  func positions(
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
    for other in 0..<rank where other != axis && index.shape[other] > shape[other] {
      return .failure(
        TensorError(
          op,
          "axis \(other) of the index has size \(index.shape[other]), more than \(shape[other])",
          operands: operands, help: "only axis \(axis) can be larger"))
    }
    return .success(index.cast(to: .int64))
  }

  /// The first places along all axes but one, as many as a shape has.
  func corner(over shape: Shape, axis: Int) -> Tensor {
    var sizes = shape.sizes
    sizes[axis] = self.shape[axis]
    return cut(to: Shape(sizes))
  }

  /// Slices along an axis by one axis of int64 positions.
  func selected(_ indices: Tensor, axis: Int, for reader: PositionReader) -> Tensor {
    var column = [Int](repeating: 1, count: rank)
    column[axis] = indices.elementCount
    var sizes = shape.sizes
    sizes[axis] = indices.elementCount
    if let error = TensorError.badShape(reader.op, sizes, operands: [("input", signature)]) {
      return Tensor(error: error)
    }
    let index = indices.viewed(as: Shape(column)).broadcastCopy(to: Shape(sizes))
    return gathered(index, axis: axis, for: reader)
  }

  /// Elements along an axis by an int64 index of this rank, whose other sizes are equal.
  func gathered(_ index: Tensor, axis: Int, for reader: PositionReader) -> Tensor {
    .make(.gather(axis: axis, for: reader), [self, index], shape: index.shape, dtype: dtype)
  }

  /// Expands a shape known to broadcast; a number too, where an op reads memory.
  func broadcastCopy(to shape: Shape) -> Tensor {
    if shape == self.shape { return self }
    return .make(.expand, self, shape: shape, dtype: dtype)
  }
}
