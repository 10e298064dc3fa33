extension Tensor {
  /// The same elements, whose gradient a function sees, and may change, on its way back:
  /// `torch.Tensor.register_hook`.
  ///
  ///     let h = x.matmul(w).onGradient { $0.clamp(min: -1, max: 1) }.relu()
  ///
  /// Use the result in place of the tensor: what is computed from the tensor itself passes the
  /// function by.
  ///
  /// - Parameter hook: the gradient that arrives, and the one that goes on, of the same shape and
  ///   dtype. It is called once for each reverse walk, and builds a graph as all ops do.
  public func onGradient(_ hook: @escaping @Sendable (Tensor) -> Tensor) -> Tensor {
    if node.failure != nil || !requiresGrad { return self }
    let rule = CustomRule(name: "onGradient") { _, _, gradient in [hook(gradient)] }
    return .make(.custom(rule), [self], shape: shape, dtype: dtype)
  }
}
