import BlitzTensor

/// One step of a plain recurrent network, `torch.nn.RNNCell`.
///
///     h' = tanh(W_ih x + b_ih + W_hh h + b_hh)
///
/// - Shapes: input `[N, inputSize]` or `[inputSize]`, state `[N, hiddenSize]` or `[hiddenSize]`.
/// - Parameters: `weight_ih`, `weight_hh`, `bias_ih`, `bias_hh`; uniform over ±1/√hiddenSize.
/// - Error: other axes or dtype.
public struct RNNCell: Module, Sendable, CustomStringConvertible {
  let cell: StepCell
  /// The function that is applied.
  public let nonlinearity: RNN.Nonlinearity

  /// Makes a cell with new weights.
  ///
  /// - Parameters:
  ///   - inputSize: the size of the last axis of the input.
  ///   - hiddenSize: the size of the state.
  ///   - nonlinearity: the function that is applied.
  ///   - bias: whether there are biases.
  ///   - generator: the source of the initial weights.
  public init(
    _ inputSize: Int, _ hiddenSize: Int, nonlinearity: RNN.Nonlinearity = .tanh,
    bias: Bool = true, generator: Generator = .shared
  ) {
    cell = StepCell("RNNCell", inputSize, hiddenSize, gates: 1, bias, generator)
    self.nonlinearity = nonlinearity
  }

  /// The parts of the cell under PyTorch's names.
  public var members: [(name: String, value: Any)] { cell.members }

  /// The state after a step.
  ///
  /// - Parameters:
  ///   - input: `[N, inputSize]` or `[inputSize]`.
  ///   - hidden: the state before; zeros if nil.
  public func callAsFunction(_ input: Tensor, hidden: Tensor? = nil) -> Tensor {
    Observer.watch(self, \.self) {
      cell.step(input, [hidden]) { input, hidden, _ in
        let sum = input + hidden
        return [nonlinearity == .tanh ? sum.tanh() : sum.relu()]
      }[0]
    }
  }

  /// `RNNCell(64, 128)`
  public var description: String { cell.description }
}

/// One step of gated recurrent units, `torch.nn.GRUCell`; the formula is ``GRU``'s.
///
/// - Shapes, parameters and errors: those of ``RNNCell``; weights hold r, z and n.
public struct GRUCell: Module, Sendable, CustomStringConvertible {
  let cell: StepCell

  /// Makes a cell with new weights; the parameters are those of ``RNNCell``.
  public init(
    _ inputSize: Int, _ hiddenSize: Int, bias: Bool = true, generator: Generator = .shared
  ) {
    cell = StepCell("GRUCell", inputSize, hiddenSize, gates: 3, bias, generator)
  }

  /// The parts of the cell under PyTorch's names.
  public var members: [(name: String, value: Any)] { cell.members }

  /// The state after a step; zeros stand for a state that is nil.
  public func callAsFunction(_ input: Tensor, hidden: Tensor? = nil) -> Tensor {
    Observer.watch(self, \.self) {
      cell.step(input, [hidden]) { input, hidden, states in
        let (x, h) = (input.split(count: 3, axis: 1), hidden.split(count: 3, axis: 1))
        let (reset, keep) = ((x[0] + h[0]).sigmoid(), (x[1] + h[1]).sigmoid())
        let fresh = (x[2] + reset * h[2]).tanh()
        return [fresh + keep * (states[0] - fresh)]
      }[0]
    }
  }

  /// `GRUCell(64, 128)`
  public var description: String { cell.description }
}

/// One step of an LSTM, `torch.nn.LSTMCell`; the formula is ``LSTM``'s.
///
/// - Shapes, parameters and errors: those of ``RNNCell``; weights hold i, f, g and o.
public struct LSTMCell: Module, Sendable, CustomStringConvertible {
  let cell: StepCell

  /// Makes a cell with new weights; the parameters are those of ``RNNCell``.
  public init(
    _ inputSize: Int, _ hiddenSize: Int, bias: Bool = true, generator: Generator = .shared
  ) {
    cell = StepCell("LSTMCell", inputSize, hiddenSize, gates: 4, bias, generator)
  }

  /// The parts of the cell under PyTorch's names.
  public var members: [(name: String, value: Any)] { cell.members }

