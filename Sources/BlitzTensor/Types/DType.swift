/// The type of a tensor's elements: `torch.dtype`.
///
/// `float16` and `bfloat16` take half the memory of `float32`. On the CPU ops on them are computed
/// in float32 and rounded once each, as PyTorch's are; for training in them see
/// ``autocast(to:_:)``.
public enum DType: UInt8, Sendable, Hashable, CaseIterable {
  // The raw values are shared with the C kernels.
  /// 24 bits of precision, numbers up to 3.4e38: the default.
  case float32 = 0
  /// 53 bits of precision, numbers up to 1.8e308.
  case float64 = 1
  /// Whole numbers from -2^31 to 2^31 - 1.
  case int32 = 2
  /// Whole numbers from -2^63 to 2^63 - 1: labels, positions and counts.
  case int64 = 3
  /// Whole numbers from 0 to 255: the bytes of pictures.
  case uint8 = 4
  /// True or false: masks.
  case bool = 5
  /// 11 bits of precision, numbers up to 65504 (IEEE 754).
  case float16 = 6
  /// 8 bits of precision and the range of float32.
  case bfloat16 = 7
  /// Whole numbers from -128 to 127: quantised weights.
  case int8 = 8
  /// Whole numbers from -32,768 to 32,767: samples of sound.
  case int16 = 9
  /// Whole numbers from 0 to 65,535.
  case uint16 = 10
  /// Whole numbers from 0 to 2^32 - 1.
  case uint32 = 11
  /// Whole numbers from 0 to 2^64 - 1: hashes.
  case uint64 = 12
  /// Two float32, the real and the imaginary part.
  case complex64 = 13
  /// Two float64, the real and the imaginary part.
  case complex128 = 14

  /// Bytes that one element takes.
  public var byteCount: Int {
    switch self {
    case .complex128: 16
    case .float64, .int64, .uint64, .complex64: 8
    case .float32, .int32, .uint32: 4
    case .float16, .bfloat16, .int16, .uint16: 2
    case .int8, .uint8, .bool: 1
    }
  }

  /// Whether values have a fraction: `float32`, `float64`, `float16` and `bfloat16`.
  public var isFloating: Bool {
    switch self {
    case .float32, .float64, .float16, .bfloat16: true
    default: false
    }
  }

  /// Whether values are whole numbers: `int8` to `int64` and `uint8` to `uint64`.
  public var isInteger: Bool { !isFloating && !isComplex && self != .bool }

  /// Whether there are values below 0: `torch.dtype.is_signed`.
  public var isSigned: Bool {
    switch self {
    case .uint8, .uint16, .uint32, .uint64, .bool: false
    default: true
    }
  }

  /// The least and the greatest whole number, of bool 0 and 1; of floats nothing.
  package var limits: (least: Int, greatest: UInt64)? {
    if isFloating || isComplex { return nil }
    if self == .bool { return (0, 1) }
    let unused = 64 - 8 * byteCount
    return isSigned
      ? (Int.min >> unused, UInt64(Int.max >> unused)) : (0, UInt64.max >> UInt64(unused))
  }

  /// The dtype in which a processor computes what is stored in this one: `float32` for halves,
  /// `int32` or `int64` for whole numbers of sizes that it has no arithmetic for.
  package var computed: DType {
    switch self {
    case .float16, .bfloat16: .float32
    case .int8, .int16, .uint16: .int32
    case .uint32: .int64
    default: self
    }
  }

  /// Whether ops are computed in another dtype.
  package var isStorage: Bool { computed != self }
  /// Whether values are whole numbers of a size that processors have no arithmetic for.
  package var isSmallInteger: Bool { isStorage && isInteger }

  /// Whether an element takes two bytes and has a fraction: `float16` and `bfloat16`.
  public var isHalf: Bool { self == .float16 || self == .bfloat16 }

  /// Whether values have a real and an imaginary part: `complex64` and `complex128`.
  public var isComplex: Bool { self == .complex64 || self == .complex128 }

  /// Whether values can change by a little, so that there are gradients: not whole numbers, bool.
  var hasGradients: Bool { isFloating || isComplex }

  /// The dtype of the parts of complex numbers; of all other dtypes themselves.
  public var component: DType {
    switch self {
    case .complex64: .float32
    case .complex128: .float64
    default: self
    }
  }

  /// The dtype of complex numbers whose parts hold what this dtype holds: `complex128` for
  /// `float64`, `complex64` for all others that are real.
  public var complex: DType { component == .float64 ? .complex128 : .complex64 }
}

extension DType: CustomStringConvertible {
  /// The name as it is written in Swift, `float32`.
  public var description: String {
    switch self {
    case .float32: "float32"
    case .float64: "float64"
    case .int32: "int32"
    case .int64: "int64"
    case .uint8: "uint8"
    case .bool: "bool"
    case .float16: "float16"
    case .bfloat16: "bfloat16"
    case .int8: "int8"
    case .int16: "int16"
    case .uint16: "uint16"
    case .uint32: "uint32"
    case .uint64: "uint64"
    case .complex64: "complex64"
    case .complex128: "complex128"
    }
  }
}

/// A Swift type whose values can be a tensor's elements.
public protocol TensorElement: Sendable {
  /// The dtype of a tensor made from values of this type.
  static var dtype: DType { get }
}

extension Float: TensorElement {
  /// `float32`.
  public static var dtype: DType { .float32 }
}
extension Double: TensorElement {
  /// `float64`.
  public static var dtype: DType { .float64 }
}
extension Int32: TensorElement {
  /// `int32`.
  public static var dtype: DType { .int32 }
}
extension Int64: TensorElement {
  /// `int64`.
  public static var dtype: DType { .int64 }
}
extension Int: TensorElement {
  /// `int64`, as Swift's `Int` has 64 bits on every system that Blitz runs on.
  public static var dtype: DType { .int64 }
}
extension UInt8: TensorElement {
  /// `uint8`.
  public static var dtype: DType { .uint8 }
}
extension Int8: TensorElement {
  /// `int8`.
  public static var dtype: DType { .int8 }
}
extension Int16: TensorElement {
  /// `int16`.
  public static var dtype: DType { .int16 }
}
extension UInt16: TensorElement {
  /// `uint16`.
  public static var dtype: DType { .uint16 }
}
extension UInt32: TensorElement {
  /// `uint32`.
  public static var dtype: DType { .uint32 }
}
extension UInt64: TensorElement {
  /// `uint64`.
  public static var dtype: DType { .uint64 }
}
extension Bool: TensorElement {
  /// `bool`.
  public static var dtype: DType { .bool }
}
extension Float16: TensorElement {
  /// `float16`.
  public static var dtype: DType { .float16 }
}
