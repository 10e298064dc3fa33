extension Tensor {
  /// Where elements are near those of another tensor, broadcast: `torch.isclose`.
  ///
  ///     |x - other| <= absolute + relative * |other|,  or both are equal
  ///
  /// - Parameters:
  ///   - other: what they should be.
  ///   - relative: how far they may be apart for each unit of `other`.
  ///   - absolute: how far they may be apart in any case.
  ///   - equalNaN: whether NaN is near NaN.
  /// - Returns: bool in the broadcast shape. There is no gradient. With `all()` it is
  ///   `torch.allclose`.
  /// - Error: shapes that do not broadcast.
  public func isClose(
    to other: Tensor, relative: Double = 1e-5, absolute: Double = 1e-8, equalNaN: Bool = false
  ) -> Tensor {
    switch Tensor.paired("isClose", self, other, .any) {
    case .failure(let error): return Tensor(error: error)
    case .success(let (x, y)):
      guard relative >= 0, absolute >= 0 else {
        return Tensor(
          error: TensorError(
            "isClose", "the tolerances are \(relative) and \(absolute)",
            operands: [("left", signature), ("right", other.signature)],
            help: "give 0 or more for both"))
      }
      var isNear = x .== y
      if equalNaN && x.dtype.hasGradients { isNear = isNear .| (x.isNaN() .& y.isNaN()) }
      if relative == 0 && absolute == 0 { return isNear }
      // Differences of whole numbers may wrap around.
      let (a, b) = x.dtype.hasGradients ? (x, y) : (x.cast(to: .float64), y.cast(to: .float64))
      let apart = (a.detached() - b.detached()).abs()
      return isNear .| (apart.isFinite() .& (apart .<= b.detached().abs() * relative + absolute))
    }
  }

  /// Where elements are among those of another tensor, whatever its shape: `torch.isin`.
  ///
  /// - Parameter elements: what is looked for.
  /// - Returns: bool in the shape of `self`. There is no gradient.
  /// - Error: dtypes that differ.
  public func isIn(_ elements: Tensor) -> Tensor {
    if let failed = Tensor.failed(self, elements) { return failed }
    return (unsqueezed(axis: -1) .== elements.flattened()).any(axis: -1).named("isIn")
  }
}
