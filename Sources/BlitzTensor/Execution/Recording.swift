import Synchronization

/// A function's graph for some shapes and dtypes, planned: what compiled functions run.
///
/// The function is called once, with placeholders for what it is given. What may differ from run
/// to run without a new plan is: the tensors' numbers, the numbers of the step, and the random
/// numbers that the function draws.
package final class Recording: Sendable {
  let runner: GraphRunner?
  /// How many times a run repeats the function; nil if it just runs it.
  let repeating: Repeating?
  let arguments: [Source]
  let scalars: [ScalarSource]
  /// The scalars of each run, where all of them are always the same.
  let constants: [Scalar]?
  let outputs: [Output]
  /// Whether an output is something that the function was given.
  let readsGiven: Bool
  let stateCount: Int
  /// Where everything is computed.
  let device: Device
  /// For each argument, whether the plan overwrites it.
  let overwrites: [Bool]
  /// What the function drew, in order; the places after those of the tensors that it is given.
  let draws: [Draws.Draw]

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

    /// That of a tensor that is not there.
    package init(shape: Shape, dtype: DType, device: Device) {
      self.shape = shape
      self.dtype = dtype
      self.device = device
      sharding = .replicated
      isLeaf = false
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
    /// The nodes of the state and the inputs.
    let placeholders: [Node]

    init(_ signatures: [Signature], stateCount: Int, numberCount: Int) {
      placeholders = signatures.map {
        Node(
          .data, shape: $0.shape, dtype: $0.dtype, device: $0.device,
          tracking: $0.isLeaf ? .leaf(Node.Leaf()) : .none, sharding: $0.sharding,
          strides: $0.strides)
      }
      let tensors = placeholders.map(Tensor.init(node:))
      state = Array(tensors[..<stateCount])
      inputs = Array(tensors[stateCount...])
      var numbers: [DType: [Tensor]] = [:]
      for dtype in [DType.float32, .float64] {
        numbers[dtype] = (0..<numberCount).map { _ in Tensor.scalar(.real(0), dtype) }
      }
      self.numbers = numbers
    }
  }

  /// Records a function.
  ///
  /// - Parameters:
  ///   - stateCount: how many of the tensors the function changes; they come first.
  ///   - signatures: of the tensors that runs will be given.
  ///   - numberCount: how many numbers each step will be given.
  ///   - repeating: how runs repeat the function; nil to run it once.
  ///   - function: returns the new state, and what else it computes.
  /// - Throws: what the function throws, or the error that a tensor it returns carries.
  package init(
    stateCount: Int, signatures: [Signature], numberCount: Int = 0,
    repeating: Repeating? = nil,
    _ function: (Given) throws -> (state: [Tensor], answers: [Tensor])
  ) throws {
    self.stateCount = stateCount
    self.repeating = repeating
    let given = Given(signatures, stateCount: stateCount, numberCount: numberCount)
    let placeholders = given.placeholders
    let drawn = Draws()
    var (state, answers) = try Draws.collect(in: drawn) { try function(given) }
    draws = drawn.all
    let isLooped = try repeating != nil && Recording.isLooped(placeholders)
    if isLooped {
      // The loop replaces each state by a result of its own.
      state = state.map(\.aliased)
    }
    let returned = state + answers
    try Recording.check(returned, state: state.count, of: stateCount)

    let position = Dictionary(
      uniqueKeysWithValues: (placeholders + draws.map(\.node)).enumerated().map { ($1.id, $0) })
    let first = placeholders.first?.id ?? 0
    try Recording.computeCaptured(returned.map(\.node), before: first)
    // What is drawn is nobody else's; of the rest, the state may change in place.
    func mayOverwrite(_ node: Node) -> Bool {
      position[node.id].map { $0 < stateCount || $0 >= placeholders.count } ?? false
    }
    let planned: Planned
    if isLooped, let repeating {
      planned = try Recording.planLoop(
        Loop(given, state, answers, draws: draws, repeating), mayOverwrite: mayOverwrite)
    } else {
      planned = try Recording.plan(returned.map(\.node), mayOverwrite: mayOverwrite)
    }
    runner = planned.runner
    device = planned.device
    overwrites = planned.overwrites
    arguments = planned.arguments.map { node in
      position[node.id].map { .given($0) } ?? .captured(Captured(node, before: first))
    }
    scalars = planned.scalarSources(given.numbers)
    let stepCount = planned.runner?.isProgram == true ? repeating?.steps ?? 1 : 1
    constants =
      scalars.contains(where: \.isGiven)
      ? nil : Array(repeatElement(planned.scalars, count: stepCount).joined())
    outputs = returned.enumerated().map { index, tensor in
      Output(
        tensor, from: planned.source(of: tensor, given: position), on: planned.device,
        isLeaf: index < stateCount && signatures[index].isLeaf,
        steps: isLooped && index >= stateCount ? repeating?.steps : nil)
    }
    readsGiven = outputs.contains { if case .given = $0.source { true } else { false } }
  }

  /// The plan in words, for tests; empty if there is nothing to compute.
  package var planDescription: String { runner?.description ?? "" }
}
