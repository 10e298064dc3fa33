import BlitzTensor

extension OpTable {
  /// Networks that read a sequence step by step.
  static let recurrent: [OpEntry] = [
    OpEntry(many: "RNN") { call in
      try call.recurrence(gates: 1, activations: ["Tanh"]) { step in
        let input =
          step.inputs[0] + step.state.matmul(step.recurrence[0]) + step.bias(0) + step.bias(1)
        return (step.activate(0, input), nil)
      }
    },
    OpEntry(many: "GRU") { call in
      let isLinearFirst = call.flag("linear_before_reset")
      return try call.recurrence(gates: 3, activations: ["Sigmoid", "Tanh"]) { step in
        func product(_ gate: Int) -> Tensor {
          step.state.matmul(step.recurrence[gate]) + step.bias(gate + 3)
        }
        let update = step.activate(0, step.inputs[0] + step.bias(0) + product(0))
        let reset = step.activate(0, step.inputs[1] + step.bias(1) + product(1))
        let memory =
          isLinearFirst
          ? reset * product(2)
          : (reset * step.state).matmul(step.recurrence[2]) + step.bias(5)
        let hidden = step.activate(1, step.inputs[2] + step.bias(2) + memory)
        return ((1 - update) * hidden + update * step.state, nil)
      }
    },
    OpEntry(many: "LSTM") { call in
      let couples = call.flag("input_forget")
      return try call.recurrence(gates: 4, activations: ["Sigmoid", "Tanh", "Tanh"]) { step in
        func sum(_ gate: Int, _ peephole: Int?, _ cell: Tensor) -> Tensor {
          var sum = step.inputs[gate] + step.state.matmul(step.recurrence[gate])
          sum = sum + step.bias(gate) + step.bias(gate + 4)
          if let peephole, let weights = step.peephole(peephole) { sum = sum + weights * cell }
          return sum
        }
        let old = step.cell
        let input = step.activate(0, sum(0, 0, old))
        let forget = couples ? 1 - input : step.activate(0, sum(2, 2, old))
        let cell = forget * old + input * step.activate(1, sum(3, nil, old))
        let output = step.activate(0, sum(1, 1, cell))
        // The clip is that of the gates' sums alone.
        return (output * step.apply(2, cell), cell)
      }
    },
  ]
}

/// One step of one direction of a recurrent op.
private struct RecurrentStep {
  /// What the step's input gives to each gate.
  var inputs: [Tensor]
  /// The weights of the state for each gate.
  let recurrence: [Tensor]
  let biases: [Tensor]?
  let peepholes: [Tensor]?
  let functions: [@Sendable (Tensor) -> Tensor]
  let clip: Double?
  var state: Tensor
  var cell: Tensor

  func bias(_ gate: Int) -> Tensor { biases?[gate] ?? Tensor.zeros([], dtype: state.dtype) }

  func peephole(_ gate: Int) -> Tensor? { peepholes?[gate] }

  func apply(_ function: Int, _ x: Tensor) -> Tensor { functions[function](x) }

  func activate(_ function: Int, _ x: Tensor) -> Tensor {
    apply(function, clip.map { x.clamp(min: -$0, max: $0) } ?? x)
  }
}

