/// Numbers where a tensor is expected: `x[0] = 1`, `let total: Tensor = 0`. Beside a tensor in an
/// elementwise op, and when it is assigned, such a number takes that tensor's dtype.
///
/// That a part of a tensor can be assigned a number is why: with subscripts of a number's type
/// beside the one of tensors, formulas with four subscripts took seconds to type-check.
extension Tensor: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral {
  /// An int64 scalar, as `Tensor(1)` makes.
  public init(integerLiteral value: Int) { self = .literal(.integer(value)) }
  /// A float32 scalar, as `Tensor(0.5)` makes.
  public init(floatLiteral value: Double) { self = .literal(.real(value)) }

  /// A float32 scalar from a variable, for assigning: `x[0] = .real(rate)`.
  public static func real(_ value: Double) -> Tensor { .literal(.real(value)) }

  /// Positive infinity, float32 unless it is assigned to a part of another tensor.
  public static var infinity: Tensor { .real(.infinity) }
  /// Not a number, float32 unless it is assigned to a part of another tensor.
  public static var nan: Tensor { .real(.nan) }

  /// A number that takes the dtype of the first tensor it meets.
  @inline(never)
  static func literal(_ value: Scalar) -> Tensor {
    var dtype = DType.float32
    if case .integer = value { dtype = .int64 }
    return Tensor(
      node: Node(
        .scalar(value), shape: [], dtype: dtype, device: .default, isLiteral: true))
  }

  /// The number, if this is one that was written out.
  private var literal: Scalar? {
    guard node.isLiteral, case .scalar(let value) = node.op else { return nil }
    return value
  }

  /// The negative of a written number is one too.
  var negatedLiteral: Tensor? {
    switch literal {
    case .real(let value): .literal(.real(-value))
    case .integer(let value): .literal(.integer(0 &- value))
    case nil: nil
    }
  }

  /// Numbers that meet before they meet a tensor: in `x * (1 - momentum)` Swift takes the 1 for a
  /// tensor. Their sum, difference, product or quotient is a written number again.
  static func folded(_ op: Elementwise, _ left: Tensor, _ right: Tensor) -> Tensor? {
    guard let left = left.literal, let right = right.literal else { return nil }
    return folded(op, left, right)
  }

  /// The same for a written number and one from a variable.
  static func folded(_ op: Elementwise, _ left: Tensor, _ right: Scalar) -> Tensor? {
    left.literal.flatMap { folded(op, $0, right) }
  }

  /// The same for one from a variable and a written number.
  static func folded(_ op: Elementwise, _ left: Scalar, _ right: Tensor) -> Tensor? {
    right.literal.flatMap { folded(op, left, $0) }
  }

  private static func folded(_ op: Elementwise, _ left: Scalar, _ right: Scalar) -> Tensor? {
    if case (.integer(let a), .integer(let b)) = (left, right) {
      let (value, overflows): (Int, Bool)
      switch op {
      case .add: (value, overflows) = a.addingReportingOverflow(b)
      case .subtract: (value, overflows) = a.subtractingReportingOverflow(b)
      case .multiply: (value, overflows) = a.multipliedReportingOverflow(by: b)
      default: return nil
      }
      return overflows ? nil : .literal(.integer(value))
    }
    let (a, b) = (left.double, right.double)
    switch op {
    case .add: return .literal(.real(a + b))
    case .subtract: return .literal(.real(a - b))
    case .multiply: return .literal(.real(a * b))
    case .divide: return .literal(.real(a / b))
    default: return nil
    }
  }
}
