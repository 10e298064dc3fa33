import BlitzTensor

/// A plain recurrent network, `torch.nn.RNN`: each step reads the input and the previous step's
/// state.
///
///     h[t] = tanh(W_ih x[t] + b_ih + W_hh h[t - 1] + b_hh)
///
/// - Shapes: input `[L, N, inputSize]` (`[N, L, inputSize]` with `batchFirst`, `[L, inputSize]`
///   without a batch), output `[L, N, D * hiddenSize]`, states `[D * layers, N, hiddenSize]`, where
///   D is 2 if bidirectional and else 1. The page *Layers* explains the letters.
/// - Parameters: `weight_ih_l0`, `weight_hh_l0`, `bias_ih_l0`, `bias_hh_l0`, and the same with
///   `_reverse` for the backward direction; uniform over ±1/√hiddenSize, drawn in PyTorch's order.
/// - Error: other axes or dtype; an empty sequence.
/// - Note: on the processor a sequence whose gradient is recorded is computed at the call.
public struct RNN: Module, Sendable, CustomStringConvertible {
  /// The function that is applied at each step.
  public enum Nonlinearity: Sendable, Hashable {
    /// `tanh`
    case tanh
    /// `relu`
    case relu
  }

  let network: RecurrentStack
  /// The function that is applied at each step.
  public let nonlinearity: Nonlinearity

  /// Makes a network with new weights.
  ///
  /// - Parameters:
  ///   - inputSize: the size of the last axis of the input.
  ///   - hiddenSize: the size of the state.
  ///   - layers: the number of layers, each of which reads the output of the one before;
  ///     `num_layers` in PyTorch.
  ///   - nonlinearity: the function that is applied at each step.
  ///   - bias: whether there are biases.
  ///   - batchFirst: whether the first axis of the input is the batch and the second the steps.
  ///   - dropout: the probability of dropout between layers, in training.
  ///   - bidirectional: whether each layer also reads the sequence backward.
  ///   - generator: the source of the initial weights and of dropout.
  public init(
    _ inputSize: Int, _ hiddenSize: Int, layers: Int = 1, nonlinearity: Nonlinearity = .tanh,
    bias: Bool = true, batchFirst: Bool = false, dropout: Double = 0,
    bidirectional: Bool = false, generator: Generator = .shared
  ) {
    self.nonlinearity = nonlinearity
    network = RecurrentStack(
      "RNN", inputSize, hiddenSize, gates: 1, layers: layers, bias: bias, batchFirst: batchFirst,
      dropout: dropout, bidirectional: bidirectional, generator: generator,
      recurrent: nonlinearity == .tanh ? .tanh : .relu)
  }

  /// The parts of the network under PyTorch's names.
  public var members: [(name: String, value: Any)] { network.members }

  /// Reads a sequence.
  ///
  /// - Parameter input: `[L, N, inputSize]`, or `[N, L, inputSize]` with `batchFirst`.
  /// - Parameter initial: the state before the first step; zeros if nil.
  /// - Returns: the last layer's state at each step, and the state of every layer after the last
  ///   step.
  public func callAsFunction(
    _ input: Tensor, initial: Tensor? = nil
  ) -> (output: Tensor, hidden: Tensor) {
    Observer.watch(self, \.output) { network.run(input, initial: initial, scan) }
  }

  /// Reads sequences of different lengths, each to its own end.
  ///
  /// - Parameter packed: of elements `[inputSize]`.
  /// - Parameter initial: the state before the first step; zeros if nil.
  /// - Returns: the last layer's state at each step, and the state of every layer after each
  ///   sequence's last step.
  public func callAsFunction(
    _ packed: PackedSequence, initial: Tensor? = nil
  ) -> (output: PackedSequence, hidden: Tensor) {
    Observer.watch(self, \.output.data) { network.run(packed, initial: initial, scan) }
  }

  private func scan(
    _ sequence: Tensor, _ cell: RecurrentStack.Cell, _ initial: [Tensor], _ isReversed: Bool,
    _ ends: SequenceEnds?
  ) -> (sequence: Tensor, states: [Tensor]) {
    var projected = cell.projected(sequence, ends)
    if let input = cell.biasIH?.value, let hidden = cell.biasHH?.value {
      projected = projected + (input + hidden)
    }
    if cell.isWatchedOrQuantized {
      return cell.steps(projected, initial, isReversed: isReversed) { input, hidden, _ in
        let sum = hidden.map { input + $0 } ?? input
        return [nonlinearity == .tanh ? sum.tanh() : sum.relu()]
      }
    }
    let scan = RNNScan(
      nonlinearity: nonlinearity, isReversed: isReversed, plans: network.plans)
    let output = scan([projected, cell.weightHH.value] + initial)
    let order = ScanOrder(count: sequence.shape[0], isReversed: isReversed)
    return (output, [output[order.last]])
  }

  /// `RNN(64, 128)`
  public var description: String { network.description }
}
