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
    guard case .view(let walk) = op.rule.computing else { return nil }
    return walk(View(op: op, access: self, operand: operand, shape: shape, space: space))
  }

  /// How the operand of a reshape is walked.
  func throughReshape(_ view: View) -> Access? {
    let (operand, shape, space) = (view.operand, view.shape, view.space)
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

/// A view that a loop reads through.
struct View {
  let op: Op
  /// How the view is walked.
  let access: Access
  /// The shape of what it is a view of.
  let operand: Shape
  /// Its own shape.
  let shape: Shape
  /// The space of the loop.
  let space: [Int]

  /// The walk along each axis of the view; nil where it is walked in its order of elements.
  var axes: [Access.AxisMap]? {
    if case .axes(let maps) = access { maps } else { nil }
  }
}
