extension Rule {
  static let expm1 = Rule(
    name: "expm1", .elementwise(cost: .costly, losesDigits: true), saves: .output,
    samples: [.near(.real) { $0[0].expm1() }],
    lowering: .named("exponential_minus_one")
  ) { [$0.gradient * ($0.output + 1)] }
}

extension Tensor {
  /// e to the power of each element, minus one, exact near zero: `torch.expm1`.
  ///
  /// - Returns: the shape and dtype of `self` (float32 for whole numbers and bool).
  /// - Gradient: `g * exp(x)`.
  public func expm1() -> Tensor { elementwise(.expm1) }
}
