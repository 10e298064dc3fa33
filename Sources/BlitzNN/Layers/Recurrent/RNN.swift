import BlitzTensor

/// A recurrent network: each step sees the input and what the step before left.
///
///     h[t] = tanh(W_ih x[t] + b_ih + W_hh h[t - 1] + b_hh)
///
/// - Shapes: input `[L, N, inputSize]` (time first, as in PyTorch; `[N, L, inputSize]` with
///   `batchFirst`, `[L, inputSize]` without a batch), output the same with `hiddenSize` at the end
///   (twice that if bidirectional), states `[layers * directions, N, hiddenSize]`.
/// - Parameters: `weight_ih_l0`, `weight_hh_l0`, `bias_ih_l0`, `bias_hh_l0`, with `_reverse` behind
///   for the backward direction; uniform over ±1/√hiddenSize, drawn in PyTorch's order.
/// - Error: other axes or dtype; an empty sequence.
public struct RNN: Module, Sendable, CustomStringConvertible {
  /// What is applied at each step.
  public enum Nonlinearity: Sendable, Hashable {
    /// The hyperbolic tangent.
    case tanh
    /// The larger of a number and zero.
    case relu
  }

  let network: RecurrentStack
  /// What is applied at each step.
  public let nonlinearity: Nonlinearity

  /// A network with fresh weights.
  ///
  /// - Parameters:
  ///   - inputSize: the last axis of the input.
  ///   - hiddenSize: the size of the state.
  ///   - layers: how many networks are above each other.
  ///   - nonlinearity: what is applied at each step.
  ///   - bias: whether there are biases.
  ///   - batchFirst: whether the input's first axis is the batch and not time.
  ///   - dropout: of the sequences between layers, in training.
  ///   - bidirectional: whether a second network of each layer reads backward.
  ///   - generator: where initial weights and dropout come from.
  public init(
    _ inputSize: Int, _ hiddenSize: Int, layers: Int = 1, nonlinearity: Nonlinearity = .tanh,
    bias: Bool = true, batchFirst: Bool = false, dropout: Double = 0,
    bidirectional: Bool = false, generator: Generator = .shared
  ) {
    self.nonlinearity = nonlinearity
    network = RecurrentStack(
      "RNN", inputSize, hiddenSize, gates: 1, layers: layers, bias: bias, batchFirst: batchFirst,
      dropout: dropout, bidirectional: bidirectional, generator: generator)
  }

  /// The parts of the network under PyTorch's names.
  public var members: [(name: String, value: Any)] { network.members }

  /// Reads a sequence.
  ///
  /// - Parameter input: `[L, N, inputSize]`, or `[N, L, inputSize]` if batch first.
  /// - Parameter initial: the state before the first step; zeros if nil.
  /// - Returns: the topmost layer's state at each step, and every layer's after the last.
  public func callAsFunction(
    _ input: Tensor, initial: Tensor? = nil
  ) -> (output: Tensor, hidden: Tensor) {
    Observer.watch(self, \.output) { network.run(input, initial: initial, scan) }
  }

  private func scan(
    _ sequence: Tensor, _ cell: RecurrentStack.Cell, _ initial: [Tensor], _ isReversed: Bool
  ) -> (sequence: Tensor, states: [Tensor]) {
    var projected = cell.projected(sequence)
    if let input = cell.biasIH?.value, let hidden = cell.biasHH?.value {
      projected = projected + (input + hidden)
    }
    let scan = RNNScan(nonlinearity: nonlinearity, isReversed: isReversed)
    let output = scan([projected, cell.weightHH.value] + initial)
    let order = ScanOrder(count: sequence.shape[0], isReversed: isReversed)
    return (output, [output[order.last]])
  }

  /// `RNN(64, 128)`
  public var description: String { network.description }
}
