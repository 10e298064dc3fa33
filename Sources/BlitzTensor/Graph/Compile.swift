import Synchronization

/// Compiles a training step: the function runs once for each combination of shapes and
/// dtypes to record its graph, which is planned whole; further calls only run the plan.
///
///     let step = compile { (weights: inout [Tensor], batch: [Tensor]) in
///       let (loss, grads) = valueAndGradients(at: weights) { w in
///         (batch[0].matmul(w[0]).relu().matmul(w[1]) - batch[1]).square().sum()
///       }
///       for i in weights.indices { weights[i] -= 1e-6 * grads[i] }
///       return loss
///     }
///     let loss = try step(&weights, x, y)
///
/// Tensors that the function captures are constants of the plan. It must not ask for numbers
/// (`item()`, printing); its Swift control flow is that of the recording.
public func compile(
  _ function: @escaping @Sendable (inout [Tensor], [Tensor]) throws -> Tensor
) -> CompiledStep {
  CompiledStep(
    Compiled { state, inputs in
      var state = state
      let answer = try function(&state, inputs)
      return (state, [answer])
    })
}

/// Compiles a training step that reads nothing but its state and what it captures.
public func compile(
  _ function: @escaping @Sendable (inout [Tensor]) throws -> Tensor
) -> CompiledStep {
  compile { state, _ in try function(&state) }
}

/// Compiles a function of one tensor.
public func compile(
  _ function: @escaping @Sendable (Tensor) throws -> Tensor
) -> CompiledFunction {
  CompiledFunction(Compiled { _, inputs in ([], [try function(inputs[0])]) })
}

/// A step that was compiled with `compile(_:)`.
public struct CompiledStep: Sendable {
  private let compiled: Compiled
  fileprivate init(_ compiled: Compiled) { self.compiled = compiled }

  /// Runs the step.
  ///
  /// - Parameters:
  ///   - state: tensors that the step changes; where nobody else holds them, in place.
  ///   - inputs: further tensors that it reads.
  /// - Returns: the step's answer, computed.
  /// - Throws: the error of the function, of a tensor it is given, or of the computation.
  public func callAsFunction(_ state: inout [Tensor], _ inputs: Tensor...) throws -> Tensor {
    try compiled.run(&state, inputs)[0]
  }

  /// How many combinations of shapes and dtypes have been planned.
  public var planCount: Int { compiled.planCount }
}

/// A function that was compiled with `compile(_:)`.
public struct CompiledFunction: Sendable {
  private let compiled: Compiled
  fileprivate init(_ compiled: Compiled) { self.compiled = compiled }

  /// Runs the function.
  ///
  /// - Throws: the error of the function, of the tensor it is given, or of the computation.
  public func callAsFunction(_ input: Tensor) throws -> Tensor {
    var none: [Tensor] = []
    return try compiled.run(&none, [input])[0]
  }

  /// How many combinations of shapes and dtypes have been planned.
  public var planCount: Int { compiled.planCount }
}

/// The recordings of one function, by what it is given.
private final class Compiled: Sendable {
  typealias Function =
    @Sendable (_ state: [Tensor], _ inputs: [Tensor]) throws -> (
      state: [Tensor], answers: [Tensor]
    )

  private let function: Function
  private let recordings = Lock<[[Signature]: Recording]>([:])

  struct Signature: Hashable {
    var shape: Shape
    var dtype: DType
    var device: Device
    var isLeaf: Bool
  }

  init(_ function: @escaping Function) { self.function = function }

  var planCount: Int { recordings.withLock { $0.count } }

  func run(_ state: inout [Tensor], _ inputs: [Tensor]) throws -> [Tensor] {
    try eval(state + inputs)
    let signatures = (state + inputs).map {
      Signature(
        shape: $0.shape, dtype: $0.dtype, device: $0.device, isLeaf: $0.node.isLeaf)
    }
    let recording: Recording
    if let known = recordings.withLock({ $0[signatures] }) {
      recording = known
    } else {
      recording = try Recording(
        function, stateCount: state.count, signatures: signatures)
      recordings.withLock { $0[signatures] = recording }
    }
    return try recording.run(&state, inputs)
  }
}

/// A function's graph for some shapes and dtypes, planned.
private struct Recording: Sendable {
  private let step: Step?
  private let arguments: [Source]
  private let scalars: [Scalar]
  private let outputs: [Output]
  private let stateCount: Int
  /// For each argument, whether the plan overwrites it.
  private let overwrites: [Bool]

  /// Where a run finds an argument.
  private enum Source: Sendable {
    case given(Int)
    case captured(Node)
  }

  /// Where a run finds what the function returns.
  private struct Output: Sendable {
    var source: Either
    var shape: Shape
    var dtype: DType
    var device: Device
    var isLeaf: Bool

    enum Either: Sendable {
      case result(Int)
      case given(Int)
      case captured(Tensor)
    }
  }

