extension Rule {
  static let subtract = Rule(
    name: "subtract", .elementwise(operands: 2, domain: .numeric),
    samples: [.exact(.real) { $0[0] - $0[1] }],
    lowering: .named("subtract")
  ) { step in
    [step.gradient, step.wants(1) ? -step.gradient : nil]
  }
}

extension Tensor {
  /// The differences of the elements, broadcast.
  ///
  /// - Returns: the broadcast shape, in the operands' common dtype; integers wrap around.
  /// - Gradient: `g` and `-g`, summed over the axes that were broadcast.
  /// - Error: shapes that do not broadcast, bool.
  public static func - (left: Tensor, right: Tensor) -> Tensor {
    elementwise(.subtract, left, right)
  }
  /// The same with a scalar on the right, which takes the tensor's dtype.
  public static func - <N: RealConvertible>(left: Tensor, right: N) -> Tensor {
    elementwise(.subtract, left, right.scalar)
  }
  /// The same with a scalar on the left, which takes the tensor's dtype.
  public static func - <N: RealConvertible>(left: N, right: Tensor) -> Tensor {
    elementwise(.subtract, left.scalar, right)
  }
  /// Subtracts from the variable. In `noGrad` a leaf stays a leaf; elsewhere it is an error to
  /// change one.
  public static func -= (left: inout Tensor, right: Tensor) {
    left = left.updated("-=", left - right)
  }
  /// Subtracts from the variable. In `noGrad` a leaf stays a leaf; elsewhere it is an error to
  /// change one.
  public static func -= <N: ScalarConvertible>(left: inout Tensor, right: N) {
    left = left.updated("-=", elementwise(.subtract, left, right.scalar))
  }
}
