extension Rule {
  static let multiply = Rule(
    name: "multiply", .elementwise(operands: 2, domain: .numeric), saves: .inputs,
    samples: [.exact(.real) { $0[0] * $0[1] }],
    lowering: .named("multiply")
  ) {
    step in
    [
      step.wants(0) ? step.gradient * step.inputs[1] : nil,
      step.wants(1) ? step.gradient * step.inputs[0] : nil,
    ]
  }
}

extension Tensor {
  /// The products of the elements, broadcast.
  ///
  /// - Returns: the broadcast shape, in the operands' common dtype; integers wrap around.
  /// - Gradient: `g * right` and `g * left`, summed over the axes that were broadcast.
  /// - Error: shapes that do not broadcast, bool.
  public static func * (left: Tensor, right: Tensor) -> Tensor {
    elementwise(.multiply, left, right)
  }
  /// The same with a scalar on the right, which takes the tensor's dtype.
  public static func * <N: RealConvertible>(left: Tensor, right: N) -> Tensor {
    elementwise(.multiply, left, right.scalar)
  }
  /// The same with a scalar on the left, which takes the tensor's dtype.
  public static func * <N: RealConvertible>(left: N, right: Tensor) -> Tensor {
    elementwise(.multiply, left.scalar, right)
  }
  /// Multiplies the variable. In `noGrad` a leaf stays a leaf; elsewhere it is an error to change
  /// one.
  public static func *= (left: inout Tensor, right: Tensor) {
    left = left.updated("*=", left * right)
  }
  /// Multiplies the variable. In `noGrad` a leaf stays a leaf; elsewhere it is an error to change
  /// one.
  public static func *= <N: ScalarConvertible>(left: inout Tensor, right: N) {
    left = left.updated("*=", elementwise(.multiply, left, right.scalar))
  }
}
