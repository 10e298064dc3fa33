extension Rule {
  static let divide = Rule(
    name: "divide", .elementwise(operands: 2, cost: .moderate), saves: .inputs,
    samples: [.near(.positive) { $0[0] / $0[1] }],
    lowering: .divide
  ) { step in
    let (a, b) = (step.inputs[0], step.inputs[1])
    // Divided twice, not by the square: that overflows, and its own gradient is NaN at 0.
    return [
      step.wants(0) ? step.gradient / b : nil,
      step.wants(1) ? -(step.gradient * (a / b / b)) : nil,
    ]
  }
}

extension Lowering {
  /// Of whole numbers by zero 0, as the kernels for the CPU have it.
  fileprivate static let divide = elementwise { text, a in
    let quotient = text.same("divide", a[0], a[1])
    if a[0].dtype.isFloating { return quotient }
    let zero = text.constant(.integer(0), a[0].shape, a[0].dtype)
    return text.select(text.compare("EQ", a[1], zero), zero, quotient)
  }
}

extension Tensor {
  /// The quotients of the elements, broadcast.
  ///
  /// - Returns: the broadcast shape, in the operands' common dtype; float32 of whole numbers and
  ///   bool.
  /// - Gradient: `g / right` and `-g * left / right^2`, summed over the axes that were
  ///   broadcast.
  /// - Error: shapes that do not broadcast.
  public static func / (left: Tensor, right: Tensor) -> Tensor {
    elementwise(.divide, left, right, .floating)
  }
  /// The same with a scalar on the right, which takes the tensor's dtype.
  public static func / <N: RealConvertible>(left: Tensor, right: N) -> Tensor {
    elementwise(.divide, left, right.scalar, .floating)
  }
  /// The same with a scalar on the left, which takes the tensor's dtype.
  public static func / <N: RealConvertible>(left: N, right: Tensor) -> Tensor {
    elementwise(.divide, left.scalar, right, .floating)
  }
  /// Divides the variable. In `noGrad` a leaf stays a leaf; elsewhere it is an error to change one.
  public static func /= (left: inout Tensor, right: Tensor) {
    left = left.updated("/=", left / right)
  }
  /// Divides the variable. In `noGrad` a leaf stays a leaf; elsewhere it is an error to change one.
  public static func /= <N: ScalarConvertible>(left: inout Tensor, right: N) {
    left = left.updated("/=", elementwise(.divide, left, right.scalar, .floating))
  }
}
