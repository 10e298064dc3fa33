// Which dtype an op of several operands computes in, as PyTorch decides it.

extension DType {
  /// The dtype that holds what both can: `torch.promote_types`.
  ///
  /// bool gives way to whole numbers, these to floats, and these to complex numbers. Of two floats
  /// the wider one, `float32` for `float16` with `bfloat16`; of two dtypes of whole numbers the
  /// smallest that holds both, so `int16` for `int8` with `uint8`. (PyTorch refuses `uint16`,
  /// `uint32` and `uint64` with other whole numbers.) Nothing holds `uint64` and numbers below 0:
  /// here it is `int64`, and ops of such two tensors are errors.
  public func promoted(with other: DType) -> DType {
    if self == other { return self }
    if isComplex || other.isComplex {
      return component.promoted(with: other.component).complex
    }
    if category != other.category { return category > other.category ? self : other }
    if isHalf && other.isHalf { return .float32 }
    if isInteger && isSigned != other.isSigned {
      let (signed, unsigned) = isSigned ? (self, other) : (other, self)
      if signed.byteCount > unsigned.byteCount { return signed }
      return switch unsigned.byteCount {
      case 1: .int16
      case 2: .int32
      default: .int64
      }
    }
    if byteCount != other.byteCount { return byteCount > other.byteCount ? self : other }
    return self
  }

  /// Which dtypes give way to which.
  enum Category: Int, Comparable {
    case bool, whole, floating, complex
    static func < (left: Category, right: Category) -> Bool { left.rawValue < right.rawValue }
  }

  /// The kind of values that this dtype holds.
  var category: Category {
    self == .bool ? .bool : isInteger ? .whole : isComplex ? .complex : .floating
  }

  /// What plain Swift numbers become where no tensor says otherwise.
  static let plain = DType.float32
}

extension Scalar {
  /// The dtype that the number has where it meets no tensor.
  var dtype: DType {
    switch self {
    case .real: .plain
    case .integer: .int64
    }
  }
}

/// The dtype of a result, gathered operand by operand.
///
/// Operands count by kind: tensors with axes first, then tensors of rank 0, then Swift's numbers.
/// One of a later kind changes the dtype only if it is of a higher category: a float among whole
/// numbers, a whole number among bools.
struct ResultType {
  private var ranked: DType?
  private var single: DType?
  private var number: DType?

  init(_ tensors: Tensor...) { for tensor in tensors { add(tensor) } }

  init(_ tensor: Tensor, _ scalar: Scalar) {
    add(tensor)
    number = ResultType.promoted(number, scalar.dtype)
  }

  private mutating func add(_ tensor: Tensor) {
    if tensor.node.isLiteral {
      number = ResultType.promoted(number, tensor.dtype)
    } else if tensor.rank == 0 {
      single = ResultType.promoted(single, tensor.dtype)
    } else {
      ranked = ResultType.promoted(ranked, tensor.dtype)
    }
  }

  /// The dtype of them all.
  var dtype: DType {
    ResultType.combined(ranked, ResultType.combined(single, number)) ?? .plain
  }

  private static func promoted(_ old: DType?, _ new: DType) -> DType {
    old.map { $0.promoted(with: new) } ?? new
  }

  private static func combined(_ first: DType?, _ later: DType?) -> DType? {
    guard let first, let later else { return first ?? later }
    if later.isComplex, first.isFloating { return first.complex }
    return later.category > first.category ? first.promoted(with: later) : first
  }
}

extension Tensor {
  /// The dtype that an elementwise op of two tensors computes in: `torch.result_type`.
  ///
  /// Tensors with axes decide before tensors of rank 0, and these before Swift's numbers; see
  /// ``DType/promoted(with:)`` for two of one kind.
  public static func resultType(_ left: Tensor, _ right: Tensor) -> DType {
    ResultType(left, right).dtype
  }

  /// This operand of an op in the dtype that the op computes in. A number that was written out
  /// becomes one of that dtype, and an error if the dtype cannot hold it.
  func operand(of op: @autoclosure () -> String, in dtype: DType, beside other: Tensor) -> Tensor {
    if self.dtype == dtype { return self }
    if self.dtype == .uint64 && dtype == .int64 {
      return Tensor(
        error: TensorError(
          op(), "no dtype holds all of uint64 and numbers below 0",
          operands: [("one", signature), ("other", other.signature)],
          help: "cast one of them: .cast(to: .int64) if its numbers are below 2^63"))
    }
    guard node.isLiteral, case .scalar(let number) = node.op else { return converted(to: dtype) }
    if number.fits(dtype) { return .scalar(number, dtype) }
    return Tensor(error: .scalar(op(), number, for: other))
  }

  /// A scalar to stand beside this tensor, in its dtype if that is sure to hold it.
  func operand(_ scalar: Scalar) -> Tensor {
    dtype.hasGradients ? .scalar(scalar, dtype) : .literal(scalar)
  }
}
