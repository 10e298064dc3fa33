// The operators are those that Swift's SIMD types declare, with the precedence of `<`.

extension Rule {
  static let less = Rule.constant(
    "less", .elementwise(operands: 2, domain: .any, gives: .bool),
    samples: [.exact(.halves) { $0[0] .< $0[1] }],
    lowering: .comparison("LT"))
  static let lessEqual = Rule.constant(
    "lessEqual", .elementwise(operands: 2, domain: .any, gives: .bool),
    samples: [.exact(.halves) { $0[0] .<= $0[1] }],
    lowering: .comparison("LE"))
  static let greater = Rule.constant(
    "greater", .elementwise(operands: 2, domain: .any, gives: .bool),
    samples: [.exact(.halves) { $0[0] .> $0[1] }],
    lowering: .comparison("GT"))
  static let greaterEqual = Rule.constant(
    "greaterEqual", .elementwise(operands: 2, domain: .any, gives: .bool),
    samples: [.exact(.halves) { $0[0] .>= $0[1] }],
    lowering: .comparison("GE"))
  static let equal = Rule.constant(
    "equal", .elementwise(operands: 2, domain: .any, gives: .bool),
    samples: [.exact(.halves) { $0[0] .== $0[1] }],
    lowering: .comparison("EQ"))
  static let notEqual = Rule.constant(
    "notEqual", .elementwise(operands: 2, domain: .any, gives: .bool),
    samples: [.exact(.halves) { $0[0] .!= $0[1] }],
    lowering: .comparison("NE"))
}

extension Tensor {
  /// Where elements on the left are less than those on the right, broadcast: `torch.lt`.
  ///
  /// - Returns: bool in the broadcast shape; false where either is NaN. There is no gradient.
  /// - Error: shapes that do not broadcast.
  public static func .< (left: Tensor, right: Tensor) -> Tensor {
    elementwise(.less, left, right, .any, to: .bool)
  }
  /// The same with a scalar on the right, which takes the tensor's dtype.
  public static func .< <N: ScalarConvertible>(left: Tensor, right: N) -> Tensor {
    elementwise(.less, left, right.scalar, .any, to: .bool)
  }
  /// The same with a scalar on the left, which takes the tensor's dtype.
  public static func .< <N: ScalarConvertible>(left: N, right: Tensor) -> Tensor {
    elementwise(.less, left.scalar, right, .any, to: .bool)
  }
  /// Where elements on the left are at most those on the right, broadcast: `torch.le`.
  ///
  /// - Returns: bool in the broadcast shape; false where either is NaN. There is no gradient.
  /// - Error: shapes that do not broadcast.
  public static func .<= (left: Tensor, right: Tensor) -> Tensor {
    elementwise(.lessEqual, left, right, .any, to: .bool)
  }
  /// The same with a scalar on the right, which takes the tensor's dtype.
  public static func .<= <N: ScalarConvertible>(left: Tensor, right: N) -> Tensor {
    elementwise(.lessEqual, left, right.scalar, .any, to: .bool)
  }
  /// The same with a scalar on the left, which takes the tensor's dtype.
  public static func .<= <N: ScalarConvertible>(left: N, right: Tensor) -> Tensor {
    elementwise(.lessEqual, left.scalar, right, .any, to: .bool)
  }
  /// Where elements on the left are greater than those on the right, broadcast: `torch.gt`.
  ///
  /// - Returns: bool in the broadcast shape; false where either is NaN. There is no gradient.
  /// - Error: shapes that do not broadcast.
  public static func .> (left: Tensor, right: Tensor) -> Tensor {
    elementwise(.greater, left, right, .any, to: .bool)
  }
  /// The same with a scalar on the right, which takes the tensor's dtype.
  public static func .> <N: ScalarConvertible>(left: Tensor, right: N) -> Tensor {
    elementwise(.greater, left, right.scalar, .any, to: .bool)
  }
  /// The same with a scalar on the left, which takes the tensor's dtype.
  public static func .> <N: ScalarConvertible>(left: N, right: Tensor) -> Tensor {
    elementwise(.greater, left.scalar, right, .any, to: .bool)
  }
  /// Where elements on the left are at least those on the right, broadcast: `torch.ge`.
  ///
  /// - Returns: bool in the broadcast shape; false where either is NaN. There is no gradient.
  /// - Error: shapes that do not broadcast.
  public static func .>= (left: Tensor, right: Tensor) -> Tensor {
    elementwise(.greaterEqual, left, right, .any, to: .bool)
  }
  /// The same with a scalar on the right, which takes the tensor's dtype.
  public static func .>= <N: ScalarConvertible>(left: Tensor, right: N) -> Tensor {
    elementwise(.greaterEqual, left, right.scalar, .any, to: .bool)
  }
  /// The same with a scalar on the left, which takes the tensor's dtype.
  public static func .>= <N: ScalarConvertible>(left: N, right: Tensor) -> Tensor {
    elementwise(.greaterEqual, left.scalar, right, .any, to: .bool)
  }
  /// Where elements are equal, broadcast: `torch.eq`.
  ///
  /// - Returns: bool in the broadcast shape; false where either is NaN. There is no gradient.
  /// - Error: shapes that do not broadcast.
  public static func .== (left: Tensor, right: Tensor) -> Tensor {
    elementwise(.equal, left, right, .any, to: .bool)
  }
  /// The same with a scalar on the right, which takes the tensor's dtype.
  public static func .== <N: ScalarConvertible>(left: Tensor, right: N) -> Tensor {
    elementwise(.equal, left, right.scalar, .any, to: .bool)
  }
  /// The same with a scalar on the left, which takes the tensor's dtype.
  public static func .== <N: ScalarConvertible>(left: N, right: Tensor) -> Tensor {
    elementwise(.equal, left.scalar, right, .any, to: .bool)
  }
  /// Where elements differ, broadcast: `torch.ne`.
  ///
  /// - Returns: bool in the broadcast shape; true where either is NaN. There is no gradient.
  /// - Error: shapes that do not broadcast.
  public static func .!= (left: Tensor, right: Tensor) -> Tensor {
    elementwise(.notEqual, left, right, .any, to: .bool)
  }
  /// The same with a scalar on the right, which takes the tensor's dtype.
  public static func .!= <N: ScalarConvertible>(left: Tensor, right: N) -> Tensor {
    elementwise(.notEqual, left, right.scalar, .any, to: .bool)
  }
  /// The same with a scalar on the left, which takes the tensor's dtype.
  public static func .!= <N: ScalarConvertible>(left: N, right: Tensor) -> Tensor {
    elementwise(.notEqual, left.scalar, right, .any, to: .bool)
  }
}
