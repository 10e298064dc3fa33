/// The gradient of one application of a custom function.
package final class CustomRule: Sendable {
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
  package static func == (left: CustomRule, right: CustomRule) -> Bool { left === right }
  /// Hashes the object's identity.
  package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
