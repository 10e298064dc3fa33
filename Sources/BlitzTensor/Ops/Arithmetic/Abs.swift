extension Rule {
  static let abs = Rule(
    name: "abs", .elementwise(domain: .numeric), saves: .inputs,
    samples: [.exact(.real) { $0[0].abs() }],
    lowering: .abs
  ) {
    [$0.gradient * $0.inputs[0].sign()]
  }
}

extension Lowering {
  fileprivate static let abs = elementwise { !$1[0].dtype.isSigned ? $1[0] : $0.same("abs", $1[0]) }
}

extension Tensor {
  /// The absolute value of each element: `torch.abs`.
  ///
  /// - Returns: the shape and dtype of `self`; the least integer of a dtype stays as it is.
  /// - Gradient: `g * sign(x)`; so 0 at the kink, as in PyTorch.
  /// - Error: bool.
  public func abs() -> Tensor { elementwise(.abs, .numeric) }
}
