/// What special functions share: they are computed in float64 and rounded once, so that of float32
/// every digit is right, and their gradients are written out.
extension Tensor {
  /// A special function of the elements; of whole numbers as float32.
  ///
  /// - Parameters:
  ///   - name: the user's word.
  ///   - value: of a float64 tensor.
  ///   - slope: the derivative, of a tensor in the dtype of `self` and the values.
  func special(
    _ name: String, _ value: (Tensor) -> Tensor,
    slope: @escaping @Sendable (_ x: Tensor, _ y: Tensor) -> Tensor
  ) -> Tensor {
    if let floats = wholeAsFloats { return floats.special(name, value, slope: slope) }
    if let rejected = rejected(name, .floating) { return rejected }
    let dtype = dtype
    return .written(
      name, of: [self], value: { value($0[0].cast(to: .float64)).cast(to: dtype) }
    ) { operands, output, gradient in
      [gradient * slope(operands[0], output)]
    }
  }

  /// One that PyTorch does not differentiate either.
  func special(_ name: String, _ value: (Tensor) -> Tensor) -> Tensor {
    wholeAsFloats.map { $0.special(name, value) } ?? rejected(name, .floating)
      ?? noGrad { value(detached().cast(to: .float64)).cast(to: dtype) }.named(name)
  }

  /// The sum of a Chebyshev series in the elements by Clenshaw's recurrence; the highest order
  /// first, and half of the last coefficient.
  func chebyshevSum(_ coefficients: [Double]) -> Tensor {
    var (b0, b1, b2) = (self * 0 + (coefficients.first ?? 0), self * 0, self * 0)
    for coefficient in coefficients.dropFirst() {
      (b1, b2) = (b0, b1)
      b0 = self * b1 - b2 + coefficient
    }
    return (b0 - b2) * 0.5
  }

  /// A polynomial over another.
  func ratio(_ above: [Double], _ below: [Double]) -> Tensor {
    polynomial(above) / polynomial(below)
  }
}
