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
  /// The greatest whole number that is not above each element.
  ///
  /// - Returns: the shape and dtype of `self`, which integers already are.
  /// - Gradient: 0.
  /// - Error: bool.
  public func floor() -> Tensor { rounded(.floor) }

  /// The least whole number that is not below each element.
  ///
  /// - Returns: the shape and dtype of `self`, which integers already are.
  /// - Gradient: 0.
  /// - Error: bool.
  public func ceil() -> Tensor { rounded(.ceil) }

  /// The whole number nearest to each element; of two, the even one, so 0.5 gives 0.
  ///
  /// - Returns: the shape and dtype of `self`, which integers already are.
  /// - Gradient: 0.
  /// - Error: bool.
  public func round() -> Tensor { rounded(.round) }

  private func rounded(_ op: Elementwise) -> Tensor {
    dtype.isInteger ? self : elementwise(op, .numeric)
  }
}
