import BlitzTensor

extension OpTable {
  /// What orders, finds and counts along an axis.
  static let ordering: [OpEntry] = [
    OpEntry("ArgMax", .own) { try $0.extremePlace { $0.argmax(axis: $1, keepDims: true) } },
    OpEntry("ArgMin", .own) { try $0.extremePlace { $0.argmin(axis: $1, keepDims: true) } },
    OpEntry(many: "TopK") { call in
      let x = call[0]
      let axis = try call.axis(call.int("axis", -1), rank: x.rank)
      let k = call.opset < 10 ? call.int("k") : try call.number(1)
      let (values, indices) = x.topK(k, axis: axis, largest: call.flag("largest", true))
      return [call.like(0, values), Value(indices)]
    },
    OpEntry("CumSum", since: 11, .wrapped(0)) {
      try $0.running(neutral: 0) { $0.cumsum(axis: $1) }
    },
    OpEntry("CumProd", since: 26, .wrapped(0)) {
      try $0.running(neutral: 1) { $0.cumprod(axis: $1) }
    },
    OpEntry(many: "Unique", since: 11, unique),
  ]

  /// The values that are there, computed now.
  @Sendable private static func unique(_ call: OpCall) throws -> [Value] {
    let x = call[0]
    if let error = x.error { throw error }
    let hasAxis = call.has("axis")
    let axis = hasAxis ? try call.axis(call.int("axis"), rank: x.rank) : 0
    let rows = hasAxis ? x.movedAxes([axis], to: [0]) : x.reshaped(to: [-1])
    let count = rows.shape[0]
    let width = rows.shape.dropFirst().product
    let numbers = try rows.cast(to: .float64).scalars(as: Double.self)
    func less(_ left: Int, _ right: Int) -> Bool {
      for place in 0..<width {
        let (a, b) = (numbers[left * width + place], numbers[right * width + place])
        if a != b, !(a.isNaN && b.isNaN) { return b.isNaN || a < b }
      }
      return false
    }
    let order = (0..<count).sorted { less($0, $1) || (!less($1, $0) && $0 < $1) }
    // Each group of equal rows, by its first row.
    var groups: [[Int]] = []
    for row in order {
      if let last = groups.last?.first, !less(last, row) {
        groups[groups.count - 1].append(row)
      } else {
        groups.append([row])
      }
    }
    if !call.flag("sorted", true) { groups.sort { $0[0] < $1[0] } }
    var inverse = Array(repeating: 0, count: count)
    for (place, group) in groups.enumerated() { for row in group { inverse[row] = place } }
    let firsts = groups.map { $0[0] }
    let values = rows.indexSelect(axis: 0, indices: Tensor(firsts, shape: [firsts.count]))
    return [
      call.like(0, hasAxis ? values.movedAxes([0], to: [axis]) : values), Value(firsts),
      Value(inverse), Value(groups.map(\.count)),
    ]
  }
}

extension OpCall {
  /// Where an extreme is along an axis; of equal ones the first, or the last if the node says so.
  fileprivate func extremePlace(_ find: (Tensor, Int) -> Tensor) throws -> Tensor {
    var x = self[0]
    let axis = try axis(int("axis"), rank: x.rank)
    if x.dtype == .bool { x = x.cast(to: .uint8) }
    var place: Tensor
    if flag("select_last_index") {
      place = Double(x.shape[axis] - 1) * Tensor.ones([]) - find(x.flipped(axes: [axis]), axis)
      place = place.cast(to: .int64)
    } else {
      place = find(x, axis)
    }
    return flag("keepdims", true) ? place : place.squeezed(axis: axis)
  }

  /// A running sum or product; without the element itself if the node says so.
  fileprivate func running(
    neutral: Double, _ scan: (Tensor, Int) -> Tensor
  ) throws -> Tensor {
    var x = self[0]
    let axis = try axis(try number(1), rank: x.rank)
    let dtype = x.dtype
    if flag("reverse") { x = x.flipped(axes: [axis]) }
    if flag("exclusive") {
      var widths = Array(repeating: (low: 0, high: 0), count: x.rank)
      widths[axis] = (1, -1)
      x = x.edged(widths, fill: Tensor.full([], neutral, dtype: dtype))
    }
    let sums = scan(x, axis).cast(to: dtype)
    return flag("reverse") ? sums.flipped(axes: [axis]) : sums
  }
}
