extension Rule {
  static let isNaN = Rule.constant(
    "isNaN", .elementwise(gives: .bool), samples: [.exact(.special) { $0[0].isNaN() }],
    lowering: .isNaN)
}

extension Lowering {
  fileprivate static let isNaN = elementwise { $0.isNaN($1[0]) }
}

extension Tensor {
  /// Where elements are NaN: `torch.isnan`.
  ///
  /// - Returns: bool in the shape of `self`; false for integers. There is no gradient.
  public func isNaN() -> Tensor {
    dtype.hasGradients || node.failure != nil
      ? elementwise(.isNaN, .floating, to: .bool) : self .!= self
  }

  /// Where elements are neither infinite nor NaN: `torch.isfinite`.
  ///
  /// - Returns: bool in the shape of `self`; true for integers. There is no gradient.
  public func isFinite() -> Tensor {
    if let rejected = rejected("isFinite", .any) { return rejected }
    if dtype.isComplex { return part(0).isFinite() .& part(1).isFinite() }
    return dtype.isFloating ? abs() .< Double.infinity : self .== self
  }

  /// Where elements are plus or minus infinity: `torch.isinf`.
  ///
  /// - Returns: bool in the shape of `self`; false for integers. There is no gradient.
  public func isInfinite() -> Tensor {
    if let rejected = rejected("isInfinite", .any) { return rejected }
    if dtype.isComplex { return part(0).isInfinite() .| part(1).isInfinite() }
    return dtype.isFloating ? abs() .== Double.infinity : self .!= self
  }
}
