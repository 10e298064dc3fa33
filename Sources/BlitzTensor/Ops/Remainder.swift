extension Rule {
  static let remainder = Rule(name: "remainder", saves: .inputs) { step in
    let (a, b) = (step.inputs[0], step.inputs[1])
    return [step.gradient, step.wants(1) ? -(step.gradient * (a / b).floor()) : nil]
  }
}

extension Tensor {
  /// What is left after dividing the elements, broadcast, with the sign of the divisor as in
  /// Python and PyTorch (Swift's own `%` takes that of the dividend).
  ///
  ///     y = left - floor(left / right) * right
  ///
  /// - Returns: the broadcast shape, in the operands' dtype; by zero NaN, for integers 0.
  /// - Gradient: `g` and `-g * floor(left / right)`, summed over the axes that were broadcast.
  /// - Error: shapes that do not broadcast, dtypes that differ, bool.
  public static func % (left: Tensor, right: Tensor) -> Tensor {
    elementwise(.remainder, left, right)
  }
  /// The same with a number on the right, which takes the tensor's dtype.
  public static func % (left: Tensor, right: Double) -> Tensor {
    elementwise(.remainder, left, .real(right))
  }
  /// The same with a number on the left, which takes the tensor's dtype.
  public static func % (left: Double, right: Tensor) -> Tensor {
    elementwise(.remainder, .real(left), right)
  }
  /// The same with a number on the right, which takes the tensor's dtype.
  public static func % (left: Tensor, right: Int) -> Tensor {
    elementwise(.remainder, left, .integer(right))
  }
  /// The same with a number on the left, which takes the tensor's dtype.
  public static func % (left: Int, right: Tensor) -> Tensor {
    elementwise(.remainder, .integer(left), right)
  }
}
