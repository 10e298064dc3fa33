import Blitz

/// One or more public functions, and a call of them with whatever comes.
struct Row: Sendable {
  /// As the symbol graph writes them, `Tensor.reshaped(to:)`.
  var names: [String]
  /// Makes the call; returns what is to be looked at. It may throw.
  let call: @Sendable (inout Values) throws -> Any

  init(_ names: String..., call: @escaping @Sendable (inout Values) throws -> Any) {
    self.names = names
    self.call = call
  }

  /// Makes the call, and asks for the numbers and the gradients of what it returns.
  ///
  /// - Returns: the errors that the result carries or that came up on the way to its numbers, but
  ///   none of an operand's.
  @discardableResult
  func run(seed: Int) -> [TensorError] {
    var values = Values(seed: seed)
    var errors: [TensorError] = []
    do {
      for tensor in tensors(try call(&values)) {
        if let error = tensor.error {
          errors.append(error)
          continue
        }
        // A sum over a huge operand is a right answer that nobody can wait for.
        if values.hasHugeOperand || tensor.elementCount > Row.mostElements { continue }
        do throws(TensorError) { try tensor.eval() } catch { errors.append(error) }
        if tensor.requiresGrad { try? tensor.sum().backward() }
      }
    } catch {
      if let error = error as? TensorError { errors.append(error) }
    }
    return values.hasFailedOperand ? [] : errors
  }

  private func tensors(_ answer: Any) -> [Tensor] {
    switch answer {
    case let tensor as Tensor: [tensor]
    case let tensors as [Tensor]: Array(tensors.prefix(8))
    default: []
    }
  }

  /// Whether an error may be of this name: `reshaped`, `Linear`, `[]`, `multiply` for `*`. A layer
  /// may be called as the function that it applies, `softmax`.
  func mayName(_ op: String) -> Bool {
    Row.anywhere.contains(op)
      || names.contains { name in
        let words = name.prefix { $0 != "(" }
          .split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let member = words[words.count - 1]
        return words.contains { op.lowercased().hasPrefix($0.lowercased()) }
          || name.hasPrefix("Transformer") && Row.parts.contains(op)
          || op == "remainder" && Row.remainders.contains(member)
          || member == "subscript" && op.hasPrefix("[]")
          || member.allSatisfy { !$0.isLetter } && Row.operators.contains(op)
      }
  }

  /// What an error is called wherever it comes up.
  private static let anywhere: Set<String> = ["device", "allocate", "requiringGrad"]
  /// The layers that encoders and decoders are made of, whose errors say more.
  private static let parts: Set<String> = ["MultiHeadAttention", "LayerNorm", "Linear", "Dropout"]
  /// The words that find out with the remainder that a whole number is divided by 0.
  private static let remainders: Set<Substring> = ["fmod", "floorDivided"]
  /// What errors call operators.
  private static let operators: Set<String> = [
    "add", "subtract", "multiply", "divide", "remainder", "negate", "not", "and", "or", "xor",
    "equal", "notEqual", "less", "lessEqual", "greater", "greaterEqual",
  ]

  /// Larger answers are not computed.
  private static let mostElements = 10_000

  /// Calls of one function or layer, whose errors name it.
  static let single: [Row] =
    making + shapes + indexing + arithmetic + functions + reductions + statistics + arranging
    + windows + layers + losses

  static let all: [Row] =
    single + modules + differentiation + training + metrics + schedules + data + files + images
    + plots + distributions + linearAlgebra + vocabulary
    + complexVocabulary + onnx + models
}
