extension Tensor {
  /// Each element, kept within bounds: `torch.clamp`.
  ///
  ///     y = min if x < min,  max if x > max,  x otherwise
  ///
  /// - Parameters:
  ///   - min: the lower bound, none if it is left out.
  ///   - max: the upper bound, none if it is left out; it wins if it is below `min`.
  /// - Returns: the shape and dtype of `self`; NaN stays NaN.
  /// - Gradient: `g` from bound to bound, the bounds themselves included; 0 beyond. (PyTorch 2.15
  ///   gives 0 at the bounds.)
  /// - Error: no bound at all, bool, a bound that the dtype cannot hold.
  public func clamp(min: Double? = nil, max: Double? = nil) -> Tensor {
    if let rejected = rejected("clamp", .numeric) { return rejected }
    if min == nil && max == nil {
      return Tensor(
        error: TensorError(
          "clamp", "there is no bound", operands: [("input", signature)],
          help: "write clamp(min: 0), clamp(max: 1) or clamp(min: 0, max: 1)"))
    }
    for bound in [min, max] {
      if let bound, !Scalar.real(bound).fits(dtype) {
        return Tensor(error: .scalar("clamp", .real(bound), for: self))
      }
    }
    var result = self
    if let min { result = .where(result .< min, min, result) }
    if let max { result = .where(result .> max, max, result) }
    return result
  }
}
