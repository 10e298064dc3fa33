/// Which ops become one matrix product: transposes and slices of its operands, factors, and the
/// addition of the result to an old value.
extension Planner {
  mutating func product(_ matmul: Int, at position: Int) -> Fusion.Product {
    let inputs = graph.values[matmul].inputs
    return Fusion.Product(
      left: matrix(inputs[0], at: position), right: matrix(inputs[1], at: position))
  }

  /// An operand of a product, read through transposes and slices where the product's kernel
  /// can, copied where it cannot.
  mutating func matrix(_ id: Int, at position: Int) -> Fusion.Matrix {
    let shape = graph.values[id].shape
    let (base, access) = walkDown(id)
    let (offset, strides) = access.layout(of: graph.values[base].shape, space: shape.sizes)
    if base != id, !graph.isScalar(base), Planner.isMatrix(shape, strides) {
      needMemory(base, at: position)
      return Fusion.Matrix(value: base, offset: offset, strides: strides)
    }
    needMemory(id, at: position)
    return Fusion.Matrix(value: id, offset: 0, strides: shape.strides)
  }

  /// Whether the last two axes are a row-major matrix or its transpose.
  private static func isMatrix(_ shape: Shape, _ strides: [Int]) -> Bool {
    let (rows, columns) = (shape[shape.rank - 2], shape[shape.rank - 1])
    let (down, across) = (strides[shape.rank - 2], strides[shape.rank - 1])
    if strides.contains(where: { $0 < 0 }) { return false }
    let isPlain = (columns == 1 || across == 1) && (rows == 1 || down >= columns)
    let isTransposed = (rows == 1 || down == 1) && (columns == 1 || across >= rows)
    return isPlain || isTransposed
  }

  /// The product whose kernel computes `w + c * (a b)` or `w - c * (a b)` whole.
  mutating func foldedUpdate(_ id: Int, _ value: PlanGraph.Value) -> Fusion.Product? {
    guard case .elementwise(let op) = value.op, op == .add || op == .subtract,
      value.dtype == .float32 || value.dtype == .float64
    else { return nil }
    for (product, addend) in [(1, 0), (0, 1)] where op == .add || product == 1 {
      guard let factored = factoredProduct(value.inputs[product], shape: value.shape),
        value.inputs[addend] != value.inputs[product],
        !graph.isScalar(value.inputs[addend])
      else { continue }
      for part in factored.parts { isFolded[part] = true }
      var result = self.product(factored.matmul, at: id)
      result.addend = value.inputs[addend]
      result.factors = factored.factors
      result.sign = op == .subtract ? -1 : 1
      needMemory(value.inputs[addend], at: id)
      return result
    }
    return nil
  }

  /// The product whose kernel computes `c * (a b)` whole.
  mutating func foldedFactor(_ id: Int, _ value: PlanGraph.Value) -> Fusion.Product? {
    guard case .elementwise(.multiply) = value.op,
      let factored = factoredProduct(id, shape: value.shape, isUsedOnce: false)
    else { return nil }
    for part in factored.parts where part != id { isFolded[part] = true }
    var result = product(factored.matmul, at: id)
    result.factors = factored.factors
    return result
  }

  /// The matrix product that a value is, times scalars, if nobody else reads it.
  private func factoredProduct(
    _ id: Int, shape: Shape, isUsedOnce: Bool = true
  ) -> (matmul: Int, factors: [Int], parts: [Int])? {
    guard isFactored[id] else { return nil }
    var factors: [Int] = []
    var parts: [Int] = []
    var current = id
    var mustBeSingle = isUsedOnce
    while true {
      let value = graph.values[current]
      guard value.shape == shape, !mustBeSingle || (useCount[current] == 1 && !hasMemory[current])
      else { return nil }
      parts.append(current)
      mustBeSingle = true
      guard let (factor, rest) = graph.factor(of: value) else { return (current, factors, parts) }
      factors.append(factor)
      current = rest
    }
  }
}

extension PlanGraph {
  /// For each value, whether it is a matrix product times scalars.
  ///
  /// Asked once for all: a search from each factor of a long chain would take the square of its
  /// length.
  func factoredProducts() -> [Bool] {
    var isFactored = [Bool](repeating: false, count: values.count)
    for (id, value) in values.enumerated()
    where value.dtype == .float32 || value.dtype == .float64 {
      if case .matmul = value.op {
        isFactored[id] = true
      } else if let (_, rest) = factor(of: value) {
        isFactored[id] = isFactored[rest]
      }
    }
    return isFactored
  }

  /// The scalar that a value is multiplied by, and the value.
  func factor(of value: Value) -> (scalar: Int, rest: Int)? {
    guard value.op == .elementwise(.multiply) else { return nil }
    let (left, right) = (value.inputs[0], value.inputs[1])
    if isScalar(left) { return (left, right) }
    return isScalar(right) ? (right, left) : nil
  }
}
