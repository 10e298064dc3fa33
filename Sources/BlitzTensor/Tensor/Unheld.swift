/// A tensor that is remembered without being held: an evaluation may change its memory in place.
///
/// What changes tensors in place keeps one for the case that the evaluation fails; then the
/// memory has not been touched.
package struct Unheld: Sendable {
  private let node: Node

  /// Remembers a tensor.
  package init(_ tensor: Tensor) { node = tensor.node }

  /// The tensor, without the gradient that it may have had.
  package var tensor: Tensor { Tensor(node: node) }
}

extension Tensor {
  /// A number that is an argument of plans, not part of them: a rate that changes with every step
  /// causes no new plan.
  package static func number(_ value: Double, _ dtype: DType) -> Tensor {
    .scalar(.real(value), dtype)
  }
}
