extension Scalar: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral {
  /// Makes a whole number, as in `x[0] = 1`.
  public init(integerLiteral value: Int) { self = .integer(value) }
  /// Makes a number with a fraction, as in `x[0] = 0.5`.
  public init(floatLiteral value: Double) { self = .real(value) }

  /// Positive infinity.
  public static var infinity: Scalar { .real(.infinity) }
  /// Not a number.
  public static var nan: Scalar { .real(.nan) }

  /// The number with the other sign, for `-.infinity`.
  public static prefix func - (number: Scalar) -> Scalar {
    switch number {
    case .real(let value): .real(-value)
    case .integer(let value): .integer(0 &- value)
    }
  }
}
