/// Checks the indexes of a subscript against a tensor.
struct IndexReader {
  let tensor: Tensor

  /// The indexes with whole slices in place of the ellipsis, one for each axis.
  func complete(_ indexes: [AxisIndex]) throws(TensorError) -> [AxisIndex] {
    var used = 0
    var gaps: [Int] = []
    for (place, index) in indexes.enumerated() {
      switch index.kind {
      case .place, .slice, .places: used += 1
      case .newAxis: break
      case .ellipsis: gaps.append(place)
      case .tensor(let index):
        if let error = index.error { throw error }
        used += index.dtype == .bool ? index.rank : 1
      }
    }
    guard gaps.count <= 1 else {
      throw error("\(gaps.count) ellipses leave it open which axes are meant", help: "write one")
    }
    guard used <= tensor.rank else {
      throw error(
        "\(used) axes are indexed in a tensor of rank \(tensor.rank)",
        help: "leave out \(used - tensor.rank) of the indexes")
    }
    let whole = AxisIndex(.slice(from: nil, to: nil, step: 1))
    let rest = Array(repeating: whole, count: tensor.rank - used)
    guard let gap = gaps.first else { return indexes + rest }
    return Array(indexes[..<gap]) + rest + Array(indexes[(gap + 1)...])
  }

  /// One place as a slice.
  func slice(at place: Int, axis: Int) throws(TensorError) -> AxisSlice {
    AxisSlice(start: try resolve(place, axis: axis), step: 1, count: 1)
  }

  private func resolve(_ place: Int, axis: Int) throws(TensorError) -> Int {
    let size = tensor.shape[axis]
    let resolved = place < 0 ? place + size : place
    guard resolved >= 0, resolved < size else {
      throw error(
        "index \(place) is outside axis \(axis) of size \(size)",
        help: size == 0
          ? "the axis is empty" : "places are 0 to \(size - 1), or -1 to -\(size) from the end")
    }
    return resolved
  }

  /// Python's `from:to:step`.
  func slice(from: Int?, to: Int?, step: Int, axis: Int) throws(TensorError) -> AxisSlice {
    guard step != 0 else {
      throw error("the step of a slice is 0", help: "give a positive step, or a negative one")
    }
    let size = tensor.shape[axis]
    let (least, most) = step > 0 ? (0, size) : (-1, size - 1)
    func clamped(_ bound: Int) -> Int {
      min(max(bound < 0 ? bound + size : bound, least), most)
    }
    let start = from.map(clamped) ?? (step > 0 ? least : most)
    let stop = to.map(clamped) ?? (step > 0 ? most : least)
    let length = step > 0 ? stop - start : start - stop
    if length <= 0 { return AxisSlice(start: 0, step: 1, count: 0) }
    let count = Int((UInt(length) - 1) / step.magnitude) + 1
    return AxisSlice(start: start, step: count == 1 ? 1 : step, count: count)
  }

  /// The int64 positions that an array or a tensor names, from 0 on, and how many axes they
  /// are for. Masks are computed here.
  func positions(_ index: AxisIndex, axis: Int) throws(TensorError) -> (Tensor, span: Int) {
    switch index.kind {
    case .places(let places):
      var resolved: [Int] = []
      for place in places { resolved.append(try resolve(place, axis: axis)) }
      return (Tensor(resolved).to(tensor.device), 1)
    case .tensor(let mask) where mask.dtype == .bool:
      try check(mask: mask, axis: axis)
      return (try mask.truePositions().get().to(tensor.device), mask.rank)
    case .tensor(let index):
      if index.dtype != .int64 && index.dtype != .int32 {
        throw error(
          "an index is int64, int32 or bool, not \(index.dtype)",
          operands: [("index", index.signature)], help: "write .cast(to: .int64) on the index")
      }
      // Places counted from the end; what is outside shows when the positions are used.
      let places = index.to(tensor.device).cast(to: .int64)
      let counted = Tensor.elementwise(.add, places, .integer(tensor.shape[axis]))
      let isNegative = Tensor.elementwise(.less, places, .integer(0), .numeric, to: .bool)
      return (.selecting(isNegative, counted, places), 1)
    case .place, .slice, .ellipsis, .newAxis:
      throw error("no positions are named", help: nil)
    }
  }

  /// Checks that a mask has the shape of the axes it stands for.
  func check(mask: Tensor, axis: Int) throws(TensorError) {
    if let error = mask.error { throw error }
    guard mask.rank > 0 else {
      throw error(
        "a mask of rank 0 stands for no axis", operands: [("mask", mask.signature)],
        help: "use a mask of the tensor's shape")
    }
    let covered = Shape(Array(tensor.shape.sizes[axis...].prefix(mask.rank)))
    guard covered == mask.shape else {
      throw error(
        "the mask has shape \(mask.shape), the axes it stands for have \(covered)",
        operands: [("mask", mask.signature)],
        help: "a mask has the shape of the tensor, or of its first axes")
    }
  }

  /// The positions along several axes as those along one, into which they are merged.
  func merged(
    _ positions: [(axis: Int, index: Tensor)], sizes: [Int]
  ) throws(TensorError) -> Tensor {
    var shape: Shape = []
    for (_, index) in positions {
      guard let both = Shape.broadcast(shape, index.shape) else {
        let shapes = positions.map { $0.index.shape.description }.joined(separator: ", ")
        throw error(
          "the shapes of the indexes do not broadcast: \(shapes)",
          help: "indexes by tensors are used together, element by element")
      }
      shape = both
    }
    var joined: Tensor?
    var isInside: Tensor?
    for ((_, index), size) in zip(positions, sizes) {
      let fits = Tensor.elementwise(
        .and,
        .elementwise(.greaterEqual, index, .integer(0), .numeric, to: .bool),
        .elementwise(.less, index, .integer(size), .numeric, to: .bool), .boolean)
      isInside = isInside.map { .elementwise(.and, $0, fits, .boolean) } ?? fits
      joined =
        joined.map {
          .elementwise(.add, .elementwise(.multiply, $0, .integer(size)), index)
        } ?? index
    }
    guard let joined, let isInside else { throw error("no positions are named", help: nil) }
    // One place outside its axis must not become a wrong place of the merged axis.
    return .selecting(isInside, joined, .scalar(.integer(-1), .int64))
  }

  func error(
    _ rule: String, operands: [(role: String, description: String)] = [], help: String?
  ) -> TensorError {
    TensorError("[]", rule, operands: [("tensor", tensor.signature)] + operands, help: help)
  }
}

extension Tensor {
  /// `left` where `condition` is true and `right` elsewhere, of dtypes known to be equal and
  /// shapes known to broadcast to that of the condition.
  static func selecting(_ condition: Tensor, _ left: Tensor, _ right: Tensor) -> Tensor {
    let shape = condition.shape
    return .make(
      .elementwise(.select),
      [condition, left.broadcast(to: shape), right.broadcast(to: shape)],
      shape: shape, dtype: left.dtype)
  }
}
