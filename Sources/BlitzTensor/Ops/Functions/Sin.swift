extension Rule {
  static let sin = Rule(
    name: "sin", .elementwise(cost: .costly), saves: .inputs,
    samples: [.near(.real) { $0[0].sin() }],
    lowering: .named("sine")
  ) {
    [$0.gradient * $0.inputs[0].cos()]
  }
}

extension Tensor {
  /// The sine of each element, an angle in radians.
  ///
  /// - Returns: the shape and dtype of `self` (float32 for whole numbers and bool).
  /// - Gradient: `g * cos(x)`.
  public func sin() -> Tensor { elementwise(.sin) }
}
