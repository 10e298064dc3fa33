extension PlanGraph {
  /// What is pending as the planner sees it; equal ops on equal operands become one value.
  init(_ pending: Pending) {
    let (known, scalars) = (pending.known, pending.scalarNodes)
    let (nodes, isResult) = (pending.nodes, pending.isResult)
    var values: [Value] = []
    values.reserveCapacity(known.count + scalars.count + nodes.count)
    for node in known {
      values.append(Value(op: .data, inputs: [], shape: node.shape, dtype: node.dtype))
    }
    for node in scalars {
      values.append(
        Value(op: .scalar(.integer(0)), inputs: [], shape: node.shape, dtype: node.dtype))
    }
    var found: [Value: Int] = [:]
    var ids = [Int](repeating: 0, count: nodes.count)
    var results: [Int] = []
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
        case .scalar: known.count + operand.place
        case .entry: ids[operand.place]
        }
      }
      if op == .asReal, values[inputs[0]].op == .asComplex {
        // The pairs that the complex numbers were made of.
        ids[index] = values[inputs[0]].inputs[0]
        if isResult[index] { results.append(ids[index]) }
        continue
      }
      let value = Value(op: op, inputs: inputs, shape: node.shape, dtype: node.dtype)
      ids[index] = found[value] ?? values.count
      if ids[index] == values.count {
        found[value] = values.count
        values.append(value)
      }
      if isResult[index] { results.append(ids[index]) }
    }
    let mesh = pending.device.mesh
    self.init(
      values: values, argumentCount: known.count, scalarCount: scalars.count,
      mayOverwrite: pending.mayOverwrite, results: results, mesh: mesh,
      shardings: mesh == nil ? [] : known.map(\.sharding))
  }
}
