/// float16 and bfloat16 for backends whose kernels compute in float32.
extension PlanGraph {
  /// The same graph with every op that computes on halves done in float32: casts up before it, and
  /// one cast back after it, so that each op rounds once, as PyTorch's do. Sums accumulate in
  /// float32. Ops that only move elements stay as they are.
  ///
  /// The casts are elementwise, so the planner puts them into the loops of what they feed: in a
  /// chain of ops the rounding is done in registers.
  func widened() -> PlanGraph {
    guard values.contains(where: \.dtype.isHalf) else { return self }
    var precision = HalfPrecision(self)
    return precision.widened()
  }
}

/// The rewriting of one graph.
private struct HalfPrecision {
  private let old: PlanGraph
  private var values: [PlanGraph.Value] = []
  /// For each old value, the new one that has its dtype; of scalars, which become float32, none.
  private var same: [Int?]
  /// For each old half, the new float32 with the same elements, once somebody asked.
  private var wide: [Int?]

  init(_ graph: PlanGraph) {
    old = graph
    same = [Int?](repeating: nil, count: graph.values.count)
    wide = same
    values.reserveCapacity(2 * graph.values.count)
  }

  mutating func widened() -> PlanGraph {
    let fills = numbersThatOnlyFill()
    for (id, value) in old.values.enumerated() {
      if id >= old.firstOp {
        place(id, value)
      } else if old.isScalar(id) && value.dtype.isHalf && !fills.contains(id) {
        var value = value
        value.dtype = .float32
        values.append(value)
      } else {
        values.append(value)
        same[id] = id
      }
    }
    return PlanGraph(
      values: values, argumentCount: old.argumentCount, scalarCount: old.scalarCount,
      mayOverwrite: old.mayOverwrite,
      results: old.results.map { narrowed($0, shape: old.values[$0].shape) })
  }

  /// Scalars that go to memory as they are.
  private func numbersThatOnlyFill() -> Set<Int> {
    var fills: Set<Int> = []
    var others: Set<Int> = []
    for value in old.values {
      for (place, input) in value.inputs.enumerated() where old.isScalar(input) {
        if case .pad = value.op, place == 1 { fills.insert(input) } else { others.insert(input) }
      }
    }
    return fills.subtracting(others)
  }

  // MARK: Ops

  private mutating func place(_ id: Int, _ value: PlanGraph.Value) {
    guard value.dtype.isHalf || value.inputs.contains(where: { old.values[$0].dtype.isHalf }) else {
      same[id] = add(value, inputs: value.inputs.map { same[$0]! })
      return
    }
    if !isMove(value) {
      let inputs = value.inputs.map { widened($0, for: value) }
      same[id] =
        value.dtype.isHalf
        ? cast(add(value, inputs: inputs, dtype: .float32), to: value.dtype)
        : add(value, inputs: inputs)
      return
    }
    if value.op == .elementwise(.cast) {
      if value.dtype == .float32 {
        same[id] = widened(value.inputs[0], for: value)
      } else {
        same[id] = add(value, inputs: [narrowed(value.inputs[0], shape: value.shape)])
      }
      return
    }
    if old.isScalar(value.inputs[0]), same[value.inputs[0]] == nil {
      // A scalar that fills a shape.
      same[id] = cast(add(value, inputs: [value.inputs[0]], dtype: .float32), to: value.dtype)
      return
    }
    same[id] = add(
      value, inputs: value.inputs.map { narrowed($0, shape: old.values[$0].shape) })
  }

  /// Whether an op moves elements without looking at them, by kernels that know elements of two
  /// bytes.
  private func isMove(_ value: PlanGraph.Value) -> Bool {
    if case .pad = value.op { return same[value.inputs[1]] != nil }
    return value.op == .elementwise(.cast) || value.op.rule.moves(value.op)
  }

  // MARK: Operands

  /// An operand of an op that computes: a half as float32, another as it is.
  private mutating func widened(_ id: Int, for user: PlanGraph.Value) -> Int {
    guard old.values[id].dtype.isHalf else { return same[id]! }
    if old.isScalar(id) {
      guard same[id] == nil else { return cast(same[id]!, to: .float32) }
      // Scalars beside tensors are not rounded first, as in PyTorch; what is compared or chosen is.
      if user.takesExactNumbers { return id }
      let dtype = old.values[id].dtype
      let shape = user.op.rule.stage == .elementwise ? user.shape : []
      return cast(cast(id, to: dtype, shape: shape), to: .float32)
    }
    if let known = wide[id] { return known }
    let value = old.values[id]
    let new: Int
    switch value.op {
    case .reshape where !old.isScalar(value.inputs[0]),
      .permute where !old.isScalar(value.inputs[0]):
      // Cast below the view, so that products still see a transpose for what it is.
      new = add(value, inputs: [widened(value.inputs[0], for: value)], dtype: .float32)
    default: new = cast(same[id]!, to: .float32)
    }
    wide[id] = new
    return new
  }

  /// An operand in its own dtype.
  private mutating func narrowed(_ id: Int, shape: Shape) -> Int {
    same[id] ?? cast(id, to: old.values[id].dtype, shape: shape)
  }

  // MARK: New values

  private mutating func cast(_ id: Int, to dtype: DType, shape: Shape? = nil) -> Int {
    values.append(
      PlanGraph.Value(
        op: .elementwise(.cast), inputs: [id], shape: shape ?? values[id].shape,
        dtype: dtype))
    return values.count - 1
  }

  private mutating func add(
    _ value: PlanGraph.Value, inputs: [Int], dtype: DType? = nil
  ) -> Int {
    values.append(
      PlanGraph.Value(
        op: value.op, inputs: inputs, shape: value.shape, dtype: dtype ?? value.dtype))
    return values.count - 1
  }
}

extension PlanGraph.Value {
  /// Whether a scalar beside a half counts with all its digits, as in PyTorch's kernels.
  fileprivate var takesExactNumbers: Bool {
    switch op {
    case .elementwise(.add), .elementwise(.subtract), .elementwise(.multiply),
      .elementwise(.divide):
      true
    default: false
    }
  }
}
