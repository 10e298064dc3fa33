extension Rule {
  static let erf = Rule(name: "erf", saves: .inputs, lowering: .erf) {
    [$0.gradient * ((-($0.inputs[0] * $0.inputs[0])).exp() * (2 / Double.pi.squareRoot()))]
  }
}

extension Lowering {
  fileprivate static let erf = elementwise { text, a in
    text.emit("chlo.erf \(a) : \(types: a) -> \(types: a)", a[0].shape, a[0].dtype)
  }
}

extension Tensor {
  /// The error function of each element.
  ///
  ///     y = 2 / sqrt(pi) * (the integral of exp(-t^2) from 0 to x)
  ///
  /// - Returns: the shape and dtype of `self`, between -1 and 1.
  /// - Gradient: `g * 2 / sqrt(pi) * exp(-x^2)`.
  /// - Error: a dtype that is not floating.
  public func erf() -> Tensor { elementwise(.erf) }
}
