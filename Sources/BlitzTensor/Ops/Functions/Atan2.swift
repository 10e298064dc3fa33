extension Rule {
  static let atan2 = Rule(
    name: "atan2", .elementwise(operands: 2, cost: .costly), saves: .inputs,
    samples: [.near(.real) { $0[0].atan2($0[1]) }], lowering: .named("atan2")
  ) { step in
    let (y, x) = (step.inputs[0], step.inputs[1])
    // At the origin there is no angle; PyTorch takes 0 for its gradient.
    let square = y * y + x * x
    let slope = Tensor.where(square .== 0, 0, step.gradient / square)
    return [step.wants(0) ? slope * x : nil, step.wants(1) ? -(slope * y) : nil]
  }
}

extension Tensor {
  /// The angle of the point with height `self` and width `x`, in radians: `torch.atan2(self, x)`.
  ///
  ///     atan2(y, x) = the t in -pi...pi with  y = r sin t  and  x = r cos t
  ///
  /// - Returns: the broadcast shape, in the operands' common dtype. The signs of zeros count, as in
  ///   IEEE 754: `atan2(0, -0)` is pi, `atan2(-0, -0)` is -pi.
  /// - Gradient: `g * x / (x^2 + y^2)` and `-g * y / (x^2 + y^2)`, 0 at the origin, summed over the
  ///   axes that were broadcast.
  /// - Error: shapes that do not broadcast.
  public func atan2(_ x: Tensor) -> Tensor { .elementwise(.atan2, self, x, .floating) }
}
