/// What a subscript names, worked out for the shape of a tensor.
///
/// Places and slices come first and give a view; then come positions by tensors, all together
/// along one axis of the view seen as `[outer, count, inner]`.
struct Selection {
  /// One slice for each axis of the tensor.
  private var slices: [AxisSlice] = []
  /// The shape of what the slices name: without the axes that a place used up, with new ones.
  private var view: [Int] = []
  /// The order of the view's axes that brings those with positions together.
  private var order: [Int] = []
  /// The view in that order, with the axes that have positions merged into one.
  private var source: [Int] = []
  /// The positions and the axis of the source they are for, if there are any.
  private var positions: (axis: Int, index: Tensor)?
  /// Whether the axes of the positions come first in the result, as they do in NumPy if the
  /// indexes that name them are not side by side.
  private var positionsComeFirst = false

  /// Works out what indexes name.
  ///
  /// - Throws: what is wrong with them; masks are computed here.
  init(_ indexes: [AxisIndex], of tensor: Tensor) throws(TensorError) {
    let reader = IndexReader(tensor: tensor)
    var named: [(axis: Int, index: Tensor)] = []
    // Runs of places and positions side by side.
    var runs = 0
    var isInRun = false
    var axis = 0
    for index in try reader.complete(indexes) {
      var isAdvanced = false
      switch index.kind {
      case .place(let place):
        slices.append(try reader.slice(at: place, axis: axis))
        isAdvanced = true
        axis += 1
      case .slice(let from, let to, let step):
        let slice = try reader.slice(from: from, to: to, step: step, axis: axis)
        slices.append(slice)
        view.append(slice.count)
        axis += 1
      case .newAxis:
        view.append(1)
      case .places, .tensor:
        let (index, span) = try reader.positions(index, axis: axis)
        let sizes = Array(tensor.shape.sizes[axis..<(axis + span)])
        slices += sizes.map { AxisSlice(all: $0) }
        named.append((view.count, index))
        view.append(Shape(sizes).elementCount)
        isAdvanced = true
        axis += span
      case .ellipsis:
        break
      }
      if isAdvanced && !isInRun { runs += 1 }
      isInRun = isAdvanced
    }
    order = Array(view.indices)
    source = view
    try check(view, reader)
    guard let first = named.first else { return }
    positionsComeFirst = runs > 1
    if named.count == 1 {
      positions = first
    } else {
      let axes = named.map(\.axis)
      let start = axes == Array(axes[0]..<(axes[0] + axes.count)) ? axes[0] : 0
      var rest = view.indices.filter { !axes.contains($0) }
      rest.insert(contentsOf: axes, at: start)
      order = rest
      let sizes = axes.map { view[$0] }
      source = order.map { view[$0] }
      let merged = Shape(sizes).elementCount
      source.replaceSubrange(start..<(start + axes.count), with: [merged])
      positions = (start, try reader.merged(named, sizes: sizes))
    }
    try check(shape, reader)
  }

  private func check(_ sizes: [Int], _ reader: IndexReader) throws(TensorError) {
    let operands = [(role: "tensor", description: reader.tensor.signature)]
    if let error = TensorError.badShape("[]", sizes, operands: operands) { throw error }
  }

  /// The shape of what is named.
  var shape: [Int] {
    guard let positions else { return view }
    let outer = Array(source[..<positions.axis])
    let inner = Array(source[(positions.axis + 1)...])
    let named = positions.index.shape.sizes
    return positionsComeFirst ? named + outer + inner : outer + named + inner
  }

