extension Recording {
  /// Runs the plan.
  ///
  /// - Parameters:
  ///   - state: tensors that change; where nobody else holds them, in place. After an error they
  ///     are what they were.
  ///   - inputs: tensors that are read.
  ///   - numbers: the numbers of this run; of a repetition, those of each step one behind the
  ///     other.
  /// - Returns: what the function returned besides the state, computed; of a repetition, with an
  ///   axis in front for all steps.
  package func run(
    _ state: inout [Tensor], _ inputs: [Tensor], numbers: [Double] = []
  ) throws(TensorError) -> [Tensor] {
    if let repeating, step?.isProgram != true {
      return try runOneByOne(&state, inputs, numbers: numbers, repeating)
    }
    return try runAtOnce(&state, inputs, numbers: numbers)
  }

  /// How many steps one call of the program makes, if it is a loop.
  private var stepsAtOnce: Int? { step?.isProgram == true ? repeating?.steps : nil }

  func runAtOnce(
    _ state: inout [Tensor], _ inputs: [Tensor], numbers: [Double]
  ) throws(TensorError) -> [Tensor] {
    var given: [Node] = []
    given.reserveCapacity(state.count + inputs.count)
    for tensor in state { given.append(tensor.node) }
    for tensor in inputs { given.append(tensor.node) }
    var drawn: [Numbers] = []
    for draw in draws {
      if let steps = stepsAtOnce {
        drawn.append(try draw.numbers(runs: steps))
      } else {
        drawn.append(try draw.numbers())
      }
    }
    // The caller's variables let go, so that what only they held can change in place.
    state.removeAll(keepingCapacity: true)
    let (results, kept): ([Numbers], [Numbers?])
    do throws(TensorError) {
      (results, kept) = try call(given, drawn, numbers)
    } catch {
      state = given[..<stateCount].map(Tensor.init(node:))
      throw error
    }
    func returned(_ output: Output) -> Tensor {
      let numbers: Numbers?
      switch output.source {
      case .result(let index): numbers = results[index]
      case .given(let index) where index < given.count && kept[index] == nil:
        return Tensor(node: given[index])
      case .given(let index): numbers = kept[index]
      case .captured(let tensor): return tensor
      }
      return Tensor(
        node: Node(
          .data, shape: output.shape, dtype: output.dtype, device: output.device,
          tracking: output.isLeaf ? .leaf(Node.Leaf()) : .none, numbers: numbers,
          strides: output.strides))
    }
    for output in outputs[..<stateCount] { state.append(returned(output)) }
    return outputs[stateCount...].map(returned)
  }

  /// Runs the plan.
  ///
  /// - Returns: its results, and where the numbers of what was given and drawn are.
  private func call(
    _ given: [Node], _ drawn: [Numbers], _ numbers: [Double]
  ) throws(TensorError) -> ([Numbers], [Numbers?]) {
    try Evaluation.withState { _ throws(TensorError) in
      guard let step else { return ([], given.map(\.numbers) + drawn) }
      var places: [Numbers] = []
      places.reserveCapacity(arguments.count)
      var mustKeep: [Int] = []
      for (argument, source) in arguments.enumerated() {
        switch source {
        case .captured(let captured):
          places.append(try captured.numbers(on: device))
        case .given(let index) where index >= given.count:
          places.append(drawn[index - given.count])
        case .given(let index):
          let node = given[index]
          // Asked before the numbers are taken, which would be one more holder of them.
          if overwrites[argument] && !Recording.isFree(node) { mustKeep.append(argument) }
          places.append(try node.numbers(on: device))
        }
      }
      let results = try step.run(places, constants ?? values(numbers), keeping: mustKeep)
      return (results, readsGiven ? given.map(\.numbers) + drawn : [])
    }
  }

  /// The scalars of a run with these numbers.
  private func values(_ numbers: [Double]) -> [Scalar] {
    let steps = stepsAtOnce ?? 1
    let numbersPerStep = numbers.count / steps
    var values: [Scalar] = []
    values.reserveCapacity(steps * scalars.count)
    for step in 0..<steps {
      for number in scalars {
        switch number {
        case .given(let index): values.append(.real(numbers[step * numbersPerStep + index]))
        case .constant(let scalar): values.append(scalar)
        }
      }
    }
    return values
  }

  /// Whether nobody but this run can see a tensor's memory.
  private static func isFree(_ node: Node) -> Bool {
    node.holders.load(ordering: .relaxed) == 0 && node.consumers.load(ordering: .relaxed) == 0
      && node.ownsItsBuffer
  }
}
