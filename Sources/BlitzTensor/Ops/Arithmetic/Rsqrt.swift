extension Rule {
  static let rsqrt = Rule(
    name: "rsqrt", .elementwise(cost: .moderate, losesDigits: true), saves: .output,
    samples: [.near(.positive) { $0[0].rsqrt() }],
    lowering: .named("rsqrt")
  ) {
    [$0.gradient * ($0.output * $0.output * $0.output) * -0.5]
  }
}

extension Tensor {
  /// One over the square root of each element.
  ///
  /// - Returns: the shape and dtype of `self` (float32 for whole numbers and bool); infinite at 0,
  ///   NaN below.
  /// - Gradient: `-g / 2 * x^(-3/2)`.
  public func rsqrt() -> Tensor { elementwise(.rsqrt) }
}
