extension Rule {
  static let exp = Rule(
    name: "exp", .elementwise(cost: .costly, losesDigits: true), saves: .output,
    samples: [.near(.real) { $0[0].exp() }],
    lowering: .named("exponential")
  ) {
    [$0.gradient * $0.output]
  }
}

extension Tensor {
  /// e to the power of each element.
  ///
  /// - Returns: the shape and dtype of `self` (float32 for whole numbers and bool).
  /// - Gradient: `g * exp(x)`.
  public func exp() -> Tensor { elementwise(.exp) }
}
