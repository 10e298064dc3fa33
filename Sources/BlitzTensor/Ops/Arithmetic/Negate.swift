extension Rule {
  static let negate = Rule(
    name: "negate", .elementwise(domain: .numeric), samples: [.exact(.real) { -$0[0] }],
    lowering: .named("negate")
  ) { [-$0.gradient] }
}

extension Tensor {
  /// The elements with the opposite sign, `-x`.
  ///
  /// - Returns: the shape and dtype of `self`; integers wrap around.
  /// - Gradient: `-g`.
  /// - Error: bool (`.!mask` is the opposite of a mask).
  public static prefix func - (operand: Tensor) -> Tensor {
    if operand.dtype == .bool && operand.node.failure == nil {
      return Tensor(
        error: TensorError(
          "negate", "takes numbers, not bool", operands: [("input", operand.signature)],
          help: "write .!mask for the opposite of a mask, or .cast(to: .float32) first"))
    }
    // A written number stays one, so that `x[0] = -.infinity` takes the dtype of `x`.
    if let number = operand.negatedLiteral { return number }
    return operand.elementwise(.negate, .numeric)
  }
}
