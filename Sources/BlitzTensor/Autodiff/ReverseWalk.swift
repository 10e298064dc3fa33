/// The walk from results back to what they were computed from, which builds the gradients'
/// graph. No op's formula lives here.
struct ReverseWalk {
  /// The tracked nodes on the way, the last made first.
  private var nodes: [Node] = []
  private var inputs: [Int: [Node]] = [:]

  /// Collects what leads to the results.
  ///
  /// - Throws: `TensorError` if an earlier `backward()` has freed the way.
  init(from results: [Node], op: String) throws(TensorError) {
    var found: [Node] = []
    var foundInputs: [Int: [Node]] = [:]
    try Evaluation.quiet { () throws(TensorError) in
      var stack = results.filter(\.isTracked)
      while let node = stack.popLast() {
        if foundInputs[node.id] != nil { continue }
        if node.tapeIsFreed {
          throw TensorError(
            op, "an earlier backward() has freed the record of how this was computed",
            operands: [("tensor", Tensor(node: node).signature)],
            help: "compute the loss again, or call backward(retainGraph: true) the first time")
        }
        let operands = node.isInterior ? node.inputs : []
        foundInputs[node.id] = operands
        found.append(node)
        for operand in operands where operand.isTracked { stack.append(operand) }
      }
    }
    nodes = found.sorted { $0.id > $1.id }
    inputs = foundInputs
  }

  /// The leaves that the results were computed from.
  var leaves: [(node: Node, leaf: Node.Leaf)] {
    nodes.compactMap { node in
      if case .leaf(let leaf) = node.tracking { (node, leaf) } else { nil }
    }
  }

  /// The gradients of `seeds` (pairs of a result and its gradient) at some of the nodes;
  /// nil at those that the results do not depend on.
  func gradients(_ seeds: [(Node, Tensor)], at targets: [Node]) throws(TensorError) -> [Tensor?] {
    // Each gradient is of its operand's dtype, whatever mixed precision surrounds the call.
    let result: Result<[Tensor?], TensorError> = Autocast.off {
      do throws(TensorError) {
        return .success(try walked(seeds, at: targets))
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  private func walked(
    _ seeds: [(Node, Tensor)], at targets: [Node]
  ) throws(TensorError) -> [Tensor?] {
    var gradients: [Int: Tensor] = [:]
    for (node, seed) in seeds {
      gradients[node.id] = gradients[node.id].map { $0 + seed } ?? seed
    }
    let isTarget = Set(targets.map(\.id))
    var answers: [Int: Tensor] = [:]
    for node in nodes {
      guard let gradient = gradients.removeValue(forKey: node.id) else { continue }
      if isTarget.contains(node.id) { answers[node.id] = gradient }
      let operands = inputs[node.id] ?? []
      if operands.isEmpty { continue }
      let step = Reverse(
        node: node, inputs: operands.map(Tensor.init(node:)), output: Tensor(node: node),
        gradient: gradient)
      let parts = node.op.rule.gradient(step)
      for (operand, part) in zip(operands, parts) where operand.isTracked {
        guard let part else { continue }
        if let error = part.error { throw error }
        if part.shape != operand.shape || part.dtype != operand.dtype {
          throw TensorError(
            node.op.rule.name, "its gradient does not look like its operand",
            operands: [
              ("operand", "\(operand.dtype)\(operand.shape)"), ("gradient", part.signature),
            ], help: "a gradient has the shape and dtype of what it is the gradient of")
        }
        gradients[operand.id] = gradients[operand.id].map { $0 + part } ?? part
      }
    }
    return targets.map { answers[$0.id] }
  }

  /// Lets go of the record, so that the memory of a step goes with the step.
  func free() throws(TensorError) {
    try Evaluation.quiet { () throws(TensorError) in
      for node in nodes where node.isInterior {
        node.tapeIsFreed = true
        if node.hasNumbers { node.dropInputs() }
      }
    }
  }
}
