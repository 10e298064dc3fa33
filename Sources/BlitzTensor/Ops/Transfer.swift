extension Rule {
  static let transfer = Rule(name: "to", lowering: .refused("comes before a program")) {
    step in
    [step.gradient.to(step.inputs[0].device)]
  }
}

extension Tensor {
  /// The same numbers on another device.
  ///
  ///     let x = Tensor(pixels).to(.cuda)
  ///
  /// Numbers that are known start on their way at the call; the device computes meanwhile.
  ///
  /// - Returns: `self` if it is there already.
  /// - Gradient: `g`, on the device of `self`.
  /// - Error: no such device, with what was looked for where; when evaluated, too little memory.
  public func to(_ device: Device) -> Tensor {
    if node.failure != nil || device == self.device { return self }
    do throws(TensorError) {
      _ = try device.backend()
      if case .scalar(let value) = node.op {
        return Tensor(node: Node(.scalar(value), shape: [], dtype: dtype, device: device))
      }
      let isTracked = node.isTracked && GradientMode.isOn
      let moved = Node(
        .transfer, [node], shape: shape, dtype: dtype, device: device,
        tracking: isTracked ? .interior : .none)
      if node.hasNumbers { try Evaluation.evaluate([moved]) }
      return Tensor(node: moved)
    } catch {
      return Tensor(error: error)
    }
  }
}
