extension Rule {
  static let tan = Rule(
    name: "tan", .elementwise(cost: .costly, losesDigits: true), saves: .output,
    samples: [.near(.small) { $0[0].tan() }],
    lowering: .tan
  ) {
    [$0.gradient * ($0.output * $0.output + 1)]
  }
}

extension Lowering {
  /// StableHLO has had a tangent of its own since 1.9 only, and old plugins do not expand it.
  fileprivate static let tan = elementwise { text, a in
    text.same("divide", text.same("sine", a[0]), text.same("cosine", a[0]))
  }
}

extension Tensor {
  /// The tangent of each element, an angle in radians.
  ///
  /// - Returns: the shape and dtype of `self` (float32 for whole numbers and bool).
  /// - Gradient: `g * (1 + tan(x)^2)`.
  public func tan() -> Tensor { elementwise(.tan) }
}
