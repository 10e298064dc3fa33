/// A Swift number that can stand beside a tensor in an op, whose dtype it takes.
///
/// One generic overload for all of them: with one overload for each type, Swift's type checker
/// takes more than ten times as long over a formula with many literals.
public protocol ScalarConvertible: Sendable {
  /// The number, whole if its type is.
  var scalar: Scalar { get }
}

/// A number with a fraction, such as `Double` and `Float`, that can also stand beside a tensor in
/// arithmetic. `Int` has operators of its own.
public protocol RealConvertible: ScalarConvertible {}

extension Double: RealConvertible {
  /// The number as it is.
  public var scalar: Scalar { .real(self) }
}
extension Float: RealConvertible {
  /// The number as it is.
  public var scalar: Scalar { .real(Double(self)) }
}
extension Int: ScalarConvertible {
  /// The number as it is.
  public var scalar: Scalar { .integer(self) }
}
