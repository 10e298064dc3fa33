extension Rule {
  static let minimum = Rule(
    name: "minimum", .elementwise(operands: 2, domain: .numeric), saves: .inputs,
    samples: [.exact(.special) { $0[0].minimum($0[1]) }],
    lowering: .named("minimum")
  ) { step in
    let (a, b) = (step.inputs[0], step.inputs[1])
    return [
      step.wants(0) ? share(step.gradient, ties: a .== b, lost: a .> b) : nil,
      step.wants(1) ? share(step.gradient, ties: a .== b, lost: b .> a) : nil,
    ]
  }
  static let maximum = Rule(
    name: "maximum", .elementwise(operands: 2, domain: .numeric), saves: .inputs,
    samples: [.exact(.special) { $0[0].maximum($0[1]) }],
    lowering: .named("maximum")
  ) { step in
    let (a, b) = (step.inputs[0], step.inputs[1])
    return [
      step.wants(0) ? share(step.gradient, ties: a .== b, lost: a .< b) : nil,
      step.wants(1) ? share(step.gradient, ties: a .== b, lost: b .< a) : nil,
    ]
  }

  /// All of the gradient for who did not lose, half of it for each at a tie. Where either is
  /// NaN nobody lost, so both get all of it, as in PyTorch.
  private static func share(_ gradient: Tensor, ties: Tensor, lost: Tensor) -> Tensor {
    .where(lost, 0, .where(ties, gradient * 0.5, gradient))
  }
}

extension Tensor {
  /// The lesser of the elements at the same place, broadcast: `torch.minimum`.
  ///
  /// - Returns: the broadcast shape, in the operands' common dtype; NaN where either is NaN.
  /// - Gradient: `g` for the lesser; half of it for each where they are equal, as in PyTorch.
  /// - Error: shapes that do not broadcast, bool.
  public func minimum(_ other: Tensor) -> Tensor { .elementwise(.minimum, self, other) }

  /// The lesser of each element and a scalar, which takes the tensor's dtype.
  ///
  /// - Gradient: `g` where the element is less, half of it where both are equal;
  ///   `clamp(max:)` passes all of it there.
  public func minimum<N: ScalarConvertible>(_ other: N) -> Tensor {
    .elementwise(.minimum, self, other.scalar)
  }

  /// The greater of the elements at the same place, broadcast: `torch.maximum`.
  ///
  /// - Returns: the broadcast shape, in the operands' common dtype; NaN where either is NaN.
  /// - Gradient: `g` for the greater; half of it for each where they are equal, as in PyTorch.
  /// - Error: shapes that do not broadcast, bool.
  public func maximum(_ other: Tensor) -> Tensor { .elementwise(.maximum, self, other) }

  /// The greater of each element and a scalar, which takes the tensor's dtype.
  ///
  /// - Gradient: `g` where the element is greater, half of it where both are equal;
  ///   `clamp(min:)` passes all of it there, `relu()` none.
  public func maximum<N: ScalarConvertible>(_ other: N) -> Tensor {
    .elementwise(.maximum, self, other.scalar)
  }
}
