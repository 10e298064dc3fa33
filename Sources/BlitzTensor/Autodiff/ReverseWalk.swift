/// The walk from results back to what they were computed from, which builds the gradients'
/// graph. No op's formula lives here.
struct ReverseWalk {
  /// The tracked nodes on the way, the last made first.
  private var nodes: [Node] = []
  /// The operands of all of them, one node's after the other's; none of a leaf.
  private var operands: [Node] = []
  /// Where each operand is in `nodes`; -1 if it is not tracked, or made too early.
  private var places: [Int] = []
  /// Where each node's operands begin, and where the last one's end.
  private var starts: [Int] = []

  /// Collects what leads to the results.
  ///
  /// - Parameter first: the id of the first node that was made of those whose gradients are asked
  ///   for. Nothing that was made before depends on any of them.
  /// - Throws: `TensorError` if an earlier `backward()` has freed the way.
  init(from results: [Node], back first: Int = 0, op: String) throws(TensorError) {
    self = try Evaluation.withState { state throws(TensorError) in
      try ReverseWalk(from: results, back: first, op: op, &state)
    }
  }

  private init(
    from results: [Node], back first: Int, op: String, _ state: inout Evaluation.State
  ) throws(TensorError) {
    state.visit += 1
    let visit = state.visit
    var found: [(id: Int, node: Unmanaged<Node>)] = []
    var stack: [Unmanaged<Node>] = []
    func isOnTheWay(_ node: Node) -> Bool { node.isTracked && node.id >= first }
    for result in results where isOnTheWay(result) { stack.append(.passUnretained(result)) }
    stack.reserveCapacity(32)
    found.reserveCapacity(32)
    var freed: Node?
    while let next = stack.popLast() {
      next._withUnsafeGuaranteedRef { node in
        if node.mark.visit == visit { return }
        node.mark.visit = visit
        if node.tapeIsFreed && freed == nil { freed = node }
        found.append((node.id, next))
        guard node.isInterior else { return }
        node.inputs.forEach { if isOnTheWay($0) { stack.append(.passUnretained($0)) } }
      }
    }
    if let freed {
      throw TensorError(
        op, "an earlier backward() has freed the record of how this was computed",
        operands: [("tensor", Tensor(node: freed).signature)],
        help: "compute the loss again, or call backward(retainGraph: true) the first time")
    }
    found.sort { $0.id > $1.id }
    nodes.reserveCapacity(found.count)
    operands.reserveCapacity(2 * found.count)
    places.reserveCapacity(2 * found.count)
    starts.reserveCapacity(found.count + 1)
    for (place, (_, node)) in found.enumerated() {
      node._withUnsafeGuaranteedRef { $0.mark.index = place }
    }
    for (_, node) in found {
      node._withUnsafeGuaranteedRef { node in
        nodes.append(node)
        starts.append(operands.count)
        guard node.isInterior else { return }
        node.inputs.forEach {
          operands.append($0)
          places.append(isOnTheWay($0) ? $0.mark.index : -1)
        }
      }
    }
    starts.append(operands.count)
  }

  /// Where a node is among those on the way, nil if it is not.
  private func place(of node: Node) -> Int? {
    var (low, high) = (0, nodes.count)
    while low < high {
      let middle = (low + high) / 2
      if nodes[middle].id > node.id { low = middle + 1 } else { high = middle }
    }
    return low < nodes.count && nodes[low] === node ? low : nil
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
    var gradients = [Tensor?](repeating: nil, count: nodes.count)
    for (node, seed) in seeds {
      guard let place = place(of: node) else { continue }
      gradients[place] = gradients[place].map { $0 + seed } ?? seed
    }
    let answers = targets.map(place(of:))
    var isTarget = [Bool](repeating: false, count: nodes.count)
    for case let place? in answers { isTarget[place] = true }
    // The gradients of parts of a tensor, which are put side by side when all are there.
    var parted: [Int: [Tensor]] = [:]
    for (index, node) in nodes.enumerated() {
      if let whole = parted.removeValue(forKey: index).map(Tensor.assembled) {
        gradients[index] = gradients[index].map { $0 + whole } ?? whole
      }
      guard let gradient = gradients[index] else { continue }
      if !isTarget[index] { gradients[index] = nil }
      let range = starts[index]..<starts[index + 1]
      if range.isEmpty { continue }
      let rule = node.op.rule
      let parts = rule.gradient(
        Reverse(node: node, operands: operands[range], gradient: gradient))
      for (offset, part) in parts.prefix(range.count).enumerated() {
        let place = places[range.lowerBound + offset]
        guard place >= 0, let part else { continue }
        let operand = nodes[place]
        if let error = part.error { throw error }
        if part.shape != operand.shape || part.dtype != operand.dtype {
          throw TensorError(
            rule.name, "its gradient does not look like its operand",
            operands: [
              ("operand", "\(operand.dtype)\(operand.shape)"), ("gradient", part.signature),
            ], help: "a gradient has the shape and dtype of what it is the gradient of")
        }
        if part.isPart {
          parted[place, default: []].append(part)
        } else {
          gradients[place] = gradients[place].map { $0 + part } ?? part
        }
      }
    }
    return answers.map { $0.flatMap { gradients[$0] } }
  }

  /// Lets go of the record, so that the memory of a step goes with the step.
  func free() throws(TensorError) {
    try Evaluation.quiet { () throws(TensorError) in
      for node in nodes where node.isInterior {
        node.tapeIsFreed = true
        if node.hasContents { node.dropInputs() }
      }
    }
  }
}
