import BlitzTensor

extension OpTable {
  /// Networks that read a sequence step by step.
  static let recurrent: [OpEntry] = [
    OpEntry(many: "RNN") { call in
      try call.recurrence(gates: 1, activations: ["Tanh"]) { step in
        (step.activate(0, step.inputs + step.state.matmul(step.recurrence)), nil)
      }
    },
    OpEntry(many: "GRU") { call in
      try call.recurrence(gates: 3, activations: ["Sigmoid", "Tanh"]) { step in
        let hidden = step.state.shape[1]
        let inputs = step.inputs.split(count: 3, axis: 1)
        // All three products at once, or that of the candidate once it is reset.
        let products = step.state.matmul(
          step.lateBias == nil ? step.recurrence[0..., ..<(2 * hidden)] : step.recurrence)
        let update = step.activate(0, inputs[0] + products[0..., ..<hidden])
        let reset = step.activate(0, inputs[1] + products[0..., hidden..<(2 * hidden)])
        let memory =
          step.lateBias.map { reset * (products[0..., (2 * hidden)...] + $0) }
          ?? (reset * step.state).matmul(step.recurrence[0..., (2 * hidden)...])
        let candidate = step.activate(1, inputs[2] + memory)
        return ((1 - update) * candidate + update * step.state, nil)
      }
    },
    OpEntry(many: "LSTM") { call in
      let couples = call.flag("input_forget")
      return try call.recurrence(gates: 4, activations: ["Sigmoid", "Tanh", "Tanh"]) { step in
        let sums = (step.inputs + step.state.matmul(step.recurrence)).split(count: 4, axis: 1)
        func sum(_ gate: Int, _ peephole: Int, _ cell: Tensor) -> Tensor {
          step.peepholes.map { sums[gate] + $0[peephole] * cell } ?? sums[gate]
        }
        let old = step.cell
        let input = step.activate(0, sum(0, 0, old))
        let forget = couples ? 1 - input : step.activate(0, sum(2, 2, old))
        let cell = forget * old + input * step.activate(1, sums[3])
        let output = step.activate(0, sum(1, 1, cell))
        // The clip is that of the gates' sums alone.
        return (output * step.apply(2, cell), cell)
      }
    },
  ]
}

/// One step of one direction of a recurrent op.
private struct RecurrentStep {
  /// What the step's input and the biases give to the gates, `[N, gates * hidden]`.
  var inputs: Tensor
  /// The weights of the state, `[hidden, gates * hidden]`.
  let recurrence: Tensor
  /// The bias that a GRU adds to the candidate's product before the reset; nil if it resets the
  /// state, and of others.
  let lateBias: Tensor?
  let peepholes: [Tensor]?
  let functions: [@Sendable (Tensor) -> Tensor]
  let clip: Double?
  var state: Tensor
  var cell: Tensor

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
      // One product for all steps and gates.
      let projected =
        (x.reshaped(to: Shape([steps * batch, x.shape[2]]))
        .matmul(self[1][place].transposed()) + step.inputs)
        .reshaped(to: Shape([steps, batch, gates * hidden]))
      let isReverse = direction == "reverse" || place == 1
      var results = [Tensor?](repeating: nil, count: steps)
      for time in isReverse ? Array((0..<steps).reversed()) : Array(0..<steps) {
        step.inputs = projected[time]
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
    // The biases of the inputs and of the state, which all but one are added up before a step.
    var bias = Tensor.zeros([], dtype: self[0].dtype)
    var lateBias: Tensor? = nil
    if gates == 3, flag("linear_before_reset") {
      lateBias = Tensor.zeros([], dtype: self[0].dtype)
    }
    if let both = optional(3)?[place] {
      if let error = both.error { throw error }
      guard both.elementCount == 2 * gates * hidden else {
        throw failure("the biases are \(both.elementCount) numbers, not \(2 * gates * hidden)")
      }
      var ofState = both[(gates * hidden)...]
      if lateBias != nil {
        lateBias = ofState[(2 * hidden)...]
        ofState = concatenate([
          ofState[..<(2 * hidden)], Tensor.zeros([hidden], dtype: both.dtype),
        ])
      }
      bias = both[..<(gates * hidden)] + ofState
    }
    let peepholes = optional(7)?[place].split(sizes: Array(repeating: hidden, count: 3))
    return RecurrentStep(
      inputs: bias, recurrence: self[2][place].transposed(), lateBias: lateBias,
      peepholes: gates == 4 ? peepholes : nil, functions: own,
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
