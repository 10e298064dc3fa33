import BlitzTensor

/// A recurrent network of gated recurrent units, `torch.nn.GRU`.
///
///     r = sigmoid(W_ir x + b_ir + W_hr h + b_hr)
///     z = sigmoid(W_iz x + b_iz + W_hz h + b_hz)
///     n = tanh(W_in x + b_in + r * (W_hn h + b_hn))
///     h = (1 - z) * n + z * h
///
/// - Shapes: those of ``RNN``; weights hold r, z and n one below the other,
///   `[3 * hiddenSize, ...]`.
/// - Parameters: names, order and initial values as in ``RNN``.
/// - Error: other axes or dtype; an empty sequence.
/// - Note: on the processor a sequence whose gradient is recorded is computed at the call.
/// - Source: Cho et al., "Learning Phrase Representations using RNN Encoder-Decoder",
///   arXiv:1406.1078; the reset gate behind the product, as in PyTorch.
public struct GRU: Module, Sendable, CustomStringConvertible {
  let network: RecurrentStack

  /// Makes a network with new weights; the parameters are those of ``RNN``.
  public init(
    _ inputSize: Int, _ hiddenSize: Int, layers: Int = 1, bias: Bool = true,
    batchFirst: Bool = false, dropout: Double = 0, bidirectional: Bool = false,
    generator: Generator = .shared
  ) {
    network = RecurrentStack(
      "GRU", inputSize, hiddenSize, gates: 3, layers: layers, bias: bias, batchFirst: batchFirst,
      dropout: dropout, bidirectional: bidirectional, generator: generator, recurrent: .gru)
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
    let projected = cell.projected(sequence, ends).scaled(by: nil, movedBy: cell.biasIH?.value)
    if cell.isWatchedOrQuantized {
      return cell.steps(projected, initial, isReversed: isReversed) { input, hidden, before in
        let bias = cell.biasHH?.value
        let old = before.first
        let x = input.split(count: 3, axis: 1)
        let moved = hidden.map { $0.scaled(by: nil, movedBy: bias) }
        // Of a state of zeros the bias is left.
        let h =
          moved?.split(count: 3, axis: 1) ?? bias?.split(count: 3)
          ?? x.map { Tensor.zeros(like: $0) }
        let (reset, kept) = ((x[0] + h[0]).sigmoid(), (x[1] + h[1]).sigmoid())
        let new = (x[2] + reset * h[2]).tanh()
        return [old.map { (1 - kept) * new + kept * $0 } ?? (1 - kept) * new]
      }
    }
    let weight = cell.weightHH.value
    let zeros = Tensor.zeros([sequence.shape[1], weight.shape[1]], dtype: sequence.dtype)
    var inputs = [projected, weight, initial.first ?? zeros]
    if let bias = cell.biasHH?.value { inputs.append(bias) }
    let output = GRUScan(isReversed: isReversed, plans: network.plans)(inputs)
    let order = ScanOrder(count: sequence.shape[0], isReversed: isReversed)
    return (output, [output[order.last]])
  }

  /// `GRU(64, 128)`
  public var description: String { network.description }
}
