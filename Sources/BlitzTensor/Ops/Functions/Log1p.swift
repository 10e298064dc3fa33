extension Rule {
  static let log1p = Rule(
    name: "log1p", .elementwise(cost: .costly, losesDigits: true), saves: .inputs,
    samples: [.near(.positive) { $0[0].log1p() }],
    lowering: .named("log_plus_one")
  ) {
    [$0.gradient / ($0.inputs[0] + 1)]
  }
}

extension Tensor {
  /// The natural logarithm of one plus each element, exact near zero.
  ///
  /// - Returns: the shape and dtype of `self` (float32 for whole numbers and bool); minus infinity
  ///   at -1, NaN below.
  /// - Gradient: `g / (1 + x)`.
  public func log1p() -> Tensor { elementwise(.log1p) }
}
