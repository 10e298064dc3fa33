/// The structure of a pending graph, as the planner sees it: values by id, operands
/// before their users.
///
/// Arguments come first, then scalars, then ops.
struct PlanGraph: Sendable {
  struct Value: Sendable {
    var op: Op
    var inputs: [Int]
    var shape: Shape
    var dtype: DType
  }

  private(set) var values: [Value] = []
  let argumentCount: Int
  let scalarCount: Int
  /// For each argument, whether its memory may be overwritten.
  let mayOverwrite: [Bool]
  /// The mesh that it is computed on, and how each argument lies there.
  let mesh: Mesh?
  let shardings: [Sharding]
  /// The values that are asked for, in order.
  private(set) var results: [Int] = []

  var firstOp: Int { argumentCount + scalarCount }

  /// Whether a value is one of the scalars.
  func isScalar(_ value: Int) -> Bool { value >= argumentCount && value < firstOp }

  init(_ pending: Pending) {
    argumentCount = pending.known.count
    scalarCount = pending.scalarNodes.count
    mayOverwrite = pending.mayOverwrite
    mesh = pending.device.mesh
    shardings = mesh == nil ? [] : pending.known.map(\.sharding)
    values.reserveCapacity(argumentCount + scalarCount + 64)
    for node in pending.known {
      values.append(Value(op: .data, inputs: [], shape: node.shape, dtype: node.dtype))
    }
    for node in pending.scalarNodes {
      values.append(
        Value(op: .scalar(.integer(0)), inputs: [], shape: node.shape, dtype: node.dtype))
    }
    // Equal ops on equal operands are one value.
    var known: [Identity: Int] = [:]
    let (nodes, isResult) = (pending.nodes, pending.isResult)
    var ids = [Int](repeating: 0, count: nodes.count)
    for (index, node) in nodes.enumerated() {
      var operands = pending.operands(of: index)
      var op = node.op
      if case .custom = op {
        // The value itself; the others are for the reverse walk.
        op = .reshape
        operands = operands.prefix(1)
      }
      let inputs = operands.map { operand in
        switch operand.kind {
        case .known: operand.place
        case .scalar: argumentCount + operand.place
        case .entry: ids[operand.place]
        }
      }
      let identity = Identity(op: op, inputs: inputs, shape: node.shape, dtype: node.dtype)
      let id: Int
      if let same = known[identity] {
        id = same
      } else {
        id = values.count
        known[identity] = id
        values.append(Value(op: op, inputs: inputs, shape: node.shape, dtype: node.dtype))
      }
      ids[index] = id
      if isResult[index] { results.append(id) }
    }
  }

  /// A graph made from another, for this machine.
  init(
    values: [Value], argumentCount: Int, scalarCount: Int, mayOverwrite: [Bool], results: [Int]
  ) {
    self.values = values
    self.argumentCount = argumentCount
    self.scalarCount = scalarCount
    self.mayOverwrite = mayOverwrite
    self.results = results
    mesh = nil
    shardings = []
  }

  private struct Identity: Hashable {
    var op: Op
    var inputs: [Int]
    var shape: Shape
    var dtype: DType
  }
}
