extension Rule {
  static let isNaN = Rule.constant(
    "isNaN", .elementwise(gives: .bool), samples: [.exact(.special) { $0[0].isNaN() }],
    lowering: .isNaN)
}

extension Lowering {
  fileprivate static let isNaN = elementwise { $0.isNaN($1[0]) }
}

extension Tensor {
  /// Where elements are not a number.
  ///
  /// - Returns: bool in the shape of `self`; false for integers. There is no gradient.
  public func isNaN() -> Tensor {
    dtype.isFloating || node.failure != nil
      ? elementwise(.isNaN, .floating, to: .bool) : self .!= self
  }

  /// Where elements are neither infinite nor NaN.
  ///
  /// - Returns: bool in the shape of `self`; true for integers. There is no gradient.
  public func isFinite() -> Tensor {
    if let rejected = rejected("isFinite", .any) { return rejected }
    return dtype.isFloating ? abs() .< Double.infinity : self .== self
  }

  /// Where elements are plus or minus infinity.
  ///
  /// - Returns: bool in the shape of `self`; false for integers. There is no gradient.
  public func isInfinite() -> Tensor {
    if let rejected = rejected("isInfinite", .any) { return rejected }
    return dtype.isFloating ? abs() .== Double.infinity : self .!= self
  }
}
