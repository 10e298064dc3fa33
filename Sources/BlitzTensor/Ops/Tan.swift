extension Rule {
  static let tan = Rule(name: "tan", saves: .output) { [$0.gradient * ($0.output * $0.output + 1)] }
}

extension Tensor {
  /// The tangent of each element, an angle in radians.
  ///
  /// - Returns: the shape and dtype of `self`.
  /// - Gradient: `g * (1 + tan(x)^2)`.
  /// - Error: a dtype that is not floating.
  public func tan() -> Tensor { elementwise(.tan) }
}
