/// How a loop walks a value: which element each point of the loop's space reads.
enum Access: Hashable, Sendable {
  /// Element `i` of the flattened space reads element `i` of the flattened value.
  case flat
  /// Each axis of the value follows one dimension of the space, or stays where it is.
  case axes([AxisMap])

  /// The index along one axis: `start + step * (index along dimension)`.
  struct AxisMap: Hashable, Sendable {
    /// nil for an axis that stays at `start`.
    var dimension: Int?
    var start: Int
    var step: Int

    static let fixed = AxisMap(dimension: nil, start: 0, step: 0)
  }

  /// A space of the value's own shape.
  static func identity(rank: Int) -> Access {
    .axes((0..<rank).map { AxisMap(dimension: $0, start: 0, step: 1) })
  }

  /// Whether a loop over `space` reads the elements of a value of `shape` in their order.
  func isIdentity(space: [Int], shape: Shape) -> Bool {
    switch self {
    case .flat: true
    case .axes: shape.sizes == space && self == .identity(rank: shape.rank)
    }
  }

  /// How the operand of a view is walked where the view is walked this way; nil if no
  /// access says so, and the view must be copied first.
  func through(_ op: Op, from operand: Shape, to shape: Shape, space: [Int]) -> Access? {
    if case .reshape = op { return throughReshape(from: operand, to: shape, space: space) }
    guard case .axes(let maps) = self else { return nil }
    switch op {
    case .permute(let axes):
      var result = maps
      for (axis, source) in axes.enumerated() { result[source] = maps[axis] }
      return .axes(result)
    case .slice(let slices):
      return .axes(
        zip(maps, slices).map { map, slice in
          AxisMap(
            dimension: map.dimension, start: slice.start + slice.step * map.start,
            step: slice.step * map.step)
        })
    case .expand:
      let new = shape.rank - operand.rank
      return .axes(
        operand.indices.map { operand[$0] == 1 ? .fixed : maps[$0 + new] })
    case .reshape, .data, .scalar, .transfer, .elementwise, .embed, .concatenate, .reduce,
      .argReduce,
      .cumulativeSum, .argSort, .matmul, .gather, .scatter, .convolution, .windowMaximum, .custom:
      return nil
    }
  }

  private func throughReshape(from operand: Shape, to shape: Shape, space: [Int]) -> Access? {
    if isIdentity(space: space, shape: shape) {
      return operand.sizes == space ? .identity(rank: operand.rank) : .flat
    }
    // Axes of size 1 can come and go under any walk.
    guard case .axes(let maps) = self,
      operand.filter({ $0 != 1 }) == shape.filter({ $0 != 1 })
    else { return nil }
    var kept = shape.indices.filter { shape[$0] != 1 }.map { maps[$0] }[...]
    return .axes(operand.map { $0 == 1 ? .fixed : kept.removeFirst() })
  }

  /// Where a row-major array of `shape` is read: the element at indices `i` of the space is
  /// at `offset + sum(i * strides)`.
  func layout(of shape: Shape, space: [Int]) -> (offset: Int, strides: [Int]) {
    switch self {
    case .flat: return (0, Shape(space).strides)
    case .axes(let maps):
      var offset = 0
      var strides = [Int](repeating: 0, count: space.count)
      for (map, stride) in zip(maps, shape.strides) {
        offset += map.start * stride
        if let dimension = map.dimension { strides[dimension] += map.step * stride }
      }
      return (offset, strides)
    }
  }

  /// Whether strides walk a space in the order of memory without gaps.
  static func isContiguous(_ strides: [Int], _ space: [Int]) -> Bool {
    var expected = 1
    for (stride, size) in zip(strides, space).reversed() where size != 1 {
      if stride != expected { return false }
      expected *= size
    }
    return true
  }
}
