extension Rule {
  static let multiply = Rule(name: "multiply", saves: .inputs) { step in
    [
      step.wants(0) ? step.gradient * step.inputs[1] : nil,
      step.wants(1) ? step.gradient * step.inputs[0] : nil,
    ]
  }
}

extension Tensor {
  /// The products of the elements, broadcast.
  ///
  /// - Returns: the broadcast shape, in the operands' dtype; integers wrap around.
  /// - Gradient: `g * right` and `g * left`, summed over the axes that were broadcast.
  /// - Error: shapes that do not broadcast, dtypes that differ, bool.
  public static func * (left: Tensor, right: Tensor) -> Tensor {
    elementwise(.multiply, left, right)
  }
  public static func * (left: Tensor, right: Double) -> Tensor {
    elementwise(.multiply, left, .real(right))
  }
  public static func * (left: Double, right: Tensor) -> Tensor {
    elementwise(.multiply, .real(left), right)
  }
  public static func * (left: Tensor, right: Int) -> Tensor {
    elementwise(.multiply, left, .integer(right))
  }
  public static func * (left: Int, right: Tensor) -> Tensor {
    elementwise(.multiply, .integer(left), right)
  }
  /// Multiplies in place of the variable.
  public static func *= (left: inout Tensor, right: Tensor) {
    left = left.updated("*=", left * right)
  }
}
