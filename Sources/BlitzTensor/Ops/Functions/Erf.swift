extension Rule {
  static let erf = Rule(
    name: "erf", .elementwise(cost: .costly), saves: .inputs,
    samples: [.near(.real) { $0[0].erf() }],
    lowering: .erf
  ) {
    [$0.gradient * ((-($0.inputs[0] * $0.inputs[0])).exp() * (2 / Double.pi.squareRoot()))]
  }
}

extension Lowering {
  /// Far out compilers stop short of 1, which makes infinity of what is multiplied by it.
  fileprivate static let erf = elementwise { text, a in
    let far = text.constant(.integer(a[0].dtype == .float64 ? 6 : 4), a[0].shape, a[0].dtype)
    let near = text.emit("chlo.erf \(a) : \(types: a) -> \(types: a)", a[0].shape, a[0].dtype)
    let isFar = text.compare("GE", text.same("abs", a[0]), far)
    return text.select(isFar, text.same("sign", a[0]), near)
  }
}

extension Tensor {
  /// The error function of each element: `torch.erf`.
  ///
  ///     y = 2 / sqrt(pi) * (the integral of exp(-t^2) from 0 to x)
  ///
  /// - Returns: the shape and dtype of `self` (float32 for whole numbers and bool), between -1 and
  ///   1.
  /// - Gradient: `g * 2 / sqrt(pi) * exp(-x^2)`.
  public func erf() -> Tensor { elementwise(.erf) }
}
