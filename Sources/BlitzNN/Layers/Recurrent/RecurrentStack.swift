import BlitzTensor

/// What ``RNN``, ``LSTM`` and ``GRU`` share: a stack of layers, each of which reads forward and, if
/// bidirectional, backward, with PyTorch's parameter names.
struct RecurrentStack: Module, Sendable, CustomStringConvertible {
  let name: String
  let inputSize: Int
  let hiddenSize: Int
  /// The size of what a step gives, less than the hidden size where an LSTM projects it.
  let outputSize: Int
  /// The number of vectors of the hidden size that a step computes: 4 for an LSTM.
  let gates: Int
  let layers: Int
  let bias: Bool
  let batchFirst: Bool
  let dropout: Double
  let bidirectional: Bool
  let generator: Generator
  /// What a step computes.
  let recurrent: Composite.Recurrent
  let mode = Mode()
  let plans = PlannedGraphs()
  /// The weights by layer, forward before backward; of one layer if the sizes are wrong.
  let cells: [Cell]
  /// What is wrong with the sizes.
  private let sizeError: TensorError?

  /// The weights of one layer in one direction.
  struct Cell: Sendable {
    let weightIH: Parameter
    let weightHH: Parameter
    let biasIH: Parameter?
    let biasHH: Parameter?
    /// What projects the hidden state, `[outputSize, hiddenSize]`; of an LSTM alone.
    let weightHR: Parameter?

    var parameters: [Parameter] {
      [weightIH, weightHH] + [biasIH, biasHH, weightHR].compactMap { $0 }
    }
  }

  init(
    _ name: String, _ inputSize: Int, _ hiddenSize: Int, gates: Int, layers: Int, bias: Bool,
    batchFirst: Bool, dropout: Double, bidirectional: Bool, projectionSize: Int = 0,
    generator: Generator, recurrent: Composite.Recurrent
  ) {
    self.name = name
    self.inputSize = inputSize
    self.hiddenSize = hiddenSize
    let outputSize = projectionSize == 0 ? hiddenSize : projectionSize
    self.outputSize = outputSize
    self.gates = gates
    self.layers = layers
    self.bias = bias
    self.batchFirst = batchFirst
    self.dropout = dropout
    self.bidirectional = bidirectional
    self.generator = generator
    self.recurrent = recurrent
    let sizes = LayerSizes(
      layer: "\(name)(\(inputSize), \(hiddenSize))",
      sizes: [
        ("inputSize", inputSize), ("hiddenSize", hiddenSize), ("projectionSize", outputSize),
      ],
      layers: layers)
    sizeError = sizes.error
    let isPossible = sizeError == nil
    let bound = 1 / Double(max(hiddenSize, 1)).squareRoot()
    func parameter(_ shape: Shape, _ name: String) -> Parameter {
      Parameter(
        sizes.draw { .uniform(shape, from: -bound, to: bound, generator: generator) }, name: name)
    }
    let directions = bidirectional ? 2 : 1
    cells = (0..<(isPossible ? layers : 1) * directions).map { index in
      let layer = index / directions
      let suffix = "l\(layer)" + (index % directions == 1 ? "_reverse" : "")
      let width = layer == 0 ? inputSize : (isPossible ? outputSize * directions : 0)
      let rows = isPossible ? gates * hiddenSize : 0
      return Cell(
        weightIH: parameter([rows, width], "weight_ih_\(suffix)"),
        weightHH: parameter([rows, isPossible ? outputSize : 0], "weight_hh_\(suffix)"),
        biasIH: bias ? parameter([rows], "bias_ih_\(suffix)") : nil,
        biasHH: bias ? parameter([rows], "bias_hh_\(suffix)") : nil,
        weightHR: projectionSize == 0
          ? nil
          : parameter(isPossible ? [outputSize, hiddenSize] : [0, 0], "weight_hr_\(suffix)"))
    }
  }

  var members: [(name: String, value: Any)] {
    cells.flatMap(\.parameters).map { ($0.name ?? "", $0) } + [("mode", mode)]
  }