  init(
    _ function: Compiled.Function, stateCount: Int, signatures: [Compiled.Signature]
  ) throws {
    self.stateCount = stateCount
    let placeholders = signatures.map {
      Node(
        .data, shape: $0.shape, dtype: $0.dtype, device: $0.device,
        tracking: $0.isLeaf ? .leaf(Node.Leaf()) : .none)
    }
    let tensors = placeholders.map(Tensor.init(node:))
    let (state, answers) = try function(
      Array(tensors[..<stateCount]), Array(tensors[stateCount...]))
    let returned = state + answers
    for tensor in returned { if let error = tensor.error { throw error } }
    if state.count != stateCount {
      throw TensorError(
        "compile", "the function was given \(stateCount) tensors to change and left \(state.count)",
        help: "change the tensors of the array, not their number")
    }

    let position = Dictionary(uniqueKeysWithValues: placeholders.enumerated().map { ($1.id, $0) })
    let roots = returned.map(\.node)
    try Recording.computeCaptured(roots, before: placeholders.first?.id ?? 0)
    let planned = try Recording.plan(roots, position: position, stateCount: stateCount)
    step = planned.step
    arguments = planned.arguments.map { node in
      position[node.id].map { .given($0) } ?? .captured(node)
    }
    scalars = planned.scalars
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
        source: source, shape: tensor.shape, dtype: tensor.dtype, device: tensor.device,
        isLeaf: index < stateCount && signatures[index].isLeaf)
    }
  }

  /// Computes what the function read of the graph outside it, so that runs find it done.
  private static func computeCaptured(_ roots: [Node], before first: Int) throws(TensorError) {
    let captured = try Evaluation.withState { state throws(TensorError) in
      let nodes = Pending(roots, state: &state).nodes
      return nodes.filter { $0.id > first }.flatMap(\.inputs)
        .filter { $0.id < first && !$0.isKnown }
    }
    try Evaluation.evaluate(captured)
  }

  private struct Planned {
    var step: Step?
    var arguments: [Node] = []
    var scalars: [Scalar] = []
    var overwrites: [Bool] = []
    /// Which of the plan's results a node is.
    var results: [Int: Int] = [:]
  }

  private static func plan(
    _ roots: [Node], position: [Int: Int], stateCount: Int
  ) throws(TensorError) -> Planned {
    try Evaluation.withState { state throws(TensorError) in
      var pending = Pending(roots, state: &state)
      if pending.nodes.isEmpty { return Planned() }
      // State that is returned as it was given must not be overwritten.
      let returned = Set(roots.map(\.id))
      pending.keepRoots(
        mayOverwrite: pending.known.map { node in
          !returned.contains(node.id) && (position[node.id].map { $0 < stateCount } ?? false)
        })
      var planned = Planned()
      planned.step = try Step(planning: pending)
      planned.arguments = pending.known
      planned.scalars = pending.scalars
      planned.overwrites = pending.mayOverwrite
      for (index, node) in pending.results.enumerated() { planned.results[node.id] = index }
      return planned
    }
  }

  func run(_ state: inout [Tensor], _ inputs: [Tensor]) throws(TensorError) -> [Tensor] {
    let given = (state + inputs).map(\.node)
    // The caller's variables let go, so that what only they held can change in place.
    state = []
    let (results, kept): ([Storage], [Storage?])
    do throws(TensorError) {
      (results, kept) = try call(given)
    } catch {
      state = given[..<stateCount].map(Tensor.init(node:))
      throw error
    }
    let returned = outputs.map { output -> Tensor in
      let storage: Storage?
      switch output.source {
      case .result(let index): storage = results[index]
      case .given(let index): storage = kept[index]
      case .captured(let tensor): return tensor
      }
      return Tensor(
        node: Node(
          .data, shape: output.shape, dtype: output.dtype, device: output.device,
          tracking: output.isLeaf ? .leaf(Node.Leaf()) : .none, storage: storage))
    }
    state = Array(returned[..<stateCount])
    return Array(returned[stateCount...])
  }

  /// Runs the plan.
  ///
  /// - Returns: its results, and where the numbers of what was given are.
  private func call(_ given: [Node]) throws(TensorError) -> ([Storage], [Storage?]) {
    try Evaluation.withState { _ throws(TensorError) in
      guard let step else { return ([], given.map(\.storage)) }
      var storages: [Storage] = []
      for (argument, source) in arguments.enumerated() {
        switch source {
        case .captured(let node): storages.append(node.storage!)
        case .given(let index):
          let node = given[index]
          let isFree =
            node.holders.load(ordering: .relaxed) == 0
            && node.consumers.load(ordering: .relaxed) == 0 && node.ownsItsBuffer
          storages.append(
            overwrites[argument] && !isFree ? try Recording.copy(node) : node.storage!)
        }
      }
      return (try step.run(storages, scalars), given.map(\.storage))
    }
  }

  private static func copy(_ node: Node) throws(TensorError) -> Storage {
    let byteCount = node.shape.elementCount * node.dtype.byteCount
    let buffer = try Buffer(byteCount: byteCount)
    if let storage = node.storage {
      buffer.pointer.copyMemory(from: storage.pointer, byteCount: byteCount)
    }
    return Storage(buffer: buffer)
  }
}
