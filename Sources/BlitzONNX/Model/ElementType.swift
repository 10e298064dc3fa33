import BlitzTensor

/// The type of a tensor's elements in ONNX, under the format's numbers.
///
/// Blitz computes each in the dtype that carries it: its own where there is one, else a wider one
/// that holds every value, whose results are brought back into the type's range.
enum ElementType: Int, CaseIterable, Sendable {
  case float32 = 1, uint8, int8, uint16, int16, int32, int64, string, bool, float16, float64
  case uint32, uint64, complex64, complex128, bfloat16
  case float8e4m3fn, float8e4m3fnuz, float8e5m2, float8e5m2fnuz, uint4, int4, float4e2m1
  case float8e8m0, uint2, int2

  /// The type of a tensor that Blitz made.
  init(_ dtype: DType) {
    self = ElementType.allCases.first { $0.carrier == dtype && !$0.isCarried } ?? .float32
  }

  /// The dtype of the tensors that hold it; nil for text and complex numbers, which none does.
  var carrier: DType? {
    switch self {
    case .float32, .float8e4m3fn, .float8e4m3fnuz, .float8e5m2, .float8e5m2fnuz, .float4e2m1,
      .float8e8m0:
      .float32
    case .float64: .float64
    case .float16: .float16
    case .bfloat16: .bfloat16
    case .int8: .int8
    case .int16: .int16
    case .int64: .int64
    case .uint8: .uint8
    case .uint16: .uint16
    case .uint32: .uint32
    case .uint64: .uint64
    case .bool: .bool
    case .int32, .int4, .uint4, .int2, .uint2: .int32
    case .string, .complex64, .complex128: nil
    }
  }

  /// Whether another type's dtype carries it.
  var isCarried: Bool { small != nil || smallFloat != nil }

  /// Bits of one element in a file.
  var bitCount: Int {
    switch self {
    case .uint2, .int2: 2
    case .uint4, .int4, .float4e2m1: 4
    case .uint8, .int8, .bool, .float8e4m3fn, .float8e4m3fnuz, .float8e5m2, .float8e5m2fnuz,
      .float8e8m0:
      8
    case .uint16, .int16, .float16, .bfloat16: 16
    case .float32, .int32, .uint32: 32
    case .float64, .int64, .uint64, .complex64, .string: 64
    case .complex128: 128
    }
  }

  /// Of whole numbers that another dtype carries: their range.
  var small: ClosedRange<Int>? {
    switch self {
    case .int4, .int2: -(1 << (bitCount - 1))...(1 << (bitCount - 1)) - 1
    case .uint4, .uint2: 0...(1 << bitCount) - 1
    default: nil
    }
  }

  /// The range of whole numbers; nil for other types.
  var range: ClosedRange<Int>? {
    switch self {
    case .int8, .int16, .int32, .int64: Int.min >> (64 - bitCount)...Int.max >> (64 - bitCount)
    case .uint8, .uint16, .uint32: 0...(1 << bitCount) - 1
    case .uint64: 0...Int.max
    default: small
    }
  }

  /// The layout of floats that Blitz has no dtype for.
  var smallFloat: SmallFloat? {
    switch self {
    case .float8e4m3fn: SmallFloat(mantissa: 3, bias: 7, kind: .finite)
    case .float8e4m3fnuz: SmallFloat(mantissa: 3, bias: 8, kind: .unsignedZero)
    case .float8e5m2: SmallFloat(mantissa: 2, bias: 15, kind: .standard)
    case .float8e5m2fnuz: SmallFloat(mantissa: 2, bias: 16, kind: .unsignedZero)
    case .float4e2m1: SmallFloat(mantissa: 1, bias: 1, kind: .numbersOnly)
    case .float8e8m0: SmallFloat(mantissa: 0, bias: 127, kind: .powers)
    default: nil
    }
  }

  /// A result in the carrying dtype brought into the type's range, as its bits wrap around.
  func wrapped(_ tensor: Tensor) -> Tensor {
    guard let small, let carrier, tensor.dtype == carrier else { return tensor }
    let mask = Tensor.full([], Double(small.upperBound - small.lowerBound), dtype: carrier)
    if small.lowerBound == 0 { return tensor .& mask }
    return ((tensor - small.lowerBound) .& mask) + small.lowerBound
  }
}

extension ElementType: CustomStringConvertible {
  /// The name that NumPy and Blitz give it.
  var description: String {
    switch self {
    case .float32: "float32"
    case .uint8: "uint8"
    case .int8: "int8"
    case .uint16: "uint16"
    case .int16: "int16"
    case .int32: "int32"
    case .int64: "int64"
    case .string: "string"
    case .bool: "bool"
    case .float16: "float16"
    case .float64: "float64"
    case .uint32: "uint32"
    case .uint64: "uint64"
    case .complex64: "complex64"
    case .complex128: "complex128"
    case .bfloat16: "bfloat16"
    case .float8e4m3fn: "float8e4m3fn"
    case .float8e4m3fnuz: "float8e4m3fnuz"
    case .float8e5m2: "float8e5m2"
    case .float8e5m2fnuz: "float8e5m2fnuz"
    case .uint4: "uint4"
    case .int4: "int4"
    case .float4e2m1: "float4e2m1"
    case .float8e8m0: "float8e8m0"
    case .uint2: "uint2"
    case .int2: "int2"
    }
  }
}
