/// A complex number, as tensors of complex numbers are made from and read into: Python's `complex`.
///
///     let z = Tensor([Complex(1, 2), Complex(0, -1)])     // complex64[2]
///     let first: Complex = try z[0].item()
public struct Complex: Sendable, Hashable {
  /// The real part.
  public var real: Double
  /// The imaginary part.
  public var imag: Double

  /// A number with both parts.
  public init(_ real: Double, _ imag: Double = 0) { (self.real, self.imag) = (real, imag) }

  /// The imaginary unit, whose square is -1.
  public static let i = Complex(0, 1)
}

extension Complex: TensorElement, NestedElements {
  /// `complex128`; tensors made of such numbers are `complex64` if nothing else is asked for.
  public static var dtype: DType { .complex128 }
  /// Itself.
  public typealias ElementType = Self
}

extension Complex: CustomStringConvertible {
  /// Both parts, `1.0+2.0i`.
  public var description: String {
    Complex.text("\(real)", "\(imag)", isNegative: imag.sign == .minus)
  }

  /// A number whose parts are written; the imaginary one with its minus if it is negative.
  static func text(_ real: String, _ imag: String, isNegative: Bool) -> String {
    "\(real)\(isNegative && imag.hasPrefix("-") ? "" : "+")\(imag)i"
  }
}

extension Tensor {
  /// A single complex number, to stand beside tensors of `dtype`: of the dtype itself, or of the
  /// complex one whose parts it holds.
  static func number(_ number: Complex, beside dtype: DType) -> Tensor {
    Tensor([number], shape: [], dtype: dtype.hasGradients ? dtype.complex : .complex64)
  }

  /// Each element plus a complex number; real ones become complex.
  public static func + (left: Tensor, right: Complex) -> Tensor {
    left + number(right, beside: left.dtype)
  }
  /// Each element minus a complex number; real ones become complex.
  public static func - (left: Tensor, right: Complex) -> Tensor {
    left - number(right, beside: left.dtype)
  }
  /// Each element times a complex number; real ones become complex.
  public static func * (left: Tensor, right: Complex) -> Tensor {
    left * number(right, beside: left.dtype)
  }
  /// Each element over a complex number; real ones become complex.
  public static func / (left: Tensor, right: Complex) -> Tensor {
    left / number(right, beside: left.dtype)
  }
  /// A complex number plus each element; real ones become complex.
  public static func + (left: Complex, right: Tensor) -> Tensor {
    number(left, beside: right.dtype) + right
  }
  /// A complex number minus each element; real ones become complex.
  public static func - (left: Complex, right: Tensor) -> Tensor {
    number(left, beside: right.dtype) - right
  }
  /// A complex number times each element; real ones become complex.
  public static func * (left: Complex, right: Tensor) -> Tensor {
    number(left, beside: right.dtype) * right
  }
  /// A complex number over each element; real ones become complex.
  public static func / (left: Complex, right: Tensor) -> Tensor {
    number(left, beside: right.dtype) / right
  }
}
