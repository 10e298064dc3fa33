extension Rule {
  static let tanh = Rule(
    name: "tanh", .elementwise(cost: .costly), saves: .output,
    samples: [.near(.real) { $0[0].tanh() }],
    lowering: .named("tanh")
  ) {
    [$0.gradient * (1 - $0.output * $0.output)]
  }
}

extension Tensor {
  /// The hyperbolic tangent of each element.
  ///
  /// - Returns: the shape and dtype of `self` (float32 for whole numbers and bool), between -1 and
  ///   1.
  /// - Gradient: `g * (1 - y^2)`.
  public func tanh() -> Tensor { elementwise(.tanh) }
}