  var description: String {
    "\(name)(\(inputSize), \(hiddenSize)" + (layers == 1 ? "" : ", layers: \(layers)")
      + (bidirectional ? ", bidirectional: true" : "")
      + (batchFirst ? ", batchFirst: true" : "")
      + (outputSize == hiddenSize ? "" : ", projectionSize: \(outputSize)") + ")"
  }

  /// One layer in one direction over a sequence.
  ///
  /// - Parameters:
  ///   - sequence: `[L, N, width]`
  ///   - initial: `[N, hidden]`, as many as the network has states; none for zeros.
  ///   - ends: where each sequence ends, if not all with the last step.
  /// - Returns: `[L, N, hidden]`, and the states after the last step.
  typealias Scan = (
    _ sequence: Tensor, _ cell: Cell, _ initial: [Tensor], _ isReversed: Bool, _ ends: SequenceEnds?
  ) -> (sequence: Tensor, states: [Tensor])

  /// The output and last state of a network with one state.
  @inline(never)
  func run(
    _ input: Tensor, initial: Tensor?, _ scan: Scan
  ) -> (output: Tensor, hidden: Tensor) {
    let (output, states) = run(
      input, initial: initial.map { [("hidden", $0)] } ?? [], states: 1, scan)
    return (output, states[0])
  }

  /// The same for sequences of different lengths.
  @inline(never)
  func run(
    _ input: PackedSequence, initial: Tensor?, _ scan: Scan
  ) -> (output: PackedSequence, hidden: Tensor) {
    let (output, states) = run(
      input, initial: initial.map { [("hidden", $0)] } ?? [], states: 1, scan)
    return (output, states[0])
  }

  @inline(never)
  func run(
    _ input: PackedSequence, initial: [(name: String, state: Tensor)], states: Int, _ scan: Scan
  ) -> (output: PackedSequence, states: [Tensor]) {
    let (output, states) = run(
      input.padded(batchFirst: batchFirst), initial: initial, states: states,
      ends: SequenceEnds(input.lengths, held: held), scan)
    let packed =
      output.error == nil
      ? PackedSequence(output, lengths: input.lengths, batchFirst: batchFirst)
      : PackedSequence(data: output, lengths: [])
    return (packed, states)
  }

  /// What each gate is set to behind a sequence's end: a cell's state stays, and what is given of
  /// such steps is finite.
  private var held: [Double] {
    switch recurrent {
    case .lstm: [-1e4, 1e4, 0, -1e4]
    case .gru: [0, 1e4, 0]
    case .tanh: [0]
    case .relu: [-.infinity]
    }
  }

  /// The output of the last layer, and each state after the last step, `[cells, N, hidden]`.
  @inline(never)
  func run(
    _ input: Tensor, initial: [(name: String, state: Tensor)], states stateCount: Int,
    ends: SequenceEnds? = nil, _ scan: Scan
  ) -> (output: Tensor, states: [Tensor]) {
    func failed(_ tensor: Tensor) -> (Tensor, [Tensor]) {
      (tensor, Array(repeating: tensor, count: stateCount))
    }
    if let refusal = refusal(of: input, initial, isPacked: ends != nil) { return failed(refusal) }
    // Without a batch there is one of size 1.
    let isBatched = input.rank == 3
    let batchAxis = batchFirst ? 0 : 1
    var sequence = isBatched ? input : input.unsqueezed(axis: batchAxis)
    if batchFirst { sequence = sequence.transposed(0, 1) }
    let starts = initial.map { isBatched ? $0.state : $0.state.unsqueezed(axis: 1) }
    let directions = bidirectional ? 2 : 1
    var finals = [[Tensor]](repeating: [], count: stateCount)
    for layer in 0..<layers {
      if layer > 0 { sequence = dropped(sequence, ends) }
      let parts = (0..<directions).map { direction in
        let index = layer * directions + direction
        let (part, states) = read(
          sequence, cells[index], starts.map { $0[index] }, direction == 1, ends, scan)
        for (place, state) in states.enumerated() { finals[place].append(state) }
        return part
      }
      let given = sequence
      sequence = concatenate(parts, axis: 2)
      // Other languages' layers have no projection and read all to the last step: they get steps.
      let isQuantized = cells[layer * directions].weightIH.quantized != nil
      if outputSize != hiddenSize || ends != nil || isQuantized { continue }
      Composite.note(
        .recurrent(recurrent, directions: directions, hidden: hiddenSize),
        of: recorded(given, layer, starts),
        gives: [sequence] + finals.flatMap { $0.suffix(directions) })
    }
    var output = batchFirst ? sequence.transposed(0, 1) : sequence
    if !isBatched { output = output.squeezed(axis: batchAxis) }
    return (
      output, finals.map { isBatched ? stack($0) : stack($0).squeezed(axis: 1) }
    )
  }