  /// The states after a step; zeros stand for a state that is nil.
  ///
  ///     var state: LSTM.State?
  ///     for x in sequence { state = cell(x, state: state) }
  public func callAsFunction(_ input: Tensor, state: LSTM.State? = nil) -> LSTM.State {
    Observer.watch(self, \.hidden) {
      let states = cell.step(input, [state?.hidden, state?.cell]) { input, hidden, states in
        let (hidden, cell) = LSTM.step(gates: input + hidden, cell: states[1])
        return [hidden, cell]
      }
      return LSTM.State(hidden: states[0], cell: states[1])
    }
  }

  /// `LSTMCell(64, 128)`
  public var description: String { cell.description }
}

/// What the cells share: weights, checks, and a batch of one where there is none.
struct StepCell: Sendable, CustomStringConvertible {
  let name: String
  let inputSize: Int
  let hiddenSize: Int
  let weightIH, weightHH: Parameter
  let biasIH, biasHH: Parameter?

  @inline(never)
  init(
    _ name: String, _ inputSize: Int, _ hiddenSize: Int, gates: Int, _ bias: Bool,
    _ generator: Generator
  ) {
    (self.name, self.inputSize, self.hiddenSize) = (name, inputSize, hiddenSize)
    let sizes = LayerSizes(
      layer: "\(name)(\(inputSize), \(hiddenSize))",
      sizes: [("inputSize", inputSize), ("hiddenSize", hiddenSize)])
    let rows = sizes.error == nil ? gates * hiddenSize : 0
    let bound = 1 / Double(max(hiddenSize, 1)).squareRoot()
    func parameter(_ shape: Shape, _ name: String) -> Parameter {
      Parameter(
        sizes.draw { .uniform(shape, from: -bound, to: bound, generator: generator) }, name: name)
    }
    weightIH = parameter([rows, inputSize], "weight_ih")
    weightHH = parameter([rows, hiddenSize], "weight_hh")
    biasIH = bias ? parameter([rows], "bias_ih") : nil
    biasHH = bias ? parameter([rows], "bias_hh") : nil
  }

  var members: [(name: String, value: Any)] {
    ([weightIH, weightHH] + [biasIH, biasHH].compactMap { $0 }).map { ($0.name ?? "", $0) }
  }

  var description: String { "\(name)(\(inputSize), \(hiddenSize))" }

  /// The states after a step: of the input's products and the state's, both with their bias.
  @inline(never)
  func step(
    _ input: Tensor, _ given: [Tensor?],
    _ next: (_ input: Tensor, _ hidden: Tensor, _ states: [Tensor]) -> [Tensor]
  ) -> [Tensor] {
    func failed(_ tensor: Tensor) -> [Tensor] { given.map { _ in tensor } }
    let weight = weightIH.value
    if let refusal = input.refusal(by: description, weights: weight, lastAxis: inputSize) {
      return failed(refusal)
    }
    guard input.rank == 1 || input.rank == 2 else {
      return failed(
        input.refused(
          by: description, "the input has \(input.rank) axes",
          help: "the input is [N, \(inputSize)]; \(name.dropLast(4)) reads whole sequences"))
    }
    let isBatched = input.rank == 2
    let x = isBatched ? input : input.unsqueezed(axis: 0)
    let shape: Shape = [x.shape[0], hiddenSize]
    var states: [Tensor] = []
    for state in given {
      guard let state else {
        states.append(.zeros(shape, dtype: input.dtype, device: input.device))
        continue
      }
      if state.error != nil { return failed(state) }
      let whole = isBatched || state.rank != 1 ? state : state.unsqueezed(axis: 0)
      guard whole.shape == shape, whole.dtype == input.dtype else {
        return failed(
          Tensor(
            error: TensorError(
              name, "the state must be \(input.dtype)\(shape)",
              operands: [("input", input.signature), ("state", state.signature)],
              help: "give a state of the input's dtype, or none for zeros")))
      }
      states.append(whole)
    }
    let fromInput = x.matmul(weight.transposed()).scaled(by: nil, movedBy: biasIH?.value)
    let fromState = states[0].matmul(weightHH.value.transposed())
      .scaled(by: nil, movedBy: biasHH?.value)
    let new = next(fromInput, fromState, states)
    return isBatched ? new : new.map { $0.squeezed(axis: 0) }
  }
}
