/// Named arrays in the safetensors format: a JSON header, then the raw bytes of every array.
///
/// The format is published at https://huggingface.co/docs/safetensors: eight bytes with the
/// header's length, the header `{"w1":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},...}`,
/// then the arrays back to back, little-endian and row-major, without gaps.
public struct Safetensors: Equatable, Sendable {
  /// The arrays, in the order of their bytes in the file.
  public var entries: [SafetensorsEntry]
  /// Texts about the file, the header's `__metadata__`.
  public var metadata: [String: String]

  /// Makes a file of arrays, to be written.
  public init(entries: [SafetensorsEntry], metadata: [String: String] = [:]) {
    self.entries = entries
    self.metadata = metadata
  }

  /// The array called `name`, or nil if there is none.
  public subscript(name: String) -> SafetensorsEntry? {
    entries.first { $0.name == name }
  }
}

/// An array of a safetensors file.
public struct SafetensorsEntry: Equatable, Sendable {
  /// The name of the array, such as "layers.0.weight".
  public var name: String
  /// The type of the elements.
  public var dtype: SafetensorsDType
  /// The size of each axis, outermost first; empty for a single number.
  public var shape: [Int]
  /// The elements as they are stored: little-endian, row-major. After reading it is a slice of the
  /// whole file, so its indices need not start at 0.
  public var bytes: ArraySlice<UInt8>

  /// Makes an array. Its sizes are checked when it is written.
  public init(name: String, dtype: SafetensorsDType, shape: [Int], bytes: ArraySlice<UInt8>) {
    self.name = name
    self.dtype = dtype
    self.shape = shape
    self.bytes = bytes
  }

  /// The number of bytes of an array of this dtype and shape; nil if it is more than memory could
  /// hold.
  static func byteCount(dtype: SafetensorsDType, shape: [Int]) -> Int? {
    if shape.contains(where: { $0 < 0 }) { return nil }
    if shape.contains(0) { return 0 }
    let isWhole = dtype.bitSize % 8 == 0
    var count = isWhole ? dtype.bitSize / 8 : dtype.bitSize
    for size in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      if overflow { return nil }
      count = product
    }
    if isWhole { return count }
    return count % 8 == 0 ? count / 8 : nil
  }
}

/// The element types of the safetensors format, in the order of its own library.
public enum SafetensorsDType: String, CaseIterable, Sendable {
  /// One byte per element, 0 or 1.
  case bool = "BOOL"
  /// Four bits: sign, 2 of exponent, 1 of fraction; two elements a byte.
  case float4 = "F4"
  /// Six bits: sign, 2 of exponent, 3 of fraction.
  case float6e2m3 = "F6_E2M3"
  /// Six bits: sign, 3 of exponent, 2 of fraction.
  case float6e3m2 = "F6_E3M2"
  /// Eight unsigned bits.
  case uint8 = "U8"
  /// Eight signed bits.
  case int8 = "I8"
  /// Eight bits: sign, 5 of exponent, 2 of fraction.
  case float8e5m2 = "F8_E5M2"
  /// Eight bits: sign, 4 of exponent, 3 of fraction.
  case float8e4m3 = "F8_E4M3"
  /// Eight bits of exponent: a power of two.
  case float8e8m0 = "F8_E8M0"
  /// As `float8e4m3`, with no infinity, no -0 and one NaN.
  case float8e4m3fnuz = "F8_E4M3FNUZ"
  /// As `float8e5m2`, with no infinity, no -0 and one NaN.
  case float8e5m2fnuz = "F8_E5M2FNUZ"
  /// Sixteen signed bits.
  case int16 = "I16"
  /// Sixteen unsigned bits.
  case uint16 = "U16"
  /// IEEE half precision.
  case float16 = "F16"
  /// The upper half of a float32.
  case bfloat16 = "BF16"
  /// Thirty-two signed bits.
  case int32 = "I32"
  /// Thirty-two unsigned bits.
  case uint32 = "U32"
  /// IEEE single precision.
  case float32 = "F32"
  /// Two float32: the real part and the imaginary one.
  case complex64 = "C64"
  /// IEEE double precision.
  case float64 = "F64"
  /// Sixty-four signed bits.
  case int64 = "I64"
  /// Sixty-four unsigned bits.
  case uint64 = "U64"

  /// Bits per element.
  public var bitSize: Int {
    switch self {
    case .float4: 4
    case .float6e2m3, .float6e3m2: 6
    case .bool, .uint8, .int8, .float8e5m2, .float8e4m3, .float8e8m0, .float8e4m3fnuz,
      .float8e5m2fnuz:
      8
    case .int16, .uint16, .float16, .bfloat16: 16
    case .int32, .uint32, .float32: 32
    case .int64, .uint64, .float64, .complex64: 64
    }
  }
}
