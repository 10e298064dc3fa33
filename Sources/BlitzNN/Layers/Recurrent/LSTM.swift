import BlitzTensor

/// A recurrent network of long short-term memory units, `torch.nn.LSTM`.
///
///     i, f, o = sigmoid(W_i x + b_i + W_h h + b_h), of each gate
///     g = tanh(W_i x + b_i + W_h h + b_h)
///     c = f * c + i * g
///     h = o * tanh(c)
///
/// With a projection the hidden state is `W_r h`, of `projectionSize` elements.
///
/// - Shapes: input `[L, N, inputSize]` (`[N, L, inputSize]` with `batchFirst`, `[L, inputSize]`
///   without a batch), output `[L, N, D * hiddenSize]`, states `[D * layers, N, hiddenSize]`, where
///   D is 2 if bidirectional and else 1; weights hold i, f, g and o one below the other,
///   `[4 * hiddenSize, ...]`. The page *Layers* explains the letters.
/// - Parameters: `weight_ih_l0`, `weight_hh_l0`, `bias_ih_l0`, `bias_hh_l0`, with a projection
///   `weight_hr_l0`, and the same with `_reverse` for the backward direction; uniform over
///   ±1/√hiddenSize, drawn in PyTorch's order.
/// - Error: other axes or dtype; an empty sequence.
/// - Note: on the processor a sequence whose gradient is recorded is computed at the call.
/// - Source: Hochreiter and Schmidhuber, "Long Short-Term Memory", 1997.
public struct LSTM: Module, Sendable, CustomStringConvertible {
  /// The two states that are carried from step to step, PyTorch's `(h, c)`.
  public struct State: Sendable {
    /// The hidden state, the output of a step, `[D * layers, N, hiddenSize]`.
    public var hidden: Tensor
    /// The cell state, of the same shape.
    public var cell: Tensor

    /// Makes a state to start from.
    public init(hidden: Tensor, cell: Tensor) {
      self.hidden = hidden
      self.cell = cell
    }
  }

  let network: RecurrentStack

  /// Makes a network with new weights; the parameters are those of ``RNN``, and `projectionSize`,
  /// the size of the output and of the hidden state, less than `hiddenSize`; 0 for no projection.
  public init(
    _ inputSize: Int, _ hiddenSize: Int, layers: Int = 1, bias: Bool = true,
    batchFirst: Bool = false, dropout: Double = 0, bidirectional: Bool = false,
    projectionSize: Int = 0, generator: Generator = .shared
  ) {
    network = RecurrentStack(
      "LSTM", inputSize, hiddenSize, gates: 4, layers: layers, bias: bias, batchFirst: batchFirst,
      dropout: dropout, bidirectional: bidirectional, projectionSize: projectionSize,
      generator: generator, recurrent: .lstm)
  }

  /// The parts of the network under PyTorch's names.
  public var members: [(name: String, value: Any)] { network.members }

  /// Reads a sequence.
  ///
  /// - Parameter input: `[L, N, inputSize]`, or `[N, L, inputSize]` with `batchFirst`.
  /// - Parameter initial: the state before the first step; zeros if nil.
  /// - Returns: the last layer's hidden state at each step, and the states of every layer after the
  ///   last step.
  public func callAsFunction(
    _ input: Tensor, initial: State? = nil
  ) -> (output: Tensor, state: State) {
    Observer.watch(self, \.output) {
      let given = initial.map { [("hidden", $0.hidden), ("cell", $0.cell)] } ?? []
      let (output, states) = network.run(input, initial: given, states: 2, scan)
      return (output, State(hidden: states[0], cell: states[1]))
    }
  }

  /// Reads sequences of different lengths, each to its own end.
  ///
  /// - Parameter packed: of elements `[inputSize]`.
  /// - Parameter initial: the state before the first step; zeros if nil.
  /// - Returns: the last layer's hidden state at each step, and the states of every layer after
  ///   each sequence's last step.
  public func callAsFunction(
    _ packed: PackedSequence, initial: State? = nil
  ) -> (output: PackedSequence, state: State) {
    Observer.watch(self, \.output.data) {
      let given = initial.map { [("hidden", $0.hidden), ("cell", $0.cell)] } ?? []
      let (output, states) = network.run(packed, initial: given, states: 2, scan)
      return (output, State(hidden: states[0], cell: states[1]))
    }
  }

  private func scan(
    _ sequence: Tensor, _ cell: RecurrentStack.Cell, _ initial: [Tensor], _ isReversed: Bool,
    _ ends: SequenceEnds?
  ) -> (sequence: Tensor, states: [Tensor]) {
    var inputs = [cell.projected(sequence, ends), cell.weightHH.value]
    if let input = cell.biasIH?.value, let hidden = cell.biasHH?.value {
      inputs.append(input + hidden)
    }
    if cell.weightHR != nil || cell.isWatchedOrQuantized {
      let moved = inputs.count == 3 ? inputs[0] + inputs[2] : inputs[0]
      return cell.steps(moved, initial, isReversed: isReversed) { input, hidden, before in
        let (wide, state) = LSTM.step(
          gates: hidden.map { input + $0 } ?? input, cell: before.last)
        return [cell.weightHR?.product(with: wide) ?? wide, state]
      }
    }
    let hasBias = inputs.count == 3
    let scan = LSTMScan(
      isReversed: isReversed, hasBias: hasBias, hasState: !initial.isEmpty, plans: network.plans)
    let packed = scan(inputs + initial)
    if packed.error != nil { return (packed, [packed, packed]) }
    let order = ScanOrder(count: sequence.shape[0], isReversed: isReversed)
    return (packed[..<order.count], [packed[order.last], packed[order.count]])
  }

  /// What a step gives: the hidden state and the cell state, of zeros before if there is none.
  static func step(gates: Tensor, cell: Tensor?) -> (hidden: Tensor, cell: Tensor) {
    let parts = gates.split(count: 4, axis: 1)
    let new = parts[0].sigmoid() * parts[2].tanh()
    let kept = cell.map { parts[1].sigmoid() * $0 + new } ?? new
    return (parts[3].sigmoid() * kept.tanh(), kept)
  }

  /// `LSTM(64, 128)`
  public var description: String { network.description }
}