  /// The elements that are named.
  func read(_ tensor: Tensor, for reader: PositionReader = .subscript) -> Tensor {
    let part = tensor.sliced(slices).viewed(as: Shape(view))
    guard let positions else { return part }
    let rows = part.reordered(order).viewed(as: Shape(outerCountInner))
    let picked = rows.selected(positions.index.flattened(), axis: 1, for: reader)
    if picked.node.failure != nil { return picked }
    let outer = Array(source[..<positions.axis])
    let inner = Array(source[(positions.axis + 1)...])
    let named = positions.index.shape.sizes
    let result = picked.viewed(as: Shape(outer + named + inner))
    let answer = positionsComeFirst ? result.reordered(frontOrder) : result
    guard part.node.strides != nil || answer.node.strides != nil else { return answer }
    // PyTorch keeps the order of the axes that no tensor names.
    let strides = part.reordered(order).node.fullStrides
    let kept =
      strides.count == source.count
      ? strides[..<positions.axis] + named.map { _ in 0 } + strides[(positions.axis + 1)...] : []
    let places =
      [Int](repeating: 0, count: outer.count) + positions.index.node.fullStrides
      + inner.map { _ in 0 }
    guard !kept.isEmpty else { return answer.contiguous() }
    let axes = positionsComeFirst ? frontOrder : Array(kept.indices)
    return answer.laidOut(
      Strides.dense(answer.shape, [axes.map { kept[$0] }, axes.map { places[$0] }]))
  }

  /// The tensor with `value`, of the dtype of the tensor, in place of what is named.
  func write(
    _ value: Tensor, to tensor: Tensor, for writer: PositionReader = .subscriptAssignment
  ) throws(TensorError) -> Tensor {
    let result = Shape(shape)
    var value = value
    while value.rank > result.rank, value.shape[0] == 1 {
      value = value.viewed(as: Shape(Array(value.shape.sizes.dropFirst())))
    }
    guard Shape.broadcast(value.shape, result) == result else {
      throw TensorError(
        "[]=", "a value of shape \(value.shape) does not broadcast to the \(result) that is named",
        operands: [("tensor", tensor.signature), ("value", value.signature)],
        help: "give one number, or a value of shape \(result)")
    }
    guard let positions else {
      return replaceView(of: tensor, by: value).laidOut(tensor.node.strides)
    }
    var updates = value.broadcastCopy(to: result)
    if positionsComeFirst { updates = updates.reordered(inverse(frontOrder)) }
    let rows = tensor.sliced(slices).viewed(as: Shape(view)).reordered(order)
      .viewed(as: Shape(outerCountInner))
    let index = positions.index
    let places: Shape = [rows.shape[0], index.elementCount, rows.shape[2]]
    let replaced = rows.scattered(
      index.viewed(as: [1, index.elementCount, 1]).broadcastCopy(to: places),
      updates.viewed(as: places), axis: 1, adds: false, for: writer)
    let view = replaced.viewed(as: Shape(order.map { self.view[$0] })).reordered(inverse(order))
    return replaceView(of: tensor, by: view).laidOut(tensor.node.strides)
  }

  private func replaceView(of tensor: Tensor, by value: Tensor) -> Tensor {
    let counts = Shape(slices.map(\.count))
    if zip(slices, tensor.shape).allSatisfy({ $0 == AxisSlice(all: $1) }) {
      return value.broadcastCopy(to: Shape(view)).viewed(as: tensor.shape)
    }
    if counts.elementCount == 0 { return tensor }
    let isNamed = Tensor.filled(.integer(1), counts, .bool)
      .padded(slices, in: tensor.shape, fill: .integer(0))
    if case .scalar = value.node.op { return .selecting(isNamed, value, tensor) }
    let part = value.broadcastCopy(to: Shape(view)).viewed(as: counts)
    return .selecting(
      isNamed, part.padded(slices, in: tensor.shape, fill: .integer(0)), tensor)
  }

  /// The source seen as three axes, the one with positions in the middle.
  private var outerCountInner: [Int] {
    let axis = positions?.axis ?? 0
    return [
      Shape(Array(source[..<axis])).elementCount, source[axis],
      Shape(Array(source[(axis + 1)...])).elementCount,
    ]
  }

  /// The order of axes that brings those of the positions to the front.
  private var frontOrder: [Int] {
    guard let positions else { return [] }
    let (outer, named) = (positions.axis, positions.index.rank)
    let all = Array(0..<(source.count - 1 + named))
    return Array(all[outer..<(outer + named)]) + all[..<outer] + all[(outer + named)...]
  }

  private func inverse(_ order: [Int]) -> [Int] {
    var inverse = order
    for (to, from) in order.enumerated() { inverse[from] = to }
    return inverse
  }
}
