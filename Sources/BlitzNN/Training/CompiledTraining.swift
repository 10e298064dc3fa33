import BlitzTensor

/// Compiles a training step: forward pass, backward pass, clipping and update are planned together,
/// once for each combination of shapes and dtypes; later calls only run the plan.
///
///     let step = compile(model, optimizer) { x, y in
///       crossEntropy(logits: model(x), labels: y)
///     }
///     for (x, y) in batches { print(try step(x, y).item()) }
///
/// The parameters, the buffers and the optimizer's state change in place. Rates may change from
/// step to step and dropout draws new masks, so the losses are those of the step without compiling.
/// A change of mode (`train()`, `eval()`) or of what is frozen makes another plan.
///
/// Tensors and Swift numbers that the function captures, other than the model's, are constants of
/// the plan: a step throws once a captured tensor was replaced, but does not see that a number has
/// changed (see the page *Numbers that surprise*). The function must not read values (`item()`,
/// printing); its control flow is fixed when it is recorded.
///
/// With `steps`, one call makes that many steps, which an accelerator runs as one program. Each
/// tensor of the call then has a first axis for the steps, and so has the loss that is returned.
/// The rates stay the same during the call.
///
///     let epoch = compile(model, optimizer, steps: 100) { x, y in
///       crossEntropy(logits: model(x), labels: y)
///     }
///     let losses = try epoch(x, y)     // x is [100, 128, 784], y [100, 128], losses [100]
///
/// - Parameters:
///   - model: the module whose parameters and buffers the loss reads.
///   - optimizer: an optimizer of that model.
///   - clipping: how the gradients are clipped before the update; nil for not at all.
///   - scaler: multiplies the loss for float16. Where gradients overflow, the step is skipped:
///     weights and the optimizer's state stay, and the factor changes.
///   - steps: the number of steps that a call makes; nil for one, without the first axis.
///   - loss: computes a single number from the tensors that the step is called with.
public func compile(
  _ model: any Module, _ optimizer: Optimizer, clipping: Clipping? = nil,
  scaler: LossScaler? = nil, steps: Int? = nil,
  _ loss: @escaping (Tensor, Tensor) throws -> Tensor
) -> CompiledTraining {
  CompiledTraining(model, optimizer, clipping, scaler, steps) { inputs in
    guard inputs.count == 2 else {
      throw TensorError(
        "compile", "the step takes 2 tensors, not \(inputs.count)",
        help: "call it with as many tensors as the function has parameters")
    }
    return try loss(inputs[0], inputs[1])
  }
}

/// Compiles a training step that takes any number of tensors; see
/// ``compile(_:_:clipping:scaler:steps:_:)-(_,_,_,_,_,(Tensor,Tensor)->Tensor)``.
public func compile(
  _ model: any Module, _ optimizer: Optimizer, clipping: Clipping? = nil,
  scaler: LossScaler? = nil, steps: Int? = nil,
  _ loss: @escaping ([Tensor]) throws -> Tensor
) -> CompiledTraining {
  CompiledTraining(model, optimizer, clipping, scaler, steps, loss)
}

/// A compiled training step, as `compile(model, optimizer)` returns it.
public final class CompiledTraining {
  let optimizer: Optimizer
  private let clipping: Clipping?
  let steps: Int?
  private let scaler: LossScaler?
  private let loss: ([Tensor]) throws -> Tensor
  /// All that a step reads or changes besides the optimizer's state.
  private let parameters: [Parameter]
  private let buffers: [Buffer]
  private let modes: [Mode]
  private var recordings: [Key: Recorded] = [:]
  /// For many steps with a scaler, how many of the call were not skipped, and the numbers of each
  /// update that there may be; else nothing.
  var updates: [Tensor] = []

  /// What decides about the ops of a step.
  private struct Key: Hashable {
    var signatures: [Recording.Signature]
    var modes: [Bool]
    /// For each parameter of the optimizer, which scalars its update uses.
    var scalars: [Int]
    var structure: [[Bool]]
    var watches: Bool
    var maximizes: Bool
    var precision = Autocast.precision
  }

  private struct Recorded {
    var recording: Recording
    /// The places of the optimizer's parameters that the step changes.
    var updated: [Int]
  }

  init(
    _ model: any Module, _ optimizer: Optimizer, _ clipping: Clipping?,
    _ scaler: LossScaler?, _ steps: Int?, _ loss: @escaping ([Tensor]) throws -> Tensor
  ) {
    self.optimizer = optimizer
    self.clipping = clipping
    self.scaler = scaler
    self.steps = steps
    self.loss = loss
    var parameters = model.parameters.map(\.parameter)
    let known = Set(parameters.map { ObjectIdentifier($0) })
    parameters += optimizer.slots.map(\.parameter).filter { !known.contains(ObjectIdentifier($0)) }
    self.parameters = parameters
    buffers = model.buffers.map(\.buffer)
    modes = ModuleWalk(model).parts.compactMap { _, part in
      if case .mode(let mode) = part { mode } else { nil }
    }
  }

  /// The number of plans so far, one for each combination of shapes and dtypes.
  public var planCount: Int { recordings.count }

  /// The plans in words.
  package var planDescriptions: [String] { recordings.values.map(\.recording.planDescription) }

  /// Trains for one step, or for as many as were compiled.
  ///
  /// - Parameter inputs: the arguments of the loss function.
  /// - Returns: the loss before the update, computed.
  /// - Throws: what the function throws, or `TensorError` as the optimizer's `step()` does;
  ///   parameters and state are then unchanged.
  public func callAsFunction(_ inputs: Tensor...) throws -> Tensor { try run(inputs) }

