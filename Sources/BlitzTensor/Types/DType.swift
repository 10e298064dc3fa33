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
  /// Two float32, the real and the imaginary part.
  case complex64 = 13
  /// Two float64, the real and the imaginary part.
  case complex128 = 14

  /// Bytes that one element takes.
  public var byteCount: Int {
    switch self {
    case .complex128: 16
    case .complex64: 8
    case .float64, .int64: 8
    case .float32, .int32: 4
    case .float16, .bfloat16: 2
    case .uint8, .bool: 1
    }
  }

  /// Whether values have a fraction: `float32`, `float64`, `float16` and `bfloat16`.
  public var isFloating: Bool {
    switch self {
    case .float32, .float64, .float16, .bfloat16: true
    case .int32, .int64, .uint8, .bool, .complex64, .complex128: false
    }
  }

  /// Whether values are whole numbers: `int32`, `int64` and `uint8`.
  public var isInteger: Bool {
    switch self {
    case .int32, .int64, .uint8: true
    case .float32, .float64, .float16, .bfloat16, .bool, .complex64, .complex128: false
    }
  }

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
extension Bool: TensorElement {
  /// `bool`.
  public static var dtype: DType { .bool }
}
extension Float16: TensorElement {
  /// `float16`.
  public static var dtype: DType { .float16 }
}
