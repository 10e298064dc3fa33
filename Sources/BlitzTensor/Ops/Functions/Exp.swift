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
  /// - Returns: the shape and dtype of `self`.
  /// - Gradient: `g * exp(x)`.
  /// - Error: a dtype that is not floating.
  public func exp() -> Tensor { elementwise(.exp) }
}