  /// One layer in one direction, over sequences that may end before the last step.
  @inline(never)
  private func read(
    _ sequence: Tensor, _ cell: Cell, _ initial: [Tensor], _ isReversed: Bool,
    _ ends: SequenceEnds?, _ scan: Scan
  ) -> (sequence: Tensor, states: [Tensor]) {
    guard let ends else { return scan(sequence, cell, initial, isReversed, nil) }
    let given = isReversed ? ends.reversed(sequence) : sequence
    var (output, states) = scan(given, cell, initial, false, ends)
    if output.error != nil { return (output, states) }
    states[0] = ends.last(output)
    return (isReversed ? ends.reversed(output) : output, states)
  }

  /// What goes from one layer to the next; of packed sequences PyTorch draws for what is there.
  private func dropped(_ sequence: Tensor, _ ends: SequenceEnds?) -> Tensor {
    guard let ends, mode.isTraining, dropout > 0 else {
      return sequence.dropped(dropout, in: mode, generator)
    }
    let packed = PackedSequence(sequence, lengths: ends.lengths)
    return PackedSequence(
      data: packed.data.dropped(dropout, in: mode, generator), lengths: ends.lengths
    ).padded()
  }

  /// What a layer's nodes in other languages take.
  private func recorded(_ sequence: Tensor, _ layer: Int, _ starts: [Tensor]) -> [Tensor?] {
    let directions = bidirectional ? 2 : 1
    let own = layer * directions..<(layer + 1) * directions
    let weights = cells[own].flatMap { cell -> [Tensor?] in
      [cell.weightIH.value, cell.weightHH.value, cell.biasIH?.value, cell.biasHH?.value]
    }
    let states = starts.flatMap { start -> [Tensor?] in own.map { start[$0] } }
    return [sequence] + weights + states
  }

  private func refusal(
    of input: Tensor, _ initial: [(name: String, state: Tensor)], isPacked: Bool
  ) -> Tensor? {
    let weights = cells[0].weightIH.value
    if let error = sizeError ?? weightError { return Tensor(error: error) }
    if let refusal = input.refusal(by: description, weights: weights) { return refusal }
    let axes = batchFirst ? "[N, L, \(inputSize)]" : "[L, N, \(inputSize)]"
    guard !isPacked || input.rank == 3 else {
      return input.refused(
        by: description, "a step of the packed sequences has \(input.rank - 2) axes",
        help: "pack sequences of [length, \(inputSize)]")
    }
    guard input.rank == 2 || input.rank == 3 else {
      return input.refused(
        by: description, "the input has \(input.rank) axes",
        help: "the input is \(axes), or [L, \(inputSize)] without a batch")
    }
    guard input.shape[input.rank - 1] == inputSize else {
      return input.refused(
        by: description,
        "the input's last axis is \(input.shape[input.rank - 1]), the layer takes \(inputSize)",
        help: "the input is \(axes), or [L, \(inputSize)] without a batch")
    }
    let (batch, steps) = (batchFirst ? 0 : 1, batchFirst ? 1 : 0)
    guard input.shape[input.rank == 3 ? steps : 0] > 0 else {
      return input.refused(
        by: description, "the sequence has no steps", help: "give one step or more")
    }
    for (name, state) in initial {
      if state.error != nil { return state }
      let size = name == "hidden" ? outputSize : hiddenSize
      let sizes =
        input.rank == 3 ? [cells.count, input.shape[batch], size] : [cells.count, size]
      guard state.shape == Shape(sizes), state.dtype == input.dtype else {
        return Tensor(
          error: TensorError(
            self.name, "the initial \(name) state is not \(input.dtype)\(Shape(sizes))",
            operands: [
              ("input", input.signature), (name, state.signature), ("layer", description),
            ],
            help: "its axes are layers times directions"
              + (input.rank == 3 ? ", batch, hidden size" : ", hidden size")))
      }
    }
    guard outputSize <= hiddenSize else {
      return input.refused(
        by: description, "the projection is not smaller than the hidden size",
        help: "give less than \(hiddenSize), or 0 for none")
    }
    guard dropout >= 0, dropout <= 1 else {
      return input.refused(
        by: description, "the dropout is \(dropout)", help: "give a number from 0 to 1")
    }
    return nil
  }
}

