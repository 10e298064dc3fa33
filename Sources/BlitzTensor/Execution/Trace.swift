/// A function's graph for some shapes and dtypes, unplanned: for who writes it down in the language
/// of other programs.
package struct Trace: Sendable {
  /// Where a value comes from.
  package enum Source: Sendable {
    /// The function was given it, at this place.
    case given(Int)
    /// Its elements were there.
    case known(Tensor)
    case scalar(Scalar)
    case op(Op)
    /// A call with several results, which are values of their own.
    case composite(Composite)
    /// One result of the composite that is the operand.
    case part(Int)
  }

  package struct Value: Sendable {
    package let source: Source
    /// The operands' places; nil for one that is left out.
    package let inputs: [Int?]
    package let shape: Shape
    package let dtype: DType
  }

  /// Operands before their users.
  package private(set) var values: [Value] = []
  /// The places of what the function returned.
  package private(set) var results: [Int] = []
  /// What holds the nodes.
  private let log = CompositeLog()

  /// Traces a function, without gradients.
  ///
  /// - Parameters:
  ///   - signatures: of the tensors that it is given.
  ///   - accepts: whether a composite is to be one value, or the ops that it is made of.
  /// - Throws: what the function throws, the error of a tensor that it returns, or that it draws
  ///   random numbers.
  package init(
    signatures: [Recording.Signature], accepts: @escaping (Composite, [Tensor?]) -> Bool,
    _ function: ([Tensor]) throws -> [Tensor]
  ) throws {
    let given = Recording.Given(signatures, stateCount: 0, numberCount: 0)
    let drawn = Draws()
    let returned = try log.collect {
      try Draws.collect(in: drawn) { try noGrad { try function(given.inputs) } }
    }
    for tensor in returned { if let error = tensor.error { throw error } }
    let places = Dictionary(
      uniqueKeysWithValues: given.placeholders.enumerated().map { ($1.id, $0) })
    let draws = Set(drawn.all.map(\.node.id))
    let first = given.placeholders.first?.id ?? Int.max
    let walk = Walk(log: log, given: places, draws: draws, first: first, accepts: accepts)
    let captured = try walk.pendingCaptured(returned.map(\.node))
    try Evaluation.evaluate(captured)
    (values, results) = try walk.values(of: returned.map(\.node))
  }

  /// From results to what they are computed of.
  private struct Walk {
    let log: CompositeLog
    let given: [Int: Int]
    let draws: Set<Int>
    /// Nodes before this one are constants.
    let first: Int
    let accepts: (Composite, [Tensor?]) -> Bool

    func composite(_ node: Node) -> CompositeLog.Note? {
      log.notes(of: node.id).last { accepts($0.composite, $0.inputs) }
    }

    func isEnd(_ node: Node) -> Bool { node.isKnown || node.id < first }

    func operands(_ node: Node) -> [Node?] {
      if isEnd(node) { return [] }
      if let note = composite(node) { return note.inputs.map { $0?.node } }
      let all = node.inputs.all
      // The others are for the reverse walk.
      if case .custom = node.op { return Array(all.prefix(1)) }
      return all
    }

    /// What was made before the trace and has no numbers yet.
    func pendingCaptured(_ roots: [Node]) throws -> [Node] {
      var seen: Set<Int> = []
      var stack = roots
      var pending: [Node] = []
      while let node = stack.popLast() {
        if !seen.insert(node.id).inserted { continue }
        if draws.contains(node.id) {
          throw TensorError(
            "trace", "the forward pass draws random numbers, \(node.dtype)\(node.shape)",
            help: "a model in evaluation mode draws none; give what is drawn as an input")
        }
        if node.id < first, !node.isKnown { pending.append(node) }
        stack += operands(node).compactMap { $0 }
      }
      return pending
    }

    func values(of roots: [Node]) throws -> ([Value], [Int]) {
      var values: [Value] = []
      var places: [Int: Int] = [:]
      var calls: [Int: Int] = [:]
      var stack = Array(roots.reversed())
      while let node = stack.last {
        if places[node.id] != nil {
          stack.removeLast()
          continue
        }
        let operands = operands(node)
        let missing = operands.compactMap { $0 }.filter { places[$0.id] == nil }
        if !missing.isEmpty {
          stack += missing.reversed()
          continue
        }
        stack.removeLast()
        let inputs = operands.map { $0.map { places[$0.id]! } }
        func add(_ source: Source, _ inputs: [Int?]) -> Int {
          values.append(
            Value(source: source, inputs: inputs, shape: node.shape, dtype: node.dtype))
          return values.count - 1
        }
        let place: Int
        if let position = given[node.id] {
          place = add(.given(position), [])
        } else if case .scalar(let scalar) = node.op {
          place = add(.scalar(scalar), [])
        } else if isEnd(node) {
          place = add(.known(Tensor(node: node)), [])
        } else if let note = composite(node) {
          // A result that is reached later is one of the same call.
          let key = note.call
          let call = calls[key] ?? add(.composite(note.composite), inputs)
          calls[key] = call
          place = add(.part(note.part), [call])
        } else {
          place = add(.op(node.op), inputs)
        }
        places[node.id] = place
      }
      return (values, roots.map { places[$0.id]! })
    }
  }
}

extension Tensor {
  /// What tells the tensor's elements from all others.
  package var identity: Int { node.id }
}
