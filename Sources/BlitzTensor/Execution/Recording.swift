import Synchronization

/// A function's graph for some shapes and dtypes, planned: what compiled functions run.
///
/// The function is called once, with placeholders for what it is given. What may differ from run
/// to run without a new plan is: the tensors' numbers, the numbers of the step, and the random
/// numbers that the function draws.
package final class Recording: Sendable {
  private let step: Step?
  /// How many times a run repeats the function; nil if it just runs it.
  private let repeating: Repeating?
  private let arguments: [Source]
  private let scalars: [Number]
  /// The scalars of each run, where all of them are always the same.
  private let constants: [Scalar]?
  private let outputs: [Output]
  /// Whether an output is something that the function was given.
  private let readsGiven: Bool
  private let stateCount: Int
  /// Where everything is computed.
  private let device: Device
  /// For each argument, whether the plan overwrites it.
  private let overwrites: [Bool]
  /// What the function drew, in order; the places after those of the tensors that it is given.
  private let draws: [Draws.Draw]

  /// How a run repeats the function.
  package struct Repeating: Sendable, Hashable {
    /// How many times, 1 or more.
    package var steps: Int
    /// Whether each step has inputs of its own: the tensors that a run is given as inputs have one
    /// more axis in front, of all steps.
    package var hasInputsPerStep: Bool

    package init(steps: Int, hasInputsPerStep: Bool) {
      self.steps = steps
      self.hasInputsPerStep = hasInputsPerStep
    }
  }

  /// What a plan depends on of a tensor that the function is given.
  package struct Signature: Hashable, Sendable {
    var shape: Shape
    var dtype: DType
    var device: Device
    var sharding: Sharding
    var isLeaf: Bool
    /// Which decides the order of random masks.
    var strides: [Int]?

    package init(_ tensor: Tensor) {
      shape = tensor.shape
      dtype = tensor.dtype
      device = tensor.device
      sharding = tensor.device.isMesh ? tensor.sharding : .replicated
      isLeaf = tensor.node.isLeaf
      strides = tensor.node.strides
    }

    /// The signature of what one step takes of a tensor that has the inputs of all steps.
    package var ofOneStep: Signature {
      var signature = self
      signature.shape = Shape(Array(shape.sizes.dropFirst()))
      signature.sharding = Sharding(axes: Array(sharding.axes.dropFirst()))
      signature.strides = strides.map { Array($0.dropFirst()) }
      return signature
    }
  }

  /// What a function gets while it is recorded.
  package struct Given {
    /// Tensors that the function changes.
    package let state: [Tensor]
    /// Tensors that it reads.
    package let inputs: [Tensor]
    /// The numbers that each run is given, as tensors to be used with those of the dtype.
    package let numbers: [DType: [Tensor]]
  }

  /// Where a run finds an argument.
  private enum Source: Sendable {
    case given(Int)
    case captured(Captured)
  }

  /// A tensor that the function reads without being given it.
  private struct Captured: Sendable {
    let node: Node
    /// Whether it was made before the recording, and somebody held it: a variable, that is.
    let isVariable: Bool

    init(_ node: Node, before first: Int) {
      self.node = node
      isVariable = node.id < first && node.holders.load(ordering: .relaxed) > 0
    }

    /// The numbers, unless the variable holds other ones by now: who keeps on reading the first ones
    /// would learn from what the user has replaced.
    func numbers(on device: Device) throws(TensorError) -> Numbers {
      if isVariable, node.holders.load(ordering: .relaxed) == 0 {
        throw TensorError(
          "compile", "a tensor that the function captures was replaced after it was compiled",
          operands: [("captured", "\(node.dtype)\(node.shape)")],
          help: "a compiled function keeps what it captured first; give it the tensor as an input, "
            + "or compile it again")
      }
      return try node.numbers(on: device)
    }
  }

  /// Where a run finds a scalar.
  private enum Number: Sendable {
    case given(Int)
    case constant(Scalar)
  }

  /// Where a run finds what the function returns.
  private struct Output: Sendable {
    var source: Either
    var shape: Shape
    var dtype: DType
    var device: Device
    var isLeaf: Bool
    var strides: [Int]?

    enum Either: Sendable {
      case result(Int)
      case given(Int)
      case captured(Tensor)
    }
  }

  /// Records a function.
  ///
  /// - Parameters:
  ///   - stateCount: how many of the tensors the function changes; they come first.
  ///   - signatures: of the tensors that runs will be given.
  ///   - numberCount: how many numbers each step will be given.
  ///   - repeating: how runs repeat the function; nil to run it once.
  ///   - function: answers the new state, and what else it computes.
  /// - Throws: what the function throws, or the error that a tensor it returns carries.
  package init(
    stateCount: Int, signatures: [Signature], numberCount: Int = 0,
    repeating: Repeating? = nil,
    _ function: (Given) throws -> (state: [Tensor], answers: [Tensor])
  ) throws {
    self.stateCount = stateCount
    let placeholders = signatures.map {
      Node(
        .data, shape: $0.shape, dtype: $0.dtype, device: $0.device,
        tracking: $0.isLeaf ? .leaf(Node.Leaf()) : .none, sharding: $0.sharding,
        strides: $0.strides)
    }
    let tensors = placeholders.map(Tensor.init(node:))
    var numbers: [DType: [Tensor]] = [:]
    for dtype in [DType.float32, .float64] {
      numbers[dtype] = (0..<numberCount).map { _ in Tensor.scalar(.real(0), dtype) }
    }
    let collected = Draws()
    let given = Given(
      state: Array(tensors[..<stateCount]), inputs: Array(tensors[stateCount...]),
      numbers: numbers)
    var (state, answers) = try Draws.collect(in: collected) { try function(given) }
    let isLooped = try repeating != nil && Recording.isLooped(placeholders)
    if isLooped {
      // The loop replaces each state by a result of its own.
      state = state.map(\.aliased)
    }
    draws = collected.all
    let returned = state + answers
    for tensor in returned { if let error = tensor.error { throw error } }
    if state.count != stateCount {
      throw TensorError(
        "compile", "the function was given \(stateCount) tensors to change and left \(state.count)",
        help: "change the tensors of the array, not their number")
    }

    let places = placeholders + draws.map(\.node)
    let position = Dictionary(uniqueKeysWithValues: places.enumerated().map { ($1.id, $0) })
    self.repeating = repeating
    // What a loop carries is among its arguments, read or not.
    let carried = isLooped ? tensors[..<stateCount].map(\.aliased.node) : []
    let roots = returned.map(\.node)
    let first = placeholders.first?.id ?? 0
    try Recording.computeCaptured(roots, before: first)
    // What is drawn is nobody else's; of the rest, the state may change in place.
    func mayOverwrite(_ node: Node) -> Bool {
      position[node.id].map { $0 < stateCount || $0 >= placeholders.count } ?? false
    }
    let planned: Planned
    if isLooped, let repeating {
      planned = try Recording.planLoop(
        Loop(
          state: Array(placeholders[..<stateCount]), newState: state.map(\.node),
          answers: answers.map(\.node), carried: carried,
          perStep: draws.map(\.node)
            + (repeating.hasInputsPerStep ? placeholders[stateCount...] : []),
          steps: repeating.steps), mayOverwrite: mayOverwrite)
    } else {
      planned = try Recording.plan(roots, mayOverwrite: mayOverwrite)
    }
    step = planned.step
    device = planned.device
    arguments = planned.arguments.map { node in
      position[node.id].map { .given($0) } ?? .captured(Captured(node, before: first))
    }
    var numberPosition: [Int: Int] = [:]
    for tensors in numbers.values {
      for (index, tensor) in tensors.enumerated() { numberPosition[tensor.node.id] = index }
    }
    scalars = zip(planned.numbers, planned.scalars).map { node, scalar in
      numberPosition[node.id].map { .given($0) } ?? .constant(scalar)
    }
    let stepCount = planned.step?.isProgram == true ? repeating?.steps ?? 1 : 1
    constants =
      planned.numbers.contains { numberPosition[$0.id] != nil }
      ? nil : Array(repeatElement(planned.scalars, count: stepCount).joined())
    overwrites = planned.overwrites
    outputs = returned.enumerated().map { index, tensor in
      let source: Output.Either
      if let result = planned.results[tensor.node.id] {
        source = .result(result)
      } else if let given = position[tensor.node.id] {
        source = .given(given)
      } else {
        source = .captured(tensor)
      }
      return Output(
        source: source,
        shape: isLooped && index >= stateCount
          ? Shape([repeating?.steps ?? 1] + tensor.shape.sizes) : tensor.shape, dtype: tensor.dtype,
        device: tensor.node.isUnplaced ? planned.device : tensor.device,
        isLeaf: index < stateCount && signatures[index].isLeaf,
        strides: isLooped && index >= stateCount ? nil : tensor.node.strides)
    }
    readsGiven = outputs.contains { if case .given = $0.source { true } else { false } }
  }

  /// The plan in words, for tests; empty if there is nothing to compute.
  package var planDescription: String { step?.description ?? "" }

  /// Computes what the function read of the graph outside it, so that runs find it done.
  private static func computeCaptured(_ roots: [Node], before first: Int) throws(TensorError) {
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
    var step: Step?
    var device = Device.cpu
    var arguments: [Node] = []
    var numbers: [Node] = []
    var scalars: [Scalar] = []
    var overwrites: [Bool] = []
    /// Which of the plan's results a node is.
    var results: [Int: Int] = [:]
  }

  private static func plan(
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
      planned.step = try Step(planning: pending)
      planned.device = device
      planned.arguments = pending.known
      planned.numbers = pending.numbers
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
