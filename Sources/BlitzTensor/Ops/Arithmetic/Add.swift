extension Rule {
  static let add = Rule(
    name: "add", .elementwise(operands: 2, domain: .numeric),
    samples: [.exact(.real) { $0[0] + $0[1] }],
    lowering: .named("add")
  ) { [$0.gradient, $0.gradient] }
}

extension Tensor {
  /// The sums of the elements, broadcast.
  ///
  /// - Returns: the broadcast shape, in the operands' common dtype; integers wrap around.
  /// - Gradient: `g` for both, summed over the axes that were broadcast.
  /// - Error: shapes that do not broadcast, bool.
  public static func + (left: Tensor, right: Tensor) -> Tensor {
    elementwise(.add, left, right)
  }
  /// The same with a scalar on the right, which takes the tensor's dtype.
  public static func + <N: RealConvertible>(left: Tensor, right: N) -> Tensor {
    elementwise(.add, left, right.scalar)
  }
  /// The same with a scalar on the left, which takes the tensor's dtype.
  public static func + <N: RealConvertible>(left: N, right: Tensor) -> Tensor {
    elementwise(.add, left.scalar, right)
  }
  /// Adds to the variable. In `noGrad` a leaf stays a leaf; elsewhere it is an error to change one.
  public static func += (left: inout Tensor, right: Tensor) {
    left = left.updated("+=", left + right)
  }
  /// Adds to the variable. In `noGrad` a leaf stays a leaf; elsewhere it is an error to change one.
  public static func += <N: ScalarConvertible>(left: inout Tensor, right: N) {
    left = left.updated("+=", elementwise(.add, left, right.scalar))
  }
}
