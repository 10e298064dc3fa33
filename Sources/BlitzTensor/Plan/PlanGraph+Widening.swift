/// Dtypes that are storage only for backends whose kernels compute in wider ones: see
/// ``DType/computed``.
extension PlanGraph {
  /// The same graph with every op that computes on such a dtype done in the wider one: casts up
  /// before it, and one cast back after it, so that each op on halves rounds once, as PyTorch's do,
  /// and whole numbers wrap around. Sums of halves accumulate in float32. Ops that only move
  /// elements stay as they are.
  ///
  /// The casts are elementwise, so the planner puts them into the loops of what they feed: in a
  /// chain of ops the rounding is done in registers. A product in int32 of what was widened from 8
  /// bits takes these bytes as they are: such products have kernels.
  func widened() -> PlanGraph {
    guard values.contains(where: { $0.dtype.isStorage || $0.isProductOfIntegers }) else {
      return self
    }
    var widening = Widening(self)
    return widening.widened()
  }
}

/// The rewriting of one graph.
private struct Widening {
  private let old: PlanGraph
  private var values: [PlanGraph.Value] = []
  /// For each old value, the new one that has its dtype; of scalars, which become wide, none.
  private var same: [Int?]
  /// For each old value of a storage dtype, the wide one with its elements, once somebody asked.
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
      } else if old.isScalar(id) && value.dtype.isStorage && !fills.contains(id) {
        var value = value
        value.dtype = value.dtype.computed
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
    if let product = productOfBytes(value) {
      same[id] = value.dtype == .int32 ? product : cast(product, to: value.dtype)
      return
    }
    guard
      value.dtype.isStorage || value.inputs.contains(where: { old.values[$0].dtype.isStorage })
    else {
      same[id] = add(value, inputs: value.inputs.map { same[$0]! })
      return
    }
    if !isMove(value) {
      let inputs = value.inputs.map { widened($0, for: value) }
      same[id] =
        value.dtype.isStorage
        ? cast(add(value, inputs: inputs, dtype: value.dtype.computed), to: value.dtype)
        : add(value, inputs: inputs)
      return
    }
    if value.op == .elementwise(.cast) {
      same[id] = castPlaced(value)
      return
    }
    if old.isScalar(value.inputs[0]), same[value.inputs[0]] == nil {
      // A scalar that fills a shape.
      same[id] = cast(
        add(value, inputs: [value.inputs[0]], dtype: value.dtype.computed), to: value.dtype)
      return
    }
    same[id] = add(
      value, inputs: value.inputs.map { narrowed($0, shape: old.values[$0].shape) })
  }

  /// The sums of 32 bits of a product whose sides were widened from 8 bits, if they were.
  private mutating func productOfBytes(_ value: PlanGraph.Value) -> Int? {
    guard value.isProductOfIntegers, value.dtype == .int32 || value.dtype == .int8,
      hasBytes(value.inputs[0]), hasBytes(value.inputs[1])
    else { return nil }
    return add(value, inputs: value.inputs.map { bytes($0) }, dtype: .int32)
  }

  /// Whether a value is, below views and a cast to int32, an array of numbers of 8 bits.
  private func hasBytes(_ id: Int) -> Bool {
    var value = old.values[id]
    var place = id
    while value.dtype == .int32 {
      let isView = value.op.rule.stage == .view
      guard isView || value.op == .elementwise(.cast) else { return false }
      let shape = value.shape
      place = value.inputs[0]
      value = old.values[place]
      // A cast may spread a number.
      if !isView && value.shape != shape { return false }
    }
    return (value.dtype == .int8 || value.dtype == .uint8) && !old.isScalar(place)
  }

  /// The same numbers in 8 bits.
  private mutating func bytes(_ id: Int) -> Int {
    let value = old.values[id]
    if value.dtype != .int32 { return same[id]! }
    let source = bytes(value.inputs[0])
    if value.op == .elementwise(.cast) { return source }
    return add(value, inputs: [source], dtype: values[source].dtype)
  }

  /// A cast from or to a storage dtype. Kernels cast halves from and to all but small whole
  /// numbers; these from and to their wide dtype, and from float32 and float64.
  private mutating func castPlaced(_ value: PlanGraph.Value) -> Int {
    let input = value.inputs[0]
    let source = old.values[input].dtype
    if source.isStorage && value.dtype == source.computed { return widened(input, for: value) }
    if source.isSmallInteger || (source.isHalf && value.dtype.isSmallInteger) {
      // Beyond the wide dtype it is a cast as any other.
      let wide = widened(input, for: value)
      return value.dtype.isSmallInteger
        ? narrowed(cast: wide, to: value.dtype, shape: value.shape)
        : cast(wide, to: value.dtype, shape: value.shape)
    }
    let operand = narrowed(input, shape: value.shape)
    return value.dtype.isSmallInteger
      ? narrowed(cast: operand, to: value.dtype, shape: value.shape) : add(value, inputs: [operand])
  }

  /// A cast to a small whole number, by way of its wide dtype where the kernels have no other.
  private mutating func narrowed(cast id: Int, to dtype: DType, shape: Shape) -> Int {
    let source = values[id].dtype
    if source == .float32 || source == .float64 || source == dtype.computed {
      return cast(id, to: dtype, shape: shape)
    }
    return cast(cast(id, to: dtype.computed, shape: shape), to: dtype)
  }

  /// Whether an op moves elements without looking at them, by kernels that know their size alone.
  private func isMove(_ value: PlanGraph.Value) -> Bool {
    if case .pad = value.op { return same[value.inputs[1]] != nil }
    return value.op == .elementwise(.cast) || value.op.rule.moves(value.op)
  }

  // MARK: Operands

  /// An operand of an op that computes: in its wide dtype, or as it is.
  private mutating func widened(_ id: Int, for user: PlanGraph.Value) -> Int {
    let dtype = old.values[id].dtype
    guard dtype.isStorage else { return same[id]! }
    if old.isScalar(id) {
      guard same[id] == nil else { return cast(same[id]!, to: dtype.computed) }
      // Of whole numbers there is nothing to round.
      if !dtype.isHalf { return id }
      // Scalars beside tensors are not rounded first, as in PyTorch; what is compared or chosen is.
      if user.takesExactNumbers { return id }
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
      new = add(value, inputs: [widened(value.inputs[0], for: value)], dtype: dtype.computed)
    default: new = cast(same[id]!, to: dtype.computed)
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
  /// Whether it is a matrix product of whole numbers.
  fileprivate var isProductOfIntegers: Bool {
    if case .matmul = op { return dtype.isInteger }
    return false
  }

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
