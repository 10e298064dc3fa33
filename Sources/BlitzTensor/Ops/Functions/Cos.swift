extension Rule {
  static let cos = Rule(
    name: "cos", .elementwise(cost: .costly), saves: .inputs,
    samples: [.near(.real) { $0[0].cos() }],
    lowering: .named("cosine")
  ) {
    [-($0.gradient * $0.inputs[0].sin())]
  }
}

extension Tensor {
  /// The cosine of each element, an angle in radians.
  ///
  /// - Returns: the shape and dtype of `self` (float32 for whole numbers and bool).
  /// - Gradient: `-g * sin(x)`.
  public func cos() -> Tensor { elementwise(.cos) }
}
