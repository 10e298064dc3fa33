import BlitzTensor
import CKernels
import Synchronization

extension Elementwise {
  /// The op's number in the vector loops, which have it under the same name.
  var code: Int32 { Elementwise.codes[Int(rawValue)] }

  private static let codes = allCases.map { op in
    let code = blz_op_named("\(op)")
    if code < 0 { fatalError("elementwise_ops.h has no row for \(op)") }
    return code
  }
}

extension Reduction {
  /// The reduction's number in the vector loops.
  var code: Int32 {
    let code =
      switch self {
      case .sum: BLZ_REDUCE_SUM
      case .product: BLZ_REDUCE_PROD
      case .maximum: BLZ_REDUCE_MAX
      case .minimum: BLZ_REDUCE_MIN
      case .norm: BLZ_REDUCE_NORM
      }
    return Int32(code)
  }
}

extension blz_operand {
  init(_ operand: Plan.Operand) {
    self.init()
    dtype = Int32(operand.dtype.rawValue)
    contiguous = operand.isContiguous ? 1 : 0
    offset = Int64(operand.offset)
    withUnsafeMutableBytes(of: &strides) { bytes in
      let strides = bytes.bindMemory(to: Int64.self)
      for (index, stride) in operand.strides.enumerated() { strides[index] = Int64(stride) }
    }
  }
}

extension blz_scalar {
  init(_ scalar: Scalar, _ dtype: DType) {
    self.init()
    switch dtype {
    case .float32, .float64, .float16, .bfloat16, .complex64, .complex128: f = scalar.double
    case .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64, .bool:
      switch scalar {
      case .integer(let value): i = Int64(value)
      case .real(let value): i = Int64(exactly: value) ?? 0
      }
    }
  }
}

extension TensorError {
  static func outOfScratch(_ instructionCount: Int) -> TensorError {
    TensorError(
      "evaluate", "no memory for the tiles of a loop of \(instructionCount) ops",
      operands: [("in use", "\(Memory.liveBytes) bytes")],
      help: "use smaller tensors, or call eval() on parts of the expression")
  }
}

extension TensorError {
  static var dividedByZero: TensorError {
    TensorError(
      "remainder", "a whole number is divided by 0",
      help: "look for 0 in the divisor, or cast to a float, where the remainder is NaN")
  }
}

/// Whether any thread of a kernel failed, and with what status.
final class FailureFlag: Sendable {
  private let flag = Atomic<Int32>(Int32(BLZ_DONE))

  /// Notes how a part ended.
  func note(_ status: Int32) {
    if status != Int32(BLZ_DONE) { flag.store(status, ordering: .relaxed) }
  }

  func raise() { note(Int32(BLZ_OUT_OF_MEMORY)) }
  var status: Int32 { flag.load(ordering: .relaxed) }
  var isRaised: Bool { status != Int32(BLZ_DONE) }
}
