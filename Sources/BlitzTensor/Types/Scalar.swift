/// A Swift number that takes the dtype of the tensor it meets.
///
/// The value is an argument of a plan, not a part of it: a learning rate that changes every
/// step does not cause a new plan.
public enum Scalar: Sendable, Hashable {
  /// A number with a fraction.
  case real(Double)
  /// A whole number.
  case integer(Int)

  /// The value as a `Double`, rounded if it is a large integer.
  public var double: Double {
    switch self {
    case .real(let value): value
    case .integer(let value): Double(value)
    }
  }

  /// Whether an element of `dtype` can hold the value: any real fits a floating dtype (as
  /// its nearest value), a whole number fits an integer dtype if it is in range, and `bool`
  /// takes 0 and 1.
  func fits(_ dtype: DType) -> Bool {
    guard let limits = dtype.limits else { return true }
    guard let whole else { return false }
    return whole < 0 ? whole >= limits.least : UInt64(whole) <= limits.greatest
  }

  /// The value without its fraction.
  var truncated: Scalar {
    switch self {
    case .real(let value): .real(value.rounded(.towardZero))
    case .integer: self
    }
  }

  /// The value as a whole number, or nil if it has a fraction or does not fit.
  var whole: Int? {
    switch self {
    case .real(let value): Int(exactly: value)
    case .integer(let value): value
    }
  }
}

extension Scalar {
  /// Writes the value as one element.
  func write(to pointer: UnsafeMutableRawPointer, as dtype: DType) {
    switch dtype {
    case .float32: pointer.storeBytes(of: Float(double), as: Float.self)
    case .float64: pointer.storeBytes(of: double, as: Double.self)
    case .complex64: pointer.storeBytes(of: SIMD2(Float(double), 0), as: SIMD2<Float>.self)
    case .complex128: pointer.storeBytes(of: SIMD2(double, 0), as: SIMD2<Double>.self)
    case .float16: pointer.storeBytes(of: Float16(double), as: Float16.self)
    case .bfloat16:
      // Round to nearest even by adding half of the dropped part's last place.
      let bits = Float(double).bitPattern
      let rounded = Float(double).isNaN ? bits | 0x40_0000 : bits &+ 0x7fff &+ (bits >> 16 & 1)
      pointer.storeBytes(of: UInt16(rounded >> 16), as: UInt16.self)
    case .int32: pointer.storeBytes(of: Int32(truncatingIfNeeded: whole ?? 0), as: Int32.self)
    case .int64: pointer.storeBytes(of: Int64(whole ?? 0), as: Int64.self)
    case .uint8: pointer.storeBytes(of: UInt8(truncatingIfNeeded: whole ?? 0), as: UInt8.self)
    case .int8: pointer.storeBytes(of: Int8(truncatingIfNeeded: whole ?? 0), as: Int8.self)
    case .int16: pointer.storeBytes(of: Int16(truncatingIfNeeded: whole ?? 0), as: Int16.self)
    case .uint16: pointer.storeBytes(of: UInt16(truncatingIfNeeded: whole ?? 0), as: UInt16.self)
    case .uint32: pointer.storeBytes(of: UInt32(truncatingIfNeeded: whole ?? 0), as: UInt32.self)
    case .uint64: pointer.storeBytes(of: UInt64(truncatingIfNeeded: whole ?? 0), as: UInt64.self)
    case .bool: pointer.storeBytes(of: UInt8(double != 0 ? 1 : 0), as: UInt8.self)
    }
  }
}

extension Scalar: CustomStringConvertible {
  /// The number as Swift prints it.
  public var description: String {
    switch self {
    case .real(let value): "\(value)"
    case .integer(let value): "\(value)"
    }
  }
}
