extension Tensor {
  /// What a variable holds after `op` (such as `-=`) put `value` in place of this tensor.
  func updated(_ op: String, _ value: Tensor) -> Tensor {
    guard case .leaf = node.tracking else { return value }
    if GradientMode.isOn {
      return Tensor(
        error: TensorError(
          op, "changes a tensor that requires its gradient while ops are being recorded",
          operands: [("tensor", signature)],
          help: "write noGrad { w \(op) ... }, or w = w.detached() first"))
    }
    return value.requiringGrad()
  }

  /// The same numbers as a new leaf, whose gradient `backward()` computes.
  public func requiringGrad(_ requiresGrad: Bool = true) -> Tensor { self }
}
