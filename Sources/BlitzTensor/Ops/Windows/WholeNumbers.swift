extension Tensor {
  /// What slides over floats, slid over whole numbers: in float64, which holds them up to 2^53; of
  /// what comes out the fraction is cut off. Nil for other dtypes.
  @inline(never)
  func inFloat64(_ slide: (Tensor) -> Tensor) -> Tensor? {
    guard dtype.isInteger, node.failure == nil else { return nil }
    let result = slide(cast(to: .float64))
    return result.node.failure == nil ? result.cast(to: dtype) : result
  }
}
