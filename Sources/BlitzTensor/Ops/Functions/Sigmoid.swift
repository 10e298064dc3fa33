extension Rule {
  static let sigmoid = Rule(
    name: "sigmoid", .elementwise(cost: .costly), saves: .output,
    samples: [.near(.real) { $0[0].sigmoid() }],
    lowering: .named("logistic")
  ) {
    [$0.gradient * ($0.output * (1 - $0.output))]
  }
}

extension Tensor {
  /// The logistic function of each element: `torch.sigmoid`.
  ///
  ///     y = 1 / (1 + exp(-x))
  ///
  /// - Returns: the shape and dtype of `self` (float32 for whole numbers and bool), between 0 and
  ///   1.
  /// - Gradient: `g * y * (1 - y)`.
  public func sigmoid() -> Tensor { elementwise(.sigmoid) }
}