extension RecurrentStack {
  /// What is wrong with the parameters, which anybody may set.
  private var weightError: TensorError? {
    let directions = bidirectional ? 2 : 1
    let rows = gates * hiddenSize
    for (index, cell) in cells.enumerated() {
      let width = index < directions ? inputSize : outputSize * directions
      let shapes: [Shape] =
        [[rows, width], [rows, outputSize]] + (bias ? [[rows], [rows]] : [])
        + [[outputSize, hiddenSize]]
      for (parameter, shape) in zip(cell.parameters, shapes) {
        let value = parameter.value
        if let error = value.error { return error }
        if value.shape == shape, value.dtype == cells[0].weightIH.value.dtype { continue }
        return TensorError(
          name, "\(parameter.name ?? "a parameter") does not have the shape \(shape)",
          operands: [("parameter", value.signature), ("layer", description)],
          help: "set parameters to tensors of their shape, and of one dtype")
      }
    }
    return nil
  }
}

extension RecurrentStack.Cell {
  /// Whether steps are to go through `product(with:)`.
  var isWatchedOrQuantized: Bool { weightHH.isWatchedOrQuantized }

  /// The hidden states of all steps, one by one, `[L, N, hidden]`, and the states after the last.
  ///
  /// - Parameters:
  ///   - moved: the input's products for all steps with the input bias.
  ///   - step: the states that a step gives, the hidden one first: of the input's part, the hidden
  ///     state's products with the hidden bias, nil for a state of zeros, and the states before.
  func steps(
    _ moved: Tensor, _ initial: [Tensor], isReversed: Bool,
    _ step: (_ input: Tensor, _ hidden: Tensor?, _ before: [Tensor]) -> [Tensor]
  ) -> (sequence: Tensor, states: [Tensor]) {
    var states = initial
    let inputs = ScanOrder.parts(moved)
    var outputs = [Tensor?](repeating: nil, count: inputs.count)
    for t in ScanOrder(count: inputs.count, isReversed: isReversed).steps {
      let hidden = states.first.map { weightHH.product(with: $0) }
      states = step(inputs[t], hidden, states)
      outputs[t] = states[0]
    }
    return (stack(outputs.compactMap { $0 }), states)
  }

  /// `[L, N, width]` times the input weights: of all steps in one product, `[L, N, rows]`.
  func projected(_ sequence: Tensor, _ ends: SequenceEnds?) -> Tensor {
    let (steps, batch) = (sequence.shape[0], sequence.shape[1])
    let tall = sequence.reshaped(to: [steps * batch, sequence.shape[2]])
    let product = weightIH.product(with: tall)
    let moved = product.reshaped(to: [steps, batch, product.shape[1]])
    return ends?.holding(moved) ?? moved
  }
}
