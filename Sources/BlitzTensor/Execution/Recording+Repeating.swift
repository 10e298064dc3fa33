/// Runs of a recorded function many times over: as one program where the device takes programs,
/// one after the other where it runs plans.
extension Recording {
  /// A function that is recorded to be a loop's body.
  struct Loop {
    /// The placeholders of what it changes.
    var state: [Node]
    /// What it makes of them.
    var newState: [Node]
    /// What else it computes.
    var answers: [Node]
    /// Nodes that read each of the state, so that it is an argument.
    var carried: [Node]
    /// Arguments that are another for each step.
    var perStep: [Node]
    var steps: Int
  }

  /// Whether what is given lives on a device that takes loops as programs.
  static func isLooped(_ placeholders: [Node]) throws(TensorError) -> Bool {
    try device(of: placeholders).backend() is any ProgramBackend
  }

  /// Compiles a loop; its results are the state after it and the answers of all steps.
  static func planLoop(
    _ loop: Loop, mayOverwrite: (Node) -> Bool
  ) throws(TensorError) -> Planned {
    let roots = loop.newState + loop.answers + loop.carried
    let device = try device(of: roots)
    return try Evaluation.withState { state throws(TensorError) in
      var pending = Pending(roots, on: device, state: &state)
      if let transfer = pending.transfers.first { throw .movesInside(transfer) }
      pending.keepRoots(mayOverwrite: pending.known.map(mayOverwrite))
      var place: [Int: Int] = [:]
      for (index, node) in pending.results.enumerated() { place[node.id] = index }
      var argument: [Int: Int] = [:]
      for (index, node) in pending.known.enumerated() { argument[node.id] = index }
      for answer in loop.answers where place[answer.id] == nil {
        throw TensorError(
          "compile", "a repeated step answers a tensor that it does not compute",
          operands: [("answer", "\(answer.dtype)\(answer.shape)")],
          help: "answer something that the step computes, such as its loss")
      }
      var planned = Planned(device: device)
      planned.step = try Step(repeating: pending) { _ in
        Repetition(
          steps: loop.steps,
          carried: zip(loop.state, loop.newState).map {
            Repetition.Carried(argument: argument[$0.id]!, result: place[$1.id]!)
          },
          stacked: loop.answers.map { place[$0.id]! },
          perStep: loop.perStep.compactMap { argument[$0.id] })
      }
      planned.arguments = pending.known
      planned.numbers = pending.numbers
      planned.scalars = pending.scalars
      planned.overwrites = pending.mayOverwrite
      for (index, node) in (loop.newState + loop.answers).enumerated() {
        planned.results[node.id] = index
      }
      return planned
    }
  }

  /// Runs the plan once for each step.
  func runOneByOne(
    _ state: inout [Tensor], _ inputs: [Tensor], numbers: [Double], _ repeating: Repeating
  ) throws(TensorError) -> [Tensor] {
    var answers: [[Tensor]] = []
    let count = numbers.count / repeating.steps
    for step in 0..<repeating.steps {
      let given = repeating.hasInputsPerStep ? inputs.map { $0[step] } : inputs
      try eval(given)
      answers.append(
        try runAtOnce(
          &state, given, numbers: Array(numbers[step * count..<(step + 1) * count])))
    }
    let stacked = answers[0].indices.map { answer in stack(answers.map { $0[answer] }) }
    try eval(stacked)
    return stacked
  }
}

extension Tensor {
  /// The same numbers as a node of their own, which the reverse walk does not see.
  var aliased: Tensor {
    if node.failure != nil { return self }
    return Tensor(
      node: Node(
        .reshape, Operands(node), shape: shape, dtype: dtype, device: device,
        strides: node.strides))
  }
}

extension TensorError {
  /// A function that is compiled moves numbers between devices.
  static func movesInside(_ transfer: Node) -> TensorError {
    TensorError(
      "compile", "the function moves a tensor to another device",
      operands: [("tensor", "\(transfer.dtype)\(transfer.shape)")],
      help: "call .to(\(transfer.device)) outside, and give the function the result")
  }
}