extension OpCall {
  /// Runs a step for each element of the sequences and each direction.
  fileprivate func recurrence(
    gates: Int, activations: [String],
    _ advance: (RecurrentStep) -> (state: Tensor, cell: Tensor?)
  ) throws -> [Value] {
    let isBatchFirst = flag("layout")
    let x = isBatchFirst ? self[0].permuted([1, 0, 2]) : self[0]
    if let error = x.error ?? self[1].error ?? self[2].error { throw error }
    let direction = text("direction", "forward")
    let directions = direction == "bidirectional" ? 2 : 1
    guard x.rank == 3, self[1].rank == 3, self[1].shape[0] == directions, self[2].rank == 3,
      self[2].shape[2] > 0, self[2].shape[1] == gates * self[2].shape[2]
    else { throw failure("the weights do not fit \(directions) directions of \(gates) gates") }
    let (steps, batch, hidden) = (x.shape[0], x.shape[1], self[2].shape[2])
    let lengths = optional(4)?.cast(to: .int64).reshaped(to: [-1, 1])
    var (outputs, states, cells): ([Tensor], [Tensor], [Tensor]) = ([], [], [])
    for place in 0..<directions {
      var step = try recurrentStep(place, gates, activations, batch, hidden, isBatchFirst)
      let weights = self[1][place].split(sizes: Array(repeating: hidden, count: gates))
      let projected = weights.map { x.matmul($0.transposed()) }
      let isReverse = direction == "reverse" || place == 1
      var results = [Tensor?](repeating: nil, count: steps)
      for time in isReverse ? Array((0..<steps).reversed()) : Array(0..<steps) {
        step.inputs = projected.map { $0[time] }
        var (state, cell) = advance(step)
        results[time] = state
        if let lengths {
          let isInside = lengths .> time
          results[time] = .where(isInside, state, state * 0)
          state = .where(isInside, state, step.state)
          cell = cell.map { .where(isInside, $0, step.cell) }
        }
        step.state = state
        if let cell { step.cell = cell }
      }
      if let lengths {
        step.state = .where(lengths .> 0, step.state, step.state * 0)
        step.cell = .where(lengths .> 0, step.cell, step.cell * 0)
      }
      let found = results.compactMap { $0 }
      outputs.append(
        found.isEmpty ? Tensor.zeros([0, batch, hidden], dtype: x.dtype) : stack(found))
      states.append(step.state)
      cells.append(step.cell)
    }
    let all = stack(outputs, axis: 1)
    let (last, cell) = (stack(states), stack(cells))
    return [
      Value(isBatchFirst ? all.permuted([2, 0, 1, 3]) : all),
      Value(isBatchFirst ? last.permuted([1, 0, 2]) : last),
      Value(isBatchFirst ? cell.permuted([1, 0, 2]) : cell),
    ]
  }

  /// What all steps of a direction share, with the state to begin with.
  private func recurrentStep(
    _ place: Int, _ gates: Int, _ activations: [String], _ batch: Int, _ hidden: Int,
    _ isBatchFirst: Bool
  ) throws -> RecurrentStep {
    func start(_ index: Int) -> Tensor {
      guard let given = optional(index) else {
        return Tensor.zeros([batch, hidden], dtype: self[0].dtype)
      }
      return isBatchFirst ? given[0..., place] : given[place]
    }
    let names =
      texts("activations") ?? Array(repeating: activations, count: place + 1).flatMap { $0 }
    guard names.count >= activations.count * (place + 1) else {
      throw failure("\(names.count) activations are too few")
    }
    var (alphas, betas) = (
      (floats("activation_alpha") ?? [])[...], (floats("activation_beta") ?? [])[...]
    )
    let functions = try names.map { try activation($0, &alphas, &betas) }
    let own = Array(functions[place * activations.count..<(place + 1) * activations.count])
    func parts(_ index: Int, _ count: Int) -> [Tensor]? {
      optional(index)?[place].split(sizes: Array(repeating: hidden, count: count))
    }
    return RecurrentStep(
      inputs: [],
      recurrence: self[2][place].split(sizes: Array(repeating: hidden, count: gates))
        .map { $0.transposed() },
      biases: parts(3, 2 * gates), peepholes: gates == 4 ? parts(7, 3) : nil, functions: own,
      clip: has("clip") ? float("clip") : nil, state: start(5),
      cell: gates == 4 ? start(6) : start(99))
  }

  /// A function by ONNX's name for it; those that have numbers take them from the lists.
  private func activation(
    _ name: String, _ alphas: inout ArraySlice<Double>, _ betas: inout ArraySlice<Double>
  ) throws -> @Sendable (Tensor) -> Tensor {
    func alpha(_ otherwise: Double) -> Double { alphas.popFirst() ?? otherwise }
    func beta(_ otherwise: Double) -> Double { betas.popFirst() ?? otherwise }
    switch name.lowercased() {
    case "relu": return { $0.relu() }
    case "tanh": return { $0.tanh() }
    case "sigmoid": return { $0.sigmoid() }
    case "softsign": return { $0.softsign() }
    case "softplus": return { $0.softplus() }
    case "affine":
      let (a, b) = (alpha(1), beta(0))
      return { a * $0 + b }
    case "leakyrelu":
      let a = alpha(0.01)
      return { $0.leakyRelu(slope: a) }
    case "thresholdedrelu":
      let a = alpha(1)
      return { .where($0 .> a, $0, 0) }
    case "scaledtanh":
      let (a, b) = (alpha(1), beta(1))
      return { a * (b * $0).tanh() }
    case "hardsigmoid":
      let (a, b) = (alpha(0.2), beta(0.5))
      return { (a * $0 + b).clamp(min: 0, max: 1) }
    case "elu":
      let a = alpha(1)
      return { $0.elu(alpha: a) }
    default: throw failure("there is no activation \(name)")
    }
  }
}
