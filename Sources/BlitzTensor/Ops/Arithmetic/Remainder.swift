extension Rule {
  static let remainder = Rule(
    name: "remainder", .elementwise(operands: 2, domain: .numeric, cost: .costly),
    saves: [.inputs, .output],
    samples: [.near(.positive) { $0[0] % $0[1] }],
    lowering: .remainder
  ) { step in
    let whole = step.wants(1) ? wholeQuotient(step.inputs[0], step.inputs[1], step.output) : nil
    return [step.gradient, whole.map { -(step.gradient * $0) }]
  }

  /// `floor(a / b)` without the quotient's rounding: 1 / 0.1 rounds up to 10, and 0.1 is contained
  /// 9 times in 1. Where that happened nearly a whole divisor remains.
  private static func wholeQuotient(_ a: Tensor, _ b: Tensor, _ remainder: Tensor) -> Tensor {
    let quotient = a / b
    let whole = quotient.floor()
    let left = remainder.detached()
    let isMost = (left.abs() .> b.detached().abs() * 0.5) .| (left .== b)
    return .where((whole .== quotient) .& isMost, whole - 1, whole)
  }
}

extension Lowering {
  /// StableHLO's has the sign of the dividend: one divisor more where that is not the divisor's.
  fileprivate static let remainder = elementwise { text, a in
    let left = text.same("remainder", a[0], a[1])
    let zero = text.constant(.integer(0), left.shape, left.dtype)
    let differs = text.compare(
      "NE", text.compare("LT", left, zero), text.compare("LT", a[1], zero))
    let isWrong = text.same("and", differs, text.compare("NE", left, zero))
    let result = text.select(isWrong, text.same("add", left, a[1]), left)
    if left.dtype.isFloating { return result }
    return text.select(text.compare("EQ", a[1], zero), zero, result)
  }
}

extension Tensor {
  /// The remainders of the elements, broadcast, with the sign of the divisor as in Python:
  /// `torch.remainder`. (Swift's own `%` takes the sign of the dividend.)
  ///
  ///     y = left - floor(left / right) * right
  ///
  /// - Returns: the broadcast shape, in the operands' common dtype; by zero NaN.
  /// - Gradient: `g` and `-g * floor(left / right)`, the quotient unrounded, summed over the axes
  ///   that were broadcast.
  /// - Error: shapes that do not broadcast, bool; a whole number by 0, when
  ///   numbers are asked for (on an accelerator, which cannot stop, that is 0).
  public static func % (left: Tensor, right: Tensor) -> Tensor {
    elementwise(.remainder, left, right)
  }
  /// The same with a scalar on the right, which takes the tensor's dtype.
  public static func % <N: RealConvertible>(left: Tensor, right: N) -> Tensor {
    remainder(left, right.scalar)
  }
  /// The same with a scalar on the left, which takes the tensor's dtype.
  public static func % <N: RealConvertible>(left: N, right: Tensor) -> Tensor {
    elementwise(.remainder, left.scalar, right)
  }

  /// The remainders by one number, which must not be 0 for whole numbers.
  static func remainder(_ left: Tensor, _ right: Scalar) -> Tensor {
    if left.dtype.isInteger, right.double == 0 {
      return Tensor(
        error: TensorError(
          "remainder", "a whole number is divided by 0", operands: [("left", left.signature)],
          help: "write another divisor, or cast to a float, where the remainder is NaN"))
    }
    return elementwise(.remainder, left, right)
  }
}
