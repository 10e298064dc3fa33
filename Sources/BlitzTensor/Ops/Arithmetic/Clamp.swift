extension Tensor {
  /// Each element, kept within bounds: `torch.clamp`.
  ///
  ///     y = min if x < min,  max if x > max,  x otherwise
  ///
  /// - Parameters:
  ///   - min: the lower bound, none if it is left out.
  ///   - max: the upper bound, none if it is left out; it wins if it is below `min`.
  /// - Returns: the shape and dtype of `self`, but float32 for whole numbers with a bound that has
  ///   a fraction, and int64 for bool; NaN stays NaN.
  /// - Gradient: `g` from bound to bound, the bounds themselves included; 0 beyond. (PyTorch 2.15
  ///   gives 0 at the bounds.)
  /// - Error: no bound at all, a bound that the dtype cannot hold.
  public func clamp(min: Double? = nil, max: Double? = nil) -> Tensor {
    if node.failure != nil { return self }
    if min == nil && max == nil {
      return Tensor(
        error: TensorError(
          "clamp", "there is no bound", operands: [("input", signature)],
          help: "write clamp(min: 0), clamp(max: 1) or clamp(min: 0, max: 1)"))
    }
    let (min, max) = (min.map(Scalar.init), max.map(Scalar.init))
    var common = dtype
    for bound in [min, max] {
      guard let bound else { continue }
      common = common.promoted(with: ResultType(self, bound).dtype)
      if !bound.fits(common) { return Tensor(error: .scalar("clamp", bound, for: self)) }
    }
    var result = converted(to: common)
    if let min {
      let isBelow = Tensor.elementwise(.less, result, min, .numeric, to: .bool)
      result = .where(isBelow, .scalar(min, common), result)
    }
    if let max {
      let isAbove = Tensor.elementwise(.greater, result, max, .numeric, to: .bool)
      result = .where(isAbove, .scalar(max, common), result)
    }
    return result
  }
}

extension Scalar {
  /// A whole number if it is one, so that 0 does not make floats of whole numbers.
  fileprivate init(_ bound: Double) {
    self = Int(exactly: bound).map(Scalar.integer) ?? .real(bound)
  }
}
