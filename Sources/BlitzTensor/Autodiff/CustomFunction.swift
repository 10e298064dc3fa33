extension Rule {
  static let custom = Rule(name: "custom", saves: [.inputs, .output]) { step in
    guard case .custom(let rule) = step.node.op else { return [] }
    return rule.gradient(step.inputs, step.output, step.gradient)
  }
}

/// A function with a gradient that the user gives, for the rule of one node.
public final class CustomRule: Sendable {
  let name: String
  let gradient: @Sendable (_ inputs: [Tensor], _ output: Tensor, _ gradient: Tensor) -> [Tensor?]

  init(
    name: String,
    gradient: @escaping @Sendable ([Tensor], Tensor, Tensor) -> [Tensor?]
  ) {
    self.name = name
    self.gradient = gradient
  }
}

extension CustomRule: Hashable {
  /// Rules are equal if they are the same object.
  public static func == (left: CustomRule, right: CustomRule) -> Bool { left === right }
  /// Hashes the object's identity.
  public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
