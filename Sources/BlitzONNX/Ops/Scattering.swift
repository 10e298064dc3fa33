import BlitzTensor

extension OpTable {
  /// Elements that are put at positions.
  static let scattering: [OpEntry] = [
    OpEntry("Scatter", since: 9, .wrapped(0), scatterElements),
    OpEntry("ScatterElements", since: 11, .wrapped(0), scatterElements),
    OpEntry("ScatterND", since: 11, .wrapped(0)) { call in
      let (x, indices) = (call[0], call[1])
      let depth = indices.shape.last ?? 0
      guard indices.rank > 0, depth <= x.rank else {
        throw call.failure("positions of \(depth) axes for \(x.rank)")
      }
      let indexed = Array(x.shape.prefix(depth))
      let inner = x.shape.dropFirst(depth).product
      let count = indices.shape.dropLast().product
      let flat = indices.flatPositions(in: indexed).reshaped(to: [count, 1])
      let rows = x.reshaped(to: Shape([indexed.product, inner]))
      return try call.scattered(
        rows, axis: 0, flat.expanded(to: [count, inner]), call[2].reshaped(to: [count, inner])
      ).reshaped(to: x.shape)
    },
    OpEntry("TensorScatter", since: 24) { call in
      let (cache, update) = (call[0], call[1])
      let axis = try call.axis(call.int("axis", -2), rank: cache.rank)
      guard update.rank == cache.rank else { throw call.failure("the update has other axes") }
      let (size, steps) = (cache.shape[axis], update.shape[axis])
      let starts = call.has(2) ? try call.numbers(2) : Array(repeating: 0, count: cache.shape[0])
      let isCircular = call.text("mode", "linear") == "circular"
      guard axis > 0, starts.count == cache.shape[0], size > 0,
        starts.allSatisfy({ $0.magnitude < 1 << 40 }), steps < 1 << 28,
        isCircular || starts.allSatisfy({ $0 >= 0 && $0 + steps <= size })
      else { throw call.failure("\(steps) places from \(starts) on are not in an axis of \(size)") }
      let places = starts.flatMap { start in
        (0..<steps).map { ((start + $0) % size + size) % size }
      }
      var sizes = Array(repeating: 1, count: cache.rank)
      (sizes[0], sizes[axis]) = (starts.count, steps)
      let index = Tensor(places, shape: Shape(sizes)).expanded(to: update.shape)
      return cache.scatter(axis: axis, index: index, updates: update)
    },
  ]

  @Sendable private static func scatterElements(_ call: OpCall) throws -> Tensor {
    let x = call[0]
    let axis = try call.axis(call.int("axis"), rank: x.rank)
    return try call.scattered(x, axis: axis, call[1].positions(in: x.shape[axis]), call[2])
  }
}

extension OpCall {
  /// Updates put at positions, joined with what is there as the node says.
  fileprivate func scattered(
    _ tensor: Tensor, axis: Int, _ index: Tensor, _ updates: Tensor
  ) throws -> Tensor {
    if index.elementCount == 0 { return tensor }
    let dtype = tensor.dtype
    // Bool is joined as numbers.
    let wide = dtype == .bool ? tensor.cast(to: .uint8) : tensor
    let updates = dtype == .bool ? updates.cast(to: .uint8) : updates
    let reduction: ScatterReduction
    switch text("reduction", "none") {
    case "none": return wide.scatter(axis: axis, index: index, updates: updates).cast(to: dtype)
    case "add": reduction = .sum
    case "mul": reduction = .product
    case "max": reduction = .maximum
    case "min": reduction = .minimum
    case let other: throw failure("there is no reduction \(other)")
    }
    return wide.scatterReduce(axis: axis, index: index, updates: updates, reduction).cast(to: dtype)
  }
}
