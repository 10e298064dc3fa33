extension Rule {
  static let sign = Rule.constant(
    "sign", .elementwise(domain: .numeric), samples: [.exact(.real) { $0[0].sign() }],
    lowering: .sign)
}

extension Lowering {
  /// From comparisons, so that NaN gives 0 and unsigned numbers work too.
  fileprivate static let sign = elementwise { text, a in
    let zero = text.constant(.integer(0), a[0].shape, a[0].dtype)
    let above = text.convert(text.compare("GT", a[0], zero), to: a[0].dtype)
    let below = text.convert(text.compare("LT", a[0], zero), to: a[0].dtype)
    return text.same("subtract", above, below)
  }
}

extension Tensor {
  /// The sign of each element: -1, 0 or 1: `torch.sign`.
  ///
  /// - Returns: the shape and dtype of `self`; 0 for NaN, as in PyTorch.
  /// - Gradient: 0.
  /// - Error: bool.
  public func sign() -> Tensor { dtype == .bool ? self : elementwise(.sign, .numeric) }
}
