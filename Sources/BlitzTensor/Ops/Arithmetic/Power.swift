extension Rule {
  static let power = Rule(
    name: "pow", .elementwise(operands: 2, domain: .numeric, cost: .costly, losesDigits: true),
    saves: [.inputs, .output], samples: [.near(.positive) { ($0[0] / 10).pow($0[1]) }],
    lowering: .power
  ) {
    step in
    let (x, p, g) = (step.inputs[0], step.inputs[1], step.gradient)
    if case .scalar(let number) = p.node.op, step.wants(0) {
      return [number.double == 0 ? nil : g * p * x.pow(number.double - 1), nil]
    }
    // What is chosen away must not be infinite either, or its own gradient would be NaN.
    let one = Tensor.scalar(.integer(1), x.dtype)
    let isFlat = (x .== 0) .& (p .>= 0)
    return [
      step.wants(0)
        ? Tensor.where(p .== 0, 0, g * p * raw(.where(p .== 0, one, x), p - 1)) : nil,
      step.wants(1)
        ? Tensor.where(isFlat, 0, g * step.output * Tensor.where(isFlat, one, x).log()) : nil,
    ]
  }

  private static func raw(_ x: Tensor, _ p: Tensor) -> Tensor {
    .elementwise(.power, x, p)
  }
}

extension Lowering {
  fileprivate static let power = elementwise { text, a in
    a[0].dtype.isFloating ? text.same("power", a[0], a[1]) : text.wholePower(a[0], a[1])
  }
}

extension ProgramText {
  /// Powers of whole numbers, which wrap around: squares as long as an exponent has bits left.
  ///
  /// StableHLO's own takes the low bits of large exponents only.
  fileprivate mutating func wholePower(_ base: Value, _ exponent: Value) -> Value {
    let (shape, dtype) = (base.shape, base.dtype)
    let zero = constant(.integer(0), shape, dtype)
    let one = constant(.integer(1), shape, dtype)
    var left = exponent
    var vanishes: Value?
    if dtype.isSigned {
      // Of the negative powers only those of 1 and -1 are not 0, and they are as the last bit says.
      let isNegative = compare("LT", exponent, zero)
      left = select(isNegative, same("and", exponent, one), exponent)
      vanishes = same("and", isNegative, compare("NE", same("abs", base), one))
    }
    let type = base.type.text
    let mask = Program.Value(shape: shape, dtype: .bool).text
    let power = emit(
      """
      stablehlo.while(%b = \(base), %p = \(one), %l = \(left)) : \(type), \(type), \(type)
        cond {
          %z = stablehlo.constant dense<0> : \(type)
          %f = stablehlo.constant dense<false> : tensor<i1>
          %bits = stablehlo.compare NE, %l, %z, \(dtype.comparison) : (\(type), \(type)) -> \(mask)
          %more = stablehlo.reduce(%bits init: %f) applies stablehlo.or across dimensions = \
      \(Array(shape.indices)) : (\(mask), tensor<i1>) -> tensor<i1>
          stablehlo.return %more : tensor<i1>
        } do {
          %z = stablehlo.constant dense<0> : \(type)
          %o = stablehlo.constant dense<1> : \(type)
          %bit = stablehlo.and %l, %o : \(type)
          %odd = stablehlo.compare NE, %bit, %z, \(dtype.comparison) : (\(type), \(type)) -> \(mask)
          %pb = stablehlo.multiply %p, %b : \(type)
          %np = stablehlo.select %odd, %pb, %p : \(mask), \(type)
          %nb = stablehlo.multiply %b, %b : \(type)
          %nl = stablehlo.shift_right_logical %l, %o : \(type)
          stablehlo.return %nb, %np, %nl : \(type), \(type), \(type)
        }
      """, [base.type, base.type, base.type])[1]
    return vanishes.map { select($0, zero, power) } ?? power
  }
}

extension Tensor {
  /// Each element to the power of the exponent at the same place, broadcast: `torch.pow`.
  ///
  /// - Returns: the broadcast shape, in the operands' common dtype; NaN for a negative base and an
  ///   exponent with a fraction; integers wrap around, and a negative exponent gives 0 unless
  ///   the base is 1 or -1.
  /// - Gradient: `g * p * x^(p - 1)` (0 where p is 0) and `g * y * log(x)` (0 where x is 0
  ///   and p is not negative, infinite where p is), summed over the axes that were broadcast.
  /// - Error: shapes that do not broadcast, bool.
  public func pow(_ exponent: Tensor) -> Tensor {
    if dtype.isHalf && exponent.dtype.isHalf && Autocast.isOn { return upcast.pow(exponent.upcast) }
    return .elementwise(.power, self, exponent)
  }

  /// Each element to the power of a Swift number: `torch.pow`.
  ///
  /// - Returns: the shape and dtype of `self`, float32 for whole numbers and bool; NaN for a
  ///   negative base and an exponent with a fraction. 0.5 is `sqrt()`, which keeps -0, and -0.5 is
  ///   `rsqrt()`.
  /// - Gradient: `g * p * x^(p - 1)`, 0 if p is 0.
  public func pow(_ exponent: Double) -> Tensor {
    if node.failure == nil && !dtype.hasGradients {
      return converted(to: .plain).pow(exponent)
    }
    // Products are faster than powers, and every power's gradient is the power below it.
    if let wide = inFloat32({ $0.pow(exponent) }) { return wide }
    if exponent == 1 { return self }
    if exponent == 2 { return square() }
    if exponent == 3 { return square() * self }
    // IEEE's powers make 0 and infinity of -0 and -infinity; its roots, as PyTorch, -0 and NaN.
    if exponent == 0.5 { return sqrt() }
    if exponent == -0.5 { return rsqrt() }
    return .elementwise(.power, self, Scalar.real(exponent))
  }

  /// Each element to the power of a whole number.
  ///
  /// - Returns: the shape and dtype of `self`, int64 for bool; integers wrap around.
  /// - Gradient: `g * p * x^(p - 1)`, 0 if p is 0.
  /// - Error: whole numbers and an exponent below zero.
  public func pow(_ exponent: Int) -> Tensor {
    if dtype.hasGradients || node.failure != nil { return pow(Double(exponent)) }
    if exponent < 0 {
      return Tensor(
        error: TensorError(
          "pow", "whole numbers have no whole power of \(exponent)",
          operands: [("base", signature)], help: "write pow(\(exponent).0), which is float32"))
    }
    return .elementwise(.power, self, Scalar.integer(exponent))
  }

  /// Each element times itself.
  ///
  /// - Returns: the shape and dtype of `self`, int64 for bool; integers wrap around.
  /// - Gradient: `g * 2 * x`.
  public func square() -> Tensor {
    if node.failure != nil { return self }
    return dtype == .bool ? pow(2) : self * self
  }

  /// One over each element.
  ///
  /// - Returns: the shape and dtype of `self`, float32 for whole numbers and bool; infinite at 0.
  /// - Gradient: `-g / x^2`.
  public func reciprocal() -> Tensor {
    node.failure != nil ? self : (1 / self).named("reciprocal")
  }
}
