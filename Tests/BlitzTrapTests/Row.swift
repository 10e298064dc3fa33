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
  ///
  /// - Returns: the errors that the answer carries or that came up on the way to its numbers, but
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

  /// What errors may call the functions: `reshaped`, `Linear`, `[]`.
  var ops: Set<String> {
    var ops: Set<String> = []
    for name in names {
      let words = name.split(separator: "(")[0].split(separator: ".", omittingEmptySubsequences: false)
      let (type, member) = (String(words[0]), words.dropFirst().joined(separator: "."))
      ops.formUnion([type, member, "\(type).\(member)"])
      if member == "subscript" { ops.formUnion(["[]", "[]="]) }
    }
    return ops
  }

  /// Larger answers are not computed.
  private static let mostElements = 10_000

  static let all: [Row] =
    making + shapes + indexing + arithmetic + reductions + windows + differentiation + layers + losses
    + training + schedules + data + files + images + plots
}
