/// What was wrong with a use of a tensor: the op, the broken rule with its values, the operands,
/// what to write instead, and where.
///
/// Ops do not throw: they return a tensor that carries the error, later ops pass it on, and
/// the calls that ask for elements (`item()`, `array()`, `eval()`, `backward()`) throw it.
public struct TensorError: Error, Sendable {
  /// The name of the op or call.
  public let op: String
  /// The rule that was broken, with the values that broke it.
  public let rule: String
  /// Each operand's role and description, such as `("left", "float32[2, 3]")`.
  public let operands: [(role: String, description: String)]
  /// What to write instead.
  public let help: String?
  private let trace: CallTrace

  /// Makes an error, which names the line of the user's code that led to it.
  @inline(never)
  public init(
    _ op: String, _ rule: String, operands: [(role: String, description: String)] = [],
    help: String? = nil
  ) {
    self.op = op
    self.rule = rule
    self.operands = operands
    self.help = help
    trace = CallTrace()
  }

  /// The first line of the user's own code on the way to the failed call, or nil if the
  /// program has no line table.
  public var location: (file: String, line: Int)? { trace.userLocation }

  /// The op and the broken rule on one line.
  public var summary: String { "\(op): \(rule)" }

  /// The whole message but for file and line.
  public var message: String {
    var lines = [summary]
    var rows = operands.map { ($0.role, $0.description) }
    if let help { rows.append(("help", help)) }
    let width = rows.reduce(0) { max($0, $1.0.count) }
    for (role, text) in rows {
      let padding = String(repeating: " ", count: width - role.count)
      lines.append("  \(role): \(padding)\(text)")
    }
    return lines.joined(separator: "\n")
  }
}

extension TensorError: CustomStringConvertible {
  /// The whole message, with the user's file and line where they are known.
  public var description: String {
    guard let location else { return message }
    let width = (operands.map { $0.role.count } + [help == nil ? 0 : 4]).max() ?? 0
    let padding = String(repeating: " ", count: max(width, 2) - 2)
    return message + "\n  at: \(padding)\(location.file):\(location.line)"
  }
}
