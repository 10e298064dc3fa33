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
    if let repeating, runner?.isProgram != true {
      return try runOneByOne(&state, inputs, numbers: numbers, repeating)
    }
    return try runAtOnce(&state, inputs, numbers: numbers)
  }

  /// How many steps one call of the program makes, if it is a loop.
  private var stepsAtOnce: Int? { runner?.isProgram == true ? repeating?.steps : nil }

  func runAtOnce(
    _ state: inout [Tensor], _ inputs: [Tensor], numbers: [Double]
  ) throws(TensorError) -> [Tensor] {
    var given: [Node] = []
    given.reserveCapacity(state.count + inputs.count)
    for tensor in state { given.append(tensor.node) }
    for tensor in inputs { given.append(tensor.node) }
    var drawn: [Contents] = []
    for draw in draws {
      if let steps = stepsAtOnce {
        drawn.append(try draw.contents(runs: steps))
      } else {
        drawn.append(try draw.contents())
      }
    }
    // The caller's variables let go, so that what only they held can change in place.
    state.removeAll(keepingCapacity: true)
    let (results, kept): ([Contents], [Contents?])
    do throws(TensorError) {
      (results, kept) = try call(given, drawn, numbers)
    } catch {
      state = given[..<stateCount].map(Tensor.init(node:))
      throw error
    }
    func returned(_ output: Output) -> Tensor {
      let contents: Contents?
      switch output.source {
      case .result(let index): contents = results[index]
      case .given(let index) where index < given.count && kept[index] == nil:
        return Tensor(node: given[index])
      case .given(let index): contents = kept[index]
      case .captured(let tensor): return tensor
      }
      return Tensor(
        node: Node(
          .data, shape: output.shape, dtype: output.dtype, device: output.device,
          tracking: output.isLeaf ? .leaf(Node.Leaf()) : .none, contents: contents,
          strides: output.strides))
    }
    for output in outputs[..<stateCount] { state.append(returned(output)) }
    return outputs[stateCount...].map(returned)
  }

  /// Runs the plan.
  ///
  /// - Returns: its results, and where the elements of what was given and drawn are.
  private func call(
    _ given: [Node], _ drawn: [Contents], _ numbers: [Double]
  ) throws(TensorError) -> ([Contents], [Contents?]) {
    try Evaluation.withState { _ throws(TensorError) in
      guard let runner else { return ([], given.map(\.contents) + drawn) }
      var places: [Contents] = []
      places.reserveCapacity(arguments.count)
      var mustKeep: [Int] = []
      for (argument, source) in arguments.enumerated() {
        switch source {
        case .captured(let captured):
          places.append(try captured.contents(on: device))
        case .given(let index) where index >= given.count:
          places.append(drawn[index - given.count])
        case .given(let index):
          let node = given[index]
          // Asked before the elements are taken, which would be one more holder of them.
          if overwrites[argument] && !Recording.isFree(node) { mustKeep.append(argument) }
          places.append(try node.contents(on: device))
        }
      }
      let results = try runner.run(places, constants ?? values(numbers), keeping: mustKeep)
      return (results, readsGiven ? given.map(\.contents) + drawn : [])
    }
  }

  /// The scalars of a run with these numbers.
  private func values(_ numbers: [Double]) -> [Scalar] {
    let steps = stepsAtOnce ?? 1
    let numbersPerStep = numbers.count / steps
    var values: [Scalar] = []
    values.reserveCapacity(steps * scalars.count)
    for step in 0..<steps {
      for source in scalars {
        switch source {
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
