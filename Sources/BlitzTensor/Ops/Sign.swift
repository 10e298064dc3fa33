extension Rule {
  static let sign = Rule.constant("sign")
}

extension Tensor {
  /// -1, 0 or 1, as each element is below, at or above zero.
  ///
  /// - Returns: the shape and dtype of `self`; 0 for NaN, as in PyTorch.
  /// - Gradient: 0.
  /// - Error: bool.
  public func sign() -> Tensor { elementwise(.sign, .numeric) }
}
