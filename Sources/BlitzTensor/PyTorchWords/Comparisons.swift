// `x == y` of tensors, which Swift keeps for one answer, and Python's power; see `Word.swift`.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

/// Binds tighter than products, from the right.
precedencegroup _PowerPrecedence {
  associativity: right
  higherThan: BitwiseShiftPrecedence
}
infix operator ** : _PowerPrecedence

extension Tensor {
  @available(*, unavailable, message: "write x.square(), or x.pow(3)")
  public static func ** (base: Tensor, exponent: Tensor) -> Tensor { base.pow(exponent) }
  @available(*, unavailable, message: "write x .== y, which compares element by element")
  public static func == (left: Tensor, right: Tensor) -> Tensor { left .== right }
  @available(*, unavailable, message: "write x .!= y, which compares element by element")
  public static func != (left: Tensor, right: Tensor) -> Tensor { left .!= right }
  @available(*, unavailable, message: "write x .< y, which compares element by element")
  public static func < (left: Tensor, right: Tensor) -> Tensor { left .< right }
  @available(*, unavailable, message: "write x .<= y, which compares element by element")
  public static func <= (left: Tensor, right: Tensor) -> Tensor { left .<= right }
  @available(*, unavailable, message: "write x .> y, which compares element by element")
  public static func > (left: Tensor, right: Tensor) -> Tensor { left .> right }
  @available(*, unavailable, message: "write x .>= y, which compares element by element")
  public static func >= (left: Tensor, right: Tensor) -> Tensor { left .>= right }
}
