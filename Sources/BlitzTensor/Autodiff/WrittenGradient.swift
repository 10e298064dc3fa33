/// Functions made of ops whose gradient is written out: where the reverse walk through these ops
/// would divide zero by zero, or overflow, on its way to a number that is there.
extension Tensor {
  /// A function of several operands, of one shape and dtype.
  ///
  /// - Parameters:
  ///   - name: the user's word, for errors and printed plans.
  ///   - value: computes it; its ops are not recorded.
  ///   - gradient: the gradient of each operand, from the operands, the value, and its gradient.
  package static func written(
    _ name: String, of operands: [Tensor], value: ([Tensor]) -> Tensor,
    gradient: @escaping @Sendable ([Tensor], Tensor, Tensor) -> [Tensor?]
  ) -> Tensor {
    if let failed = operands.first(where: { $0.node.failure != nil }) { return failed }
    let result = noGrad { value(operands.map { $0.detached() }) }.named(name)
    let isTracked = operands.contains { $0.node.isTracked } && GradientMode.isOn
    if result.node.failure != nil || !isTracked { return result }
    let rule = CustomRule(name: name) { inputs, output, slope in
      // The first operand is the value, which nobody differentiates.
      [nil] + gradient(Array(inputs.dropFirst()), output, slope)
    }
    return .make(
      .custom(rule), [result] + operands, shape: result.shape, dtype: result.dtype)
  }

  /// Whole numbers and bool as float32, which PyTorch's functions make of them; nil for others.
  var wholeAsFloats: Tensor? {
    dtype.hasGradients || node.failure != nil ? nil : converted(to: .float32)
  }

  /// A function of the elements of one tensor, float32 if these are whole, whose derivative `slope`
  /// computes from the elements and the values. Of complex numbers `complex` computes it, if it is
  /// defined for them: its derivative is that of the real function.
  @inline(never)
  func function(
    _ name: String, _ value: (Tensor) -> Tensor, complex: ((Tensor) -> Tensor)? = nil,
    slope: @escaping @Sendable (_ x: Tensor, _ y: Tensor) -> Tensor
  ) -> Tensor {
    if let floats = wholeAsFloats {
      return floats.function(name, value, complex: complex, slope: slope)
    }
    if let rejected = rejected(name, .floating) { return rejected }
    if dtype.isComplex {
      guard let complex else { return Tensor(error: .takesReals(name, [self])) }
      return .written(name, of: [self], value: { complex($0[0]) }) { operands, output, gradient in
        [gradient * slope(operands[0], output).conj()]
      }
    }
    if let wide = inFloat32(upcasts: false, { $0.function(name, value, slope: slope) }) {
      return wide
    }
    return .written(name, of: [self], value: { value($0[0]) }) { operands, output, gradient in
      [gradient * slope(operands[0], output)]
    }
  }

  /// A function of the elements of two float tensors, broadcast, whose two derivatives `slopes`
  /// computes from the operands and the values.
  @inline(never)
  static func function(
    _ name: String, _ left: Tensor, _ right: Tensor, _ value: (Tensor, Tensor) -> Tensor,
    slopes: @escaping @Sendable (_ x: Tensor, _ y: Tensor, _ value: Tensor) -> (Tensor, Tensor)
  ) -> Tensor {
    if let wide = inFloat32(left, right, { function(name, $0, $1, value, slopes: slopes) }) {
      return wide
    }
    switch paired(name, left, right, .floating) {
    case .failure(let error): return Tensor(error: error)
    case .success(let (left, right)):
      if left.dtype.isComplex { return Tensor(error: .takesReals(name, [left, right])) }
      return written(name, of: [left, right], value: { value($0[0], $0[1]) }) {
        operands, output, gradient in
        let (x, y) = slopes(operands[0], operands[1], output)
        return [gradient * x, gradient * y]
      }
    }
  }

  /// Two operands in one dtype and shape, as ops that work element by element take them.
  static func paired(
    _ name: String, _ left: Tensor, _ right: Tensor, _ domain: Domain
  ) -> Result<(Tensor, Tensor), TensorError> {
    if let error = failed(left, right)?.error { return .failure(error) }
    return matched(name, left, right, domain).map {
      ($0.left.broadcastCopy(to: $0.shape), $0.right.broadcastCopy(to: $0.shape))
    }
  }

  /// A polynomial in the elements by Horner's rule; the coefficient of the highest power first.
  func polynomial(_ coefficients: Double...) -> Tensor { polynomial(coefficients) }

  /// The same for a list.
  func polynomial(_ coefficients: [Double]) -> Tensor {
    guard let first = coefficients.first else { return self * 0 }
    var sum = Tensor.filled(.real(first), shape, dtype)
    for coefficient in coefficients.dropFirst() { sum = sum * self + coefficient }
    return sum
  }
}