  private func run(_ inputs: [Tensor]) throws -> Tensor {
    try optimizer.checkSettings()
    try check(inputs)
    if let device = parameters.first?.value.device { scaler?.follow(to: device) }
    try optimizer.settle()
    try optimizer.prepareState()
    let slots = optimizer.slots
    let (sets, places) = scalarSets()
    var scalars = scalars(of: sets)
    if let steps, let scaler {
      updates = CompiledTraining.table(scalars, rows: steps, on: scaler.tensors[0].device)
      scalars = []
    }
    let recorded = try recorded(inputs, places, sets)

    var state = held()
    // The parameters let go, so that what only they held can change in place.
    place([Tensor](repeating: CompiledTraining.stub, count: state.count))
    let answers: [Tensor]
    do {
      defer { place(state) }
      answers = try recorded.recording.run(&state, inputs, numbers: scalars)
    }
    for index in recorded.updated { slots[index].count += steps ?? 1 }
    if scaler != nil { optimizer.unread.append((answers[1], recorded.updated)) }
    let sizes = answers.dropFirst(scaler == nil ? 1 : 2)
    optimizer.keep(sizes.map { steps == nil ? $0 : $0[-1] })
    optimizer.madeCount += steps ?? 1
    return answers[0]
  }

  /// Whether there is a batch for each step.
  private func check(_ inputs: [Tensor]) throws {
    guard let steps else { return }
    if steps < 1 || steps > Int(Int32.max) {
      throw TensorError(
        "compile", "steps is \(steps)", help: "compile one step or more, up to \(Int32.max)")
    }
    for (place, input) in inputs.enumerated() where input.error == nil {
      if input.rank > 0, input.shape[0] == steps { continue }
      throw TensorError(
        "compile", "\(steps) steps take \(steps) batches, along the first axis",
        operands: [("tensor \(place)", input.signature)],
        help: "stack as many batches as the step was compiled for")
    }
  }

  /// The recording for what there is now, made if there is none.
  private func recorded(
    _ inputs: [Tensor], _ places: [Int], _ sets: [Optimizer.ScalarSet]
  ) throws -> Recorded {
    let state = held()
    try eval(state + inputs)
    let given = inputs.map(Recording.Signature.init)
    let key = Key(
      signatures: state.map(Recording.Signature.init)
        + (steps == nil ? given : given.map(\.ofOneStep)),
      modes: modes.map(\.isTraining), scalars: places,
      structure: optimizer.groups.map(\.rule.structure), watches: optimizer.watchesGradients,
      maximizes: optimizer.maximizes)
    if let known = recordings[key] { return known }

    var updated: [Int] = []
    let before = optimizer.slots.map(\.count)
    let (starts, count) = ranges(of: sets)
    let recording = try Recording(
      stateCount: state.count, signatures: key.signatures,
      numberCount: updates.isEmpty ? count : 0,
      repeating: steps.map { Recording.Repeating(steps: $0, hasInputsPerStep: true) }
    ) { given in
      place(given.state)
      defer {
        place(state)
        for (slot, count) in zip(optimizer.slots, before) { slot.count = count }
      }
      let loss = try loss(given.inputs)
      try (scaler?.scale(loss) ?? loss).backward()
      try optimizer.checkGradients()
      let isFinite = try scaler?.unscaledFlag(optimizer)
      if let clipping { optimizer.clipGradients(clipping) }
      let sizes = optimizer.sizes()
      let old = updatable()
      updated = optimizer.slots.indices.filter { optimizer.slots[$0].parameter.value.hasGrad }
      try optimizer.advance { slot, set in
        updates.isEmpty
          ? Array(given.numbers[slot.scalarDType]![starts[set]!])
          : listed(starts[set]!, slot.scalarDType)
      }
      if let scaler, let isFinite {
        noGrad { keep(old, of: updated, unless: isFinite) }
        scaler.tensors = scaler.updated(isFinite)
        if !updates.isEmpty { updates[0] = updates[0] + isFinite.cast(to: .int64) }
      }
      return (held(), [loss.detached()] + (isFinite.map { [$0] } ?? []) + sizes)
    }
    let recorded = Recorded(recording: recording, updated: updated)
    recordings[key] = recorded
    return recorded
  }

  /// All tensors that a step may change.
  private func held() -> [Tensor] {
    parameters.map(\.value) + buffers.map(\.wrappedValue) + optimizer.slots.flatMap(\.state)
      + (scaler?.tensors ?? []) + updates
  }

  /// What an update changes: the weights and the optimizer's state.
  private func updatable() -> [[Tensor]] {
    optimizer.slots.map { [$0.parameter.value.detached()] + $0.state }
  }

  /// Puts back what an update has changed where gradients were not finite.
  private func keep(_ old: [[Tensor]], of updated: [Int], unless isFinite: Tensor) {
    for index in updated {
      let (slot, old) = (optimizer.slots[index], old[index])
      slot.parameter.value = Tensor.where(isFinite, slot.parameter.value.detached(), old[0])
      for index in slot.state.indices {
        slot.state[index] = Tensor.where(isFinite, slot.state[index], old[index + 1])
      }
    }
  }

  /// Puts tensors in the places from which `held()` takes them.
  private func place(_ tensors: [Tensor]) {
    var next = tensors.makeIterator()
    for parameter in parameters { parameter.value = next.next()! }
    for buffer in buffers { buffer.wrappedValue = next.next()! }
    for slot in optimizer.slots {
      for index in slot.state.indices { slot.state[index] = next.next()! }
    }
    if let scaler {
      for index in scaler.tensors.indices { scaler.tensors[index] = next.next()! }
    }
    for index in updates.indices { updates[index] = next.next()! }
  }

  /// What a parameter holds while a step changes it.
  private static let stub = Tensor(
    error: TensorError(
      "compile", "a parameter is read while a compiled step changes it",
      help: "wait for the step, or read the parameter on the same task"))
}
