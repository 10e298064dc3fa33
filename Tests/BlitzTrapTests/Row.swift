import Blitz

/// One or more public functions, and a call of them with whatever comes.
struct Row: Sendable {
  /// As the symbol graph writes them, `Tensor.reshaped(to:)`.
  var names: [String]
  /// Makes the call; answers what is to be looked at. It may throw.
  let call: @Sendable (inout Values) throws -> Any

  init(_ names: String..., call: @escaping @Sendable (inout Values) throws -> Any) {
    self.names = names
    self.call = call
  }

  /// Makes the call, and asks for the numbers and the gradients of what it answers.
  func run(seed: Int) {
    var values = Values(seed: seed)
    guard let answer = try? call(&values) else { return }
    let tensors =
      switch answer {
      case let tensor as Tensor: [tensor]
      case let tensors as [Tensor]: Array(tensors.prefix(8))
      default: [Tensor]()
      }
    for tensor in tensors {
      if let error = tensor.error {
        precondition(!error.op.isEmpty && !error.rule.isEmpty)
        continue
      }
      // A sum over a huge operand is a right answer that nobody can wait for.
      if values.hasHugeOperand || tensor.elementCount > Row.mostElements { continue }
      _ = try? tensor.cast(to: .float64).scalars(as: Double.self)
      if tensor.requiresGrad { try? tensor.sum().backward() }
    }
  }

  /// Larger answers are not computed.
  private static let mostElements = 10_000

  static let all: [Row] =
    making + shapes + indexing + arithmetic + reductions + windows + differentiation + layers + losses
    + training + schedules + data + files + images + plots
}
