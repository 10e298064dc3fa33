import BlitzTensor

/// How a float of 8 or 4 bits is written: a sign (but of powers), an exponent, a mantissa.
struct SmallFloat: Sendable, Equatable {
  /// What the largest codes mean.
  enum Kind: Sendable {
    /// Infinities and NaN, as IEEE 754 has them.
    case standard
    /// No infinities; all ones are NaN.
    case finite
    /// No infinities and no -0, whose code is NaN.
    case unsignedZero
    /// Numbers alone.
    case numbersOnly
    /// Powers of two without a sign; all ones are NaN.
    case powers
  }

  let mantissa: Int
  let bias: Int
  let kind: Kind

  private var exponentBits: Int { kind == .numbersOnly ? 2 : kind == .powers ? 8 : 7 - mantissa }

  /// The greatest number.
  var greatest: Float {
    switch (kind, mantissa) {
    case (.standard, _): 57344
    case (.finite, _): 448
    case (.unsignedZero, 3): 240
    case (.unsignedZero, _): 57344
    case (.numbersOnly, _): 6
    case (.powers, _): Float(sign: .plus, exponent: 127, significand: 1)
    }
  }

  /// The number of a code.
  func number(_ code: UInt8) -> Float {
    if kind == .powers {
      return code == 255
        ? .nan : Float(Double(sign: .plus, exponent: Int(code) - bias, significand: 1))
    }
    let width = mantissa + exponentBits
    let isNegative = code >> UInt8(width) & 1 == 1
    let exponent = Int(code) >> mantissa & ((1 << exponentBits) - 1)
    let fraction = Int(code) & ((1 << mantissa) - 1)
    switch kind {
    case .standard where exponent == (1 << exponentBits) - 1:
      return fraction != 0 ? .nan : isNegative ? -.infinity : .infinity
    case .finite where code & 0x7f == 0x7f: return .nan
    case .unsignedZero where code == 0x80: return .nan
    default: break
    }
    let whole = exponent == 0 ? fraction : fraction + (1 << mantissa)
    let magnitude = Double(
      sign: .plus, exponent: max(exponent, 1) - bias - mantissa, significand: Double(whole))
    return Float(isNegative ? -magnitude : magnitude)
  }

  /// The code of each number that has one, by the number's bits in float32.
  func codes(_ count: Int) -> [UInt32: UInt8] {
    let pairs = (0..<count).map { (number(UInt8($0)).bitPattern, UInt8($0)) }
    return Dictionary(pairs) { first, _ in first }
  }

  /// The nearest number of the type for each element, of two the even one, in float32.
  ///
  /// - Parameter saturates: whether what is beyond the greatest becomes the greatest; if not, it
  ///   becomes an infinity or, where there is none, NaN.
  func rounded(_ tensor: Tensor, saturates: Bool) -> Tensor {
    let x = tensor.cast(to: .float32)
    let least = 1 - bias
    // x = m * 2^e with m from 0.5 up to 1: the last place of the mantissa is 2^(e - 1 - mantissa).
    let exponent = (x.frexp().exponent - 1).maximum(least) - mantissa
    let step = Tensor.ones([]).ldexp(exponent)
    let near = (x / step).round() * step
    let beyond: Tensor
    switch (kind, saturates) {
    case (_, true), (.numbersOnly, _), (.powers, _):
      beyond = near.clamp(min: Double(-greatest), max: Double(greatest))
    case (.standard, false):
      beyond = .where(near.abs() .> greatest, x.sign() * Tensor.infinity, near)
    default:
      beyond = .where(near.abs() .> greatest, Tensor.nan, near)
    }
    switch kind {
    // There is no -0 in these.
    case .unsignedZero: return beyond + 0
    // Where there is no NaN, it becomes -0 as in the reference evaluator; the text is silent.
    case .numbersOnly: return .where(x.isNaN(), -Tensor.zeros([]), beyond)
    case .standard, .finite, .powers: return beyond
    }
  }
}
