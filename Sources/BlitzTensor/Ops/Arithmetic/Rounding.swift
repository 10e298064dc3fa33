extension Rule {
  static let floor = Rule.constant(
    "floor", .elementwise(domain: .numeric), samples: [.exact(.real) { $0[0].floor() }],
    lowering: .rounding("floor"))
  static let ceil = Rule.constant(
    "ceil", .elementwise(domain: .numeric), samples: [.exact(.real) { $0[0].ceil() }],
    lowering: .rounding("ceil"))
  static let round = Rule.constant(
    "round", .elementwise(domain: .numeric), samples: [.exact(.halves) { $0[0].round() }],
    lowering: .rounding("round_nearest_even"))
}

extension Tensor {
  /// Each element rounded down to a whole number: `torch.floor`.
  ///
  /// - Returns: the shape and dtype of `self`, which integers already are.
  /// - Gradient: 0.
  /// - Error: bool.
  public func floor() -> Tensor { rounded(.floor) }

  /// Each element rounded up to a whole number: `torch.ceil`.
  ///
  /// - Returns: the shape and dtype of `self`, which integers already are.
  /// - Gradient: 0.
  /// - Error: bool.
  public func ceil() -> Tensor { rounded(.ceil) }

  /// Each element rounded to the nearest whole number, a half to the even one, so 0.5 gives 0:
  /// `torch.round`.
  ///
  /// - Returns: the shape and dtype of `self`, which integers already are.
  /// - Gradient: 0.
  /// - Error: bool.
  public func round() -> Tensor { rounded(.round) }

  private func rounded(_ op: Elementwise) -> Tensor {
    dtype.isInteger ? self : elementwise(op, .numeric)
  }
}
