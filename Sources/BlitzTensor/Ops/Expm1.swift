extension Rule {
  static let expm1 = Rule(name: "expm1", saves: .output, lowering: .named("exponential_minus_one"))
  { [$0.gradient * ($0.output + 1)] }
}

extension Tensor {
  /// e to the power of each element, minus one, exact near zero.
  ///
  /// - Returns: the shape and dtype of `self`.
  /// - Gradient: `g * exp(x)`.
  /// - Error: a dtype that is not floating.
  public func expm1() -> Tensor { elementwise(.expm1) }
}
