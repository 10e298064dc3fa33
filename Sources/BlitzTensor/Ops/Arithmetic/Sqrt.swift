extension Rule {
  static let sqrt = Rule(
    name: "sqrt", .elementwise(cost: .moderate), saves: .output,
    samples: [.near(.positive) { $0[0].sqrt() }],
    lowering: .named("sqrt")
  ) {
    [$0.gradient / ($0.output * 2)]
  }
}

extension Tensor {
  /// The square root of each element.
  ///
  /// - Returns: the shape and dtype of `self` (float32 for whole numbers and bool); NaN below zero.
  /// - Gradient: `g / (2 * sqrt(x))`; so infinite at 0, as in PyTorch.
  public func sqrt() -> Tensor { elementwise(.sqrt) }
}
