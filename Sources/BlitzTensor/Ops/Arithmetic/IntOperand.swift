// An `Int` beside a tensor. The tensor's type is a parameter here, so that a literal is none: with
// overloads of `Tensor` itself, `n * 0.5` would be a tensor wherever Blitz is imported. In plain
// Swift that is an error, and stays one.

/// A tensor beside an `Int`; no other type conforms.
public protocol TensorOperand: Sendable {
  /// The tensor itself.
  var tensor: Tensor { get }
}

extension Tensor: TensorOperand {
  /// The tensor itself.
  public var tensor: Tensor { self }
}

extension TensorOperand {
  /// The same with an `Int` on the right, which takes the tensor's dtype.
  public static func + (left: Self, right: Int) -> Tensor {
    Tensor.elementwise(.add, left.tensor, .integer(right))
  }
  /// The same with an `Int` on the left, which takes the tensor's dtype.
  public static func + (left: Int, right: Self) -> Tensor {
    Tensor.elementwise(.add, .integer(left), right.tensor)
  }
  /// The same with an `Int` on the right, which takes the tensor's dtype.
  public static func - (left: Self, right: Int) -> Tensor {
    Tensor.elementwise(.subtract, left.tensor, .integer(right))
  }
  /// The same with an `Int` on the left, which takes the tensor's dtype.
  public static func - (left: Int, right: Self) -> Tensor {
    Tensor.elementwise(.subtract, .integer(left), right.tensor)
  }
  /// The same with an `Int` on the right, which takes the tensor's dtype.
  public static func * (left: Self, right: Int) -> Tensor {
    Tensor.elementwise(.multiply, left.tensor, .integer(right))
  }
  /// The same with an `Int` on the left, which takes the tensor's dtype.
  public static func * (left: Int, right: Self) -> Tensor {
    Tensor.elementwise(.multiply, .integer(left), right.tensor)
  }
  /// The same with an `Int` on the right, which takes the tensor's dtype.
  public static func / (left: Self, right: Int) -> Tensor {
    Tensor.elementwise(.divide, left.tensor, .integer(right), .floating)
  }
  /// The same with an `Int` on the left, which takes the tensor's dtype.
  public static func / (left: Int, right: Self) -> Tensor {
    Tensor.elementwise(.divide, .integer(left), right.tensor, .floating)
  }
  /// The same with an `Int` on the right, which takes the tensor's dtype.
  public static func % (left: Self, right: Int) -> Tensor {
    Tensor.remainder(left.tensor, .integer(right))
  }
  /// The same with an `Int` on the left, which takes the tensor's dtype.
  public static func % (left: Int, right: Self) -> Tensor {
    Tensor.elementwise(.remainder, .integer(left), right.tensor)
  }
}
