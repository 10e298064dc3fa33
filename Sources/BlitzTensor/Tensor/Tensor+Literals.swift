/// Numbers where a tensor is expected: `x[0] = 1`, `let total: Tensor = 0`. Beside a tensor in an
/// elementwise op, and when it is assigned, such a number takes that tensor's dtype.
///
/// That a part of a tensor can be assigned a number is why: with subscripts of a number's type
/// beside the one of tensors, formulas with four subscripts took seconds to type-check.
extension Tensor: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral {
  /// A single int64 number, as `Tensor(1)` makes.
  public init(integerLiteral value: Int) { self = .scalar(.integer(value), .int64) }
  /// A single float32 number, as `Tensor(0.5)` makes.
  public init(floatLiteral value: Double) { self = .scalar(.real(value), .float32) }

  /// A single float32 number from a variable, for assigning: `x[0] = .real(rate)`.
  public static func real(_ value: Double) -> Tensor { .scalar(.real(value), .float32) }

  /// Positive infinity, float32 unless it is assigned to a part of another tensor.
  public static var infinity: Tensor { .real(.infinity) }
  /// Not a number, float32 unless it is assigned to a part of another tensor.
  public static var nan: Tensor { .real(.nan) }
}
