extension Rule {
  static let log = Rule(
    name: "log", .elementwise(cost: .costly, losesDigits: true), saves: .inputs,
    samples: [.near(.positive) { $0[0].log() }],
    lowering: .named("log")
  ) {
    [$0.gradient / $0.inputs[0]]
  }
}

extension Tensor {
  /// The natural logarithm of each element.
  ///
  /// - Returns: the shape and dtype of `self` (float32 for whole numbers and bool); minus infinity
  ///   at 0, NaN below.
  /// - Gradient: `g / x`.
  public func log() -> Tensor { elementwise(.log) }
}
