// The operators are those that Swift's SIMD types declare, with the precedence of `<`.

extension Rule {
  static let less = Rule.constant("less")
  static let lessEqual = Rule.constant("lessEqual")
  static let greater = Rule.constant("greater")
  static let greaterEqual = Rule.constant("greaterEqual")
  static let equal = Rule.constant("equal")
  static let notEqual = Rule.constant("notEqual")
}

extension Tensor {
  /// Where elements on the left are less than those on the right, broadcast.
  ///
  /// - Returns: bool in the broadcast shape; false where either is NaN. There is no gradient.
  /// - Error: shapes that do not broadcast, dtypes that differ.
  public static func .< (left: Tensor, right: Tensor) -> Tensor {
    elementwise(.less, left, right, .any, to: .bool)
  }
  /// The same with a number on the right, which takes the tensor's dtype.
  public static func .< (left: Tensor, right: Double) -> Tensor {
    elementwise(.less, left, .real(right), .any, to: .bool)
  }
  /// The same with a number on the left, which takes the tensor's dtype.
  public static func .< (left: Double, right: Tensor) -> Tensor {
    elementwise(.less, .real(left), right, .any, to: .bool)
  }
  /// The same with a number on the right, which takes the tensor's dtype.
  public static func .< (left: Tensor, right: Int) -> Tensor {
    elementwise(.less, left, .integer(right), .any, to: .bool)
  }
  /// The same with a number on the left, which takes the tensor's dtype.
  public static func .< (left: Int, right: Tensor) -> Tensor {
    elementwise(.less, .integer(left), right, .any, to: .bool)
  }
  /// Where elements on the left are at most those on the right, broadcast.
  ///
  /// - Returns: bool in the broadcast shape; false where either is NaN. There is no gradient.
  /// - Error: shapes that do not broadcast, dtypes that differ.
  public static func .<= (left: Tensor, right: Tensor) -> Tensor {
    elementwise(.lessEqual, left, right, .any, to: .bool)
  }
  /// The same with a number on the right, which takes the tensor's dtype.
  public static func .<= (left: Tensor, right: Double) -> Tensor {
    elementwise(.lessEqual, left, .real(right), .any, to: .bool)
  }
  /// The same with a number on the left, which takes the tensor's dtype.
  public static func .<= (left: Double, right: Tensor) -> Tensor {
    elementwise(.lessEqual, .real(left), right, .any, to: .bool)
  }
  /// The same with a number on the right, which takes the tensor's dtype.
  public static func .<= (left: Tensor, right: Int) -> Tensor {
    elementwise(.lessEqual, left, .integer(right), .any, to: .bool)
  }
  /// The same with a number on the left, which takes the tensor's dtype.
  public static func .<= (left: Int, right: Tensor) -> Tensor {
    elementwise(.lessEqual, .integer(left), right, .any, to: .bool)
  }
  /// Where elements on the left are greater than those on the right, broadcast.
  ///
  /// - Returns: bool in the broadcast shape; false where either is NaN. There is no gradient.
  /// - Error: shapes that do not broadcast, dtypes that differ.
  public static func .> (left: Tensor, right: Tensor) -> Tensor {
    elementwise(.greater, left, right, .any, to: .bool)
  }
  /// The same with a number on the right, which takes the tensor's dtype.
  public static func .> (left: Tensor, right: Double) -> Tensor {
    elementwise(.greater, left, .real(right), .any, to: .bool)
  }
  /// The same with a number on the left, which takes the tensor's dtype.
  public static func .> (left: Double, right: Tensor) -> Tensor {
    elementwise(.greater, .real(left), right, .any, to: .bool)
  }
  /// The same with a number on the right, which takes the tensor's dtype.
  public static func .> (left: Tensor, right: Int) -> Tensor {
    elementwise(.greater, left, .integer(right), .any, to: .bool)
  }
  /// The same with a number on the left, which takes the tensor's dtype.
  public static func .> (left: Int, right: Tensor) -> Tensor {
    elementwise(.greater, .integer(left), right, .any, to: .bool)
  }
  /// Where elements on the left are at least those on the right, broadcast.
  ///
  /// - Returns: bool in the broadcast shape; false where either is NaN. There is no gradient.
  /// - Error: shapes that do not broadcast, dtypes that differ.
  public static func .>= (left: Tensor, right: Tensor) -> Tensor {
    elementwise(.greaterEqual, left, right, .any, to: .bool)
  }
  /// The same with a number on the right, which takes the tensor's dtype.
  public static func .>= (left: Tensor, right: Double) -> Tensor {
    elementwise(.greaterEqual, left, .real(right), .any, to: .bool)
  }
  /// The same with a number on the left, which takes the tensor's dtype.
  public static func .>= (left: Double, right: Tensor) -> Tensor {
    elementwise(.greaterEqual, .real(left), right, .any, to: .bool)
  }
  /// The same with a number on the right, which takes the tensor's dtype.
  public static func .>= (left: Tensor, right: Int) -> Tensor {
    elementwise(.greaterEqual, left, .integer(right), .any, to: .bool)
  }
  /// The same with a number on the left, which takes the tensor's dtype.
  public static func .>= (left: Int, right: Tensor) -> Tensor {
    elementwise(.greaterEqual, .integer(left), right, .any, to: .bool)
  }
  /// Where elements are equal, broadcast.
  ///
  /// - Returns: bool in the broadcast shape; false where either is NaN. There is no gradient.
  /// - Error: shapes that do not broadcast, dtypes that differ.
  public static func .== (left: Tensor, right: Tensor) -> Tensor {
    elementwise(.equal, left, right, .any, to: .bool)
  }
  /// The same with a number on the right, which takes the tensor's dtype.
  public static func .== (left: Tensor, right: Double) -> Tensor {
    elementwise(.equal, left, .real(right), .any, to: .bool)
  }
  /// The same with a number on the left, which takes the tensor's dtype.
  public static func .== (left: Double, right: Tensor) -> Tensor {
    elementwise(.equal, .real(left), right, .any, to: .bool)
  }
  /// The same with a number on the right, which takes the tensor's dtype.
  public static func .== (left: Tensor, right: Int) -> Tensor {
    elementwise(.equal, left, .integer(right), .any, to: .bool)
  }
  /// The same with a number on the left, which takes the tensor's dtype.
  public static func .== (left: Int, right: Tensor) -> Tensor {
    elementwise(.equal, .integer(left), right, .any, to: .bool)
  }
  /// Where elements differ, broadcast.
  ///
  /// - Returns: bool in the broadcast shape; true where either is NaN. There is no gradient.
  /// - Error: shapes that do not broadcast, dtypes that differ.
  public static func .!= (left: Tensor, right: Tensor) -> Tensor {
    elementwise(.notEqual, left, right, .any, to: .bool)
  }
  /// The same with a number on the right, which takes the tensor's dtype.
  public static func .!= (left: Tensor, right: Double) -> Tensor {
    elementwise(.notEqual, left, .real(right), .any, to: .bool)
  }
  /// The same with a number on the left, which takes the tensor's dtype.
  public static func .!= (left: Double, right: Tensor) -> Tensor {
    elementwise(.notEqual, .real(left), right, .any, to: .bool)
  }
  /// The same with a number on the right, which takes the tensor's dtype.
  public static func .!= (left: Tensor, right: Int) -> Tensor {
    elementwise(.notEqual, left, .integer(right), .any, to: .bool)
  }
  /// The same with a number on the left, which takes the tensor's dtype.
  public static func .!= (left: Int, right: Tensor) -> Tensor {
    elementwise(.notEqual, .integer(left), right, .any, to: .bool)
  }
}
