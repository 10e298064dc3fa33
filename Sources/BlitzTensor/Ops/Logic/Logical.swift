// The operators are those that Swift's SIMD masks declare. They bind less tightly than
// comparisons (`.&` as `&&`, `.|` and `.^` as `||`), so `x .> 0 .& x .< 1` needs no brackets.

extension Rule {
  static let not = Rule.constant(
    "not", .elementwise(domain: .integerOrBool), samples: [.exact(.truth) { .!$0[0] }],
    lowering: .named("not"))
  static let and = Rule.constant(
    "and", .elementwise(operands: 2, domain: .integerOrBool),
    samples: [.exact(.truth) { $0[0] .& $0[1] }],
    lowering: .named("and"))
  static let or = Rule.constant(
    "or", .elementwise(operands: 2, domain: .integerOrBool),
    samples: [.exact(.truth) { $0[0] .| $0[1] }],
    lowering: .named("or"))
  static let xor = Rule.constant(
    "xor", .elementwise(operands: 2, domain: .integerOrBool),
    samples: [.exact(.truth) { $0[0] .^ $0[1] }],
    lowering: .named("xor"))
}

extension Tensor {
  /// Not: true where a mask is false; of integers, every bit flipped: `torch.bitwise_not`.
  ///
  /// - Returns: the shape and dtype of `self`. There is no gradient.
  /// - Error: a floating dtype.
  public static prefix func .! (operand: Tensor) -> Tensor {
    operand.elementwise(.not, .integerOrBool)
  }

  /// And: where both masks are true, broadcast; of integers, the bits that both have:
  /// `torch.bitwise_and`.
  ///
  /// - Returns: the broadcast shape, in the operands' common dtype. There is no gradient.
  /// - Error: shapes that do not broadcast, a floating dtype.
  public static func .& (left: Tensor, right: Tensor) -> Tensor {
    elementwise(.and, left, right, .integerOrBool)
  }

  /// Or: where at least one mask is true, broadcast; of integers, the bits that either has:
  /// `torch.bitwise_or`.
  ///
  /// - Returns: the broadcast shape, in the operands' common dtype. There is no gradient.
  /// - Error: shapes that do not broadcast, a floating dtype.
  public static func .| (left: Tensor, right: Tensor) -> Tensor {
    elementwise(.or, left, right, .integerOrBool)
  }

  /// Exclusive or: where exactly one mask is true, broadcast; of integers, the bits that differ:
  /// `torch.bitwise_xor`.
  ///
  /// - Returns: the broadcast shape, in the operands' common dtype. There is no gradient.
  /// - Error: shapes that do not broadcast, a floating dtype.
  public static func .^ (left: Tensor, right: Tensor) -> Tensor {
    elementwise(.xor, left, right, .integerOrBool)
  }
}
