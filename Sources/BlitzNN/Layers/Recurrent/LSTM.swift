import BlitzTensor

/// Long short-term memory: a recurrent network with a second state that gates guard.
///
///     i, f, o = sigmoid(W_i x + b_i + W_h h + b_h), of each gate
///     g = tanh(W_i x + b_i + W_h h + b_h)
///     c = f * c + i * g
///     h = o * tanh(c)
///
/// - Shapes: input `[L, N, inputSize]` (time first, as in PyTorch; `[N, L, inputSize]` with
///   `batchFirst`, `[L, inputSize]` without a batch), output the same with `hiddenSize` at the end
///   (twice that if bidirectional), states `[layers * directions, N, hiddenSize]`; weights hold
///   i, f, g and o below each other, `[4 * hiddenSize, ...]`.
/// - Parameters: `weight_ih_l0`, `weight_hh_l0`, `bias_ih_l0`, `bias_hh_l0`, with `_reverse` behind
///   for the backward direction; uniform over ±1/√hiddenSize, drawn in PyTorch's order.
/// - Error: other axes or dtype; an empty sequence.
/// - Source: Hochreiter and Schmidhuber, "Long Short-Term Memory", 1997.
public struct LSTM: Module, Sendable, CustomStringConvertible {
  /// What a network carries from step to step.
  public struct State: Sendable {
    /// What the next step and the next layer see, `[layers * directions, N, hiddenSize]`.
    public var hidden: Tensor
    /// What the gates guard, of the same shape.
    public var cell: Tensor

    /// A state to start from.
    public init(hidden: Tensor, cell: Tensor) {
      self.hidden = hidden
      self.cell = cell
    }
  }

  let network: RecurrentStack

  /// A network with fresh weights; the parameters are those of ``RNN``.
  public init(
    _ inputSize: Int, _ hiddenSize: Int, layers: Int = 1, bias: Bool = true,
    batchFirst: Bool = false, dropout: Double = 0, bidirectional: Bool = false,
    generator: Generator = .shared
  ) {
    network = RecurrentStack(
      "LSTM", inputSize, hiddenSize, gates: 4, layers: layers, bias: bias, batchFirst: batchFirst,
      dropout: dropout, bidirectional: bidirectional, generator: generator)
  }

  /// The parts of the network under PyTorch's names.
  public var members: [(name: String, value: Any)] { network.members }

  /// Reads a sequence.
  ///
  /// - Parameter input: `[L, N, inputSize]`, or `[N, L, inputSize]` if batch first.
  /// - Parameter initial: the state before the first step; zeros if nil.
  /// - Returns: the topmost layer's hidden state at each step, and every layer's state after the
  ///   last.
  public func callAsFunction(
    _ input: Tensor, initial: State? = nil
  ) -> (output: Tensor, state: State) {
    Observer.watch(self, \.output) {
      let given = initial.map { [("hidden", $0.hidden), ("cell", $0.cell)] } ?? []
      let (output, states) = network.run(input, initial: given, states: 2, scan)
      return (output, State(hidden: states[0], cell: states[1]))
    }
  }

  private func scan(
    _ sequence: Tensor, _ cell: RecurrentStack.Cell, _ initial: [Tensor], _ isReversed: Bool
  ) -> (sequence: Tensor, states: [Tensor]) {
    var inputs = [cell.projected(sequence), cell.weightHH.value]
    if let input = cell.biasIH?.value, let hidden = cell.biasHH?.value {
      inputs.append(input + hidden)
    }
    let hasBias = inputs.count == 3
    let scan = LSTMScan(isReversed: isReversed, hasBias: hasBias, hasState: !initial.isEmpty)
    let packed = scan(inputs + initial)
    if packed.error != nil { return (packed, [packed, packed]) }
    let order = ScanOrder(count: sequence.shape[0], isReversed: isReversed)
    return (packed[..<order.count], [packed[order.last], packed[order.count]])
  }

  /// `LSTM(64, 128)`
  public var description: String { network.description }
}
