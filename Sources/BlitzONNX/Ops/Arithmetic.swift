import BlitzTensor

extension OpTable {
  /// Sums, products and the like, element by element.
  static let arithmetic: [OpEntry] = [
    OpEntry("Add", .wrapped(0)) { try $0.binary(+) },
    OpEntry("Sub", .wrapped(0)) { try $0.binary(-) },
    OpEntry("Mul", .wrapped(0)) { try $0.binary(*) },
    OpEntry("Div", .wrapped(0)) { try $0.binary(quotient) },
    OpEntry("Mod", since: 10, .wrapped(0)) { call in
      call.flag("fmod") ? call[0].fmod(call[1]) : call[0] % call[1]
    },
    OpEntry("Pow", .wrapped(0)) { call in
      try call.binary { base, exponent in
        if base.dtype == exponent.dtype { return base.pow(exponent) }
        if base.dtype.isFloating { return base.pow(exponent.cast(to: base.dtype)) }
        if exponent.dtype.isFloating {
          return base.cast(to: .float64).pow(exponent.cast(to: .float64)).cast(to: base.dtype)
        }
        return base.cast(to: .int64).pow(exponent.cast(to: .int64)).cast(to: base.dtype)
      }
    },
    OpEntry("Sum", .wrapped(0)) { try $0.folded(+) },
    OpEntry("Mean") { try $0.folded(+) / Double($0.inputs.count) },
    OpEntry("Max") { try $0.folded { $0.maximum($1) } },
    OpEntry("Min") { try $0.folded { $0.minimum($1) } },
    OpEntry("Clip", since: 1, clip),
    OpEntry("Abs", .wrapped(0)) { $0[0].abs() },
    OpEntry("Neg", .wrapped(0)) { -$0[0] },
    OpEntry("Sign") { call in
      let x = call[0]
      return x.dtype.isFloating ? .where(x.isNaN(), x, x.sign()) : x.sign()
    },
    OpEntry("Reciprocal") { 1 / $0[0] },
    OpEntry("Ceil") { $0[0].ceil() },
    OpEntry("Floor") { $0[0].floor() },
    OpEntry("Round", since: 11) { $0[0].round() },
    OpEntry("BitShift", since: 11, .wrapped(0)) { call in
      let places = call[1]
      return call.text("direction") == "LEFT"
        ? call[0].shiftedLeft(by: places) : call[0].shiftedRight(by: places)
    },
    OpEntry("BitwiseAnd", since: 18, .wrapped(0)) { $0[0] .& $0[1] },
    OpEntry("BitwiseOr", since: 18, .wrapped(0)) { $0[0] .| $0[1] },
    OpEntry("BitwiseXor", since: 18, .wrapped(0)) { $0[0] .^ $0[1] },
    OpEntry("BitwiseNot", since: 18, .wrapped(0)) { .!$0[0] },
  ]

  /// The quotient, of whole numbers cut towards zero; by zero 0.
  private static func quotient(_ left: Tensor, _ right: Tensor) -> Tensor {
    guard left.dtype.isInteger else { return left / right }
    let isZero = right .== 0
    let divisor = Tensor.where(isZero, Tensor.ones([], dtype: right.dtype), right)
    let whole = (left - left.fmod(divisor)).floorDivided(by: divisor)
    return .where(isZero, Tensor.zeros([], dtype: left.dtype), whole)
  }

  @Sendable private static func clip(_ call: OpCall) throws -> Tensor {
    var x = call[0]
    if call.opset < 11 {
      let bounds = (call.float("min", -3.402_823_466e38), call.float("max", 3.402_823_466e38))
      return x.clamp(min: bounds.0, max: bounds.1)
    }
    if let low = call.optional(1) { x = .where(x.isNaN(), x, x.maximum(low)) }
    if let high = call.optional(2) { x = .where(x.isNaN(), x, x.minimum(high)) }
    return x
  }
}

extension OpCall {
  /// An op of two inputs, broadcast as the opset says.
  func binary(_ op: (Tensor, Tensor) -> Tensor) throws -> Tensor {
    let left = self[0]
    var right = self[1]
    // Before opset 7 the right one's first axis could be any of the left one's.
    if opset < 7, flag("broadcast"), has("axis") {
      let axis = try axis(int("axis"), rank: left.rank)
      let rest = left.rank - axis - right.rank
      guard rest >= 0 else { throw failure("the right input does not fit from axis \(axis) on") }
      right = right.reshaped(to: Shape(right.shape.sizes + Array(repeating: 1, count: rest)))
    }
    return op(left, right)
  }

  /// An op of any number of inputs, from the left.
  func folded(_ op: (Tensor, Tensor) -> Tensor) throws -> Tensor {
    guard let first = tensors.first else { throw failure("takes one input or more") }
    return tensors.dropFirst().reduce(first, op)
  }
}
