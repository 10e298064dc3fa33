import Synchronization

/// Turns the pending part of a graph into arrays: collects it, decides what to keep, finds
/// or makes the plan, runs it, and lets go of what is not needed any more.
///
/// One evaluation runs at a time in a process; its kernels use all cores.
enum Evaluation {
  /// Chains longer than this are computed without being asked for, so that graphs and the
  /// buffers they hold stay bounded.
  static let deepestChain = 1000

  /// Computes a node at once if its chain of pending ops has grown too long, or if every op
  /// is to be computed at once.
  static func bound(_ node: Node) {
    if node.depth.load(ordering: .relaxed) < deepestChain && !Environment.isEager { return }
    // A recording's arguments have no numbers yet, and those of its steps are still to come.
    if Draws.isRecording { return }
    // An error shows again, and can be thrown, when somebody asks for the elements.
    try? evaluate([node])
  }

  /// What an evaluation keeps from one to the next.
  struct State {
    var visit = 0
    var plans = PlanCache()
    var scratch = Pending.Scratch()
  }

  private static let state = Lock(State())

  /// Runs `body` while no evaluation does, so that nodes' operands and numbers hold still.
  static func withState<R: Sendable>(
    _ body: (inout State) throws(TensorError) -> R
  ) throws(TensorError) -> R {
    let result: Result<R, TensorError> = state.withLock { state in
      do throws(TensorError) { return .success(try body(&state)) } catch { return .failure(error) }
    }
    return try result.get()
  }

  /// Runs `body` while no evaluation does.
  static func quiet<R: Sendable>(
    _ body: () throws(TensorError) -> R
  ) throws(TensorError) -> R {
    try withState { _ throws(TensorError) in try body() }
  }

  /// Makes sure that the elements of the nodes are known.
  ///
  /// - Throws: the error that a node carries, or what went wrong while computing.
  static func evaluate(_ roots: [Node]) throws(TensorError) {
    for root in roots {
      if let failure = root.failure { throw failure.error }
    }
    try withState { state throws(TensorError) in try compute(roots, &state) }
  }

  /// Computes the nodes of each device together.
  private static func compute(
    _ roots: [Node], _ state: inout State
  ) throws(TensorError) {
    if roots.allSatisfy(\.isKnown) { return }
    var left = roots
    while let device = left.first?.device {
      let others = left.filter { $0.device != device }
      try compute(
        others.isEmpty ? left : left.filter { $0.device == device }, on: device, &state)
      left = others
    }
  }

  private static func compute(
    _ roots: [Node], on device: Device, _ state: inout State
  ) throws(TensorError) {
    var pending = Pending(roots, on: device, state: &state)
    if !pending.transfers.isEmpty {
      let transfers = pending.transfers
      try compute(transfers.flatMap { $0.inputs.all }, &state)
      // One may lie on the way to another's operand, and be done by now.
      for transfer in transfers where !transfer.hasContents { try transfer.transfer() }
      pending = Pending(roots, on: device, state: &state)
    }
    if pending.isEmpty { return }
    if pending.known.contains(where: \.isPlaceholder) {
      throw TensorError(
        "compile", "numbers are asked for inside a function that is being compiled",
        help: "return the tensor and read it outside, or do not compile the function")
    }
    pending.chooseResults()
    let runner = try state.plans.runner(for: pending)
    pending.finish(try runner.run(pending.arguments(), pending.scalars), &state)
  }

  /// Where a node's numbers are, computed if they are not yet known.
  static func storage(of node: Node) throws(TensorError) -> Storage {
    try evaluate([node])
    if case .array(let array) = try quiet({ () throws(TensorError) in node.contents }) {
      // Waits for the device, but keeps nobody else from computing.
      return try array.download()
    }
    return try quiet { () throws(TensorError) in try node.memory() }
  }
}

extension Tensor {
  /// Where the elements are, in this machine's memory: contiguous, row-major, not to be written to.
  /// Whoever holds the storage keeps the engine from updating the elements in place.
  package func storage() throws(TensorError) -> Storage { try Evaluation.storage(of: node) }

  /// Computes the elements and waits until they are there, as a measurement of time must:
  /// `torch.cuda.synchronize`.
  ///
  /// - Throws: the `TensorError` that the tensor carries, or what went wrong on the way.
  public func wait() throws(TensorError) {
    try Evaluation.evaluate([node])
    if case .array(let array) = try Evaluation.quiet({ () throws(TensorError) in node.contents }) {
      try array.wait()
    }
  }

  /// Starts copying the elements from a device to this machine, so that reading them later need not
  /// wait as long; on the CPU it only computes them.
  ///
  /// - Throws: the `TensorError` that the tensor carries, or what went wrong on the way.
  public func prefetch() throws(TensorError) {
    try Evaluation.evaluate([node])
    if case .array(let array) = try Evaluation.quiet({ () throws(TensorError) in node.contents }) {
      array.prefetch()
    }
  }

  /// Computes the elements now; on an accelerator, starts to (see ``wait()``).
  ///
  /// - Returns: this tensor, for chaining.
  /// - Throws: the `TensorError` that the tensor carries, or what went wrong on the way.
  @discardableResult
  public func eval() throws(TensorError) -> Tensor {
    try Evaluation.evaluate([node])
    return self
  }
}

/// Computes several tensors together, so that what they share is computed once.
///
/// - Throws: the first `TensorError` that a tensor carries, or what went wrong on the way.
public func eval(_ tensors: Tensor...) throws(TensorError) { try eval(tensors) }

/// Computes several tensors together, so that what they share is computed once.
///
/// - Throws: the first `TensorError` that a tensor carries, or what went wrong on the way.
public func eval(_ tensors: [Tensor]) throws(TensorError) {
  try Evaluation.evaluate(tensors.map(\.node))
}
