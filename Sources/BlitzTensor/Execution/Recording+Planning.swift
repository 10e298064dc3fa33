/// From what a function returned to the plan that runs of it share.
extension Recording {
  /// Throws the first error that a tensor carries, or that says that the state is not of its size.
  static func check(
    _ returned: [Tensor], state count: Int, of stateCount: Int
  ) throws(TensorError) {
    for tensor in returned { if let error = tensor.error { throw error } }
    if count != stateCount {
      throw TensorError(
        "compile", "the function was given \(stateCount) tensors to change and left \(count)",
        help: "change the tensors of the array, not their number")
    }
  }

  /// Computes what the function read of the graph outside it, so that runs find it done.
  static func computeCaptured(_ roots: [Node], before first: Int) throws(TensorError) {
    let captured = try Evaluation.withState { state throws(TensorError) in
      let pending = Pending(roots, on: roots.first?.device ?? .cpu, state: &state)
      let moved = pending.transfers.filter { $0.id < first || $0.inputs[0].id < first }
      if !moved.isEmpty { return moved }
      let nodes = pending.nodes
      return nodes.filter { $0.id > first }.flatMap { $0.inputs.all }
        .filter { $0.id < first && !$0.isKnown }
    }
    try Evaluation.evaluate(captured)
  }

  struct Planned {
    var runner: GraphRunner?
    var device = Device.cpu
    var arguments: [Node] = []
    var scalarNodes: [Node] = []
    var scalars: [Scalar] = []
    var overwrites: [Bool] = []
    /// Which of the plan's results a node is.
    var results: [Int: Int] = [:]

    /// Where a run finds each scalar.
    func scalarSources(_ given: [DType: [Tensor]]) -> [ScalarSource] {
      var position: [Int: Int] = [:]
      for tensors in given.values {
        for (index, tensor) in tensors.enumerated() { position[tensor.node.id] = index }
      }
      return zip(scalarNodes, scalars).map { node, scalar in
        position[node.id].map { .given($0) } ?? .constant(scalar)
      }
    }

    /// Where a run finds a tensor that the function returned.
    func source(of tensor: Tensor, given position: [Int: Int]) -> Output.Either {
      if let result = results[tensor.node.id] { return .result(result) }
      return position[tensor.node.id].map { .given($0) } ?? .captured(tensor)
    }
  }

  static func plan(
    _ roots: [Node], mayOverwrite: (Node) -> Bool
  ) throws(TensorError) -> Planned {
    let device = try Recording.device(of: roots)
    return try Evaluation.withState { state throws(TensorError) in
      var pending = Pending(roots, on: device, state: &state)
      if let transfer = pending.transfers.first { throw .movesInside(transfer) }
      if pending.isEmpty { return Planned(device: device) }
      // State that is returned as it was given must not be overwritten.
      let returned = Set(roots.map(\.id))
      pending.keepRoots(
        mayOverwrite: pending.known.map { !returned.contains($0.id) && mayOverwrite($0) })
      var planned = Planned()
      planned.runner = try GraphRunner(planning: pending)
      planned.device = device
      planned.arguments = pending.known
      planned.scalarNodes = pending.scalarNodes
      planned.scalars = pending.scalars
      planned.overwrites = pending.mayOverwrite
      for (index, node) in pending.results.enumerated() { planned.results[node.id] = index }
      return planned
    }
  }

  /// The device that all results are computed on.
  static func device(of roots: [Node]) throws(TensorError) -> Device {
    var device: Device?
    for root in roots where !root.isUnplaced {
      if let device, device != root.device {
        throw TensorError(
          "compile", "the function computes on two devices: \(device) and \(root.device)",
          help: "give it tensors of one device, moved there with .to(\(device))")
      }
      device = root.device
    }
    return device ?? .cpu
  }
}
