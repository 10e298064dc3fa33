extension Rule {
  static let argReduce = Rule.constant("argReduce")
}

extension Tensor {
  /// The position of the greatest element along an axis, or in the flattened tensor.
  ///
  /// - Parameters:
  ///   - axis: negative ones count from the end; all of them if it is left out.
  ///   - keepDims: whether the axis stays, with size 1.
  /// - Returns: int64 in the shape without the axis: of equal elements the first, and the
  ///   first NaN if there is one. There is no gradient.
  /// - Error: an axis that is not there or has no element, bool.
  public func argmax(axis: Int? = nil, keepDims: Bool = false) -> Tensor {
    position("argmax", greatest: true, axis, keepDims)
  }

  /// The position of the least element along an axis, or in the flattened tensor.
  ///
  /// - Parameters:
  ///   - axis: negative ones count from the end; all of them if it is left out.
  ///   - keepDims: whether the axis stays, with size 1.
  /// - Returns: int64 in the shape without the axis: of equal elements the first, and the
  ///   first NaN if there is one. There is no gradient.
  /// - Error: an axis that is not there or has no element, bool.
  public func argmin(axis: Int? = nil, keepDims: Bool = false) -> Tensor {
    position("argmin", greatest: false, axis, keepDims)
  }

  private func position(_ name: String, greatest: Bool, _ axis: Int?, _ keepDims: Bool) -> Tensor {
    if let rejected = rejected(name, .numeric) { return rejected }
    switch resolved(name, axes: axis.map { [$0] } ?? []) {
    case .rejected(let tensor): return tensor
    case .axes(let axes):
      if let error = emptinessError(name, axes) { return Tensor(error: error) }
      let source = axis == nil ? viewed(as: [elementCount]) : self
      let along = axis == nil ? 0 : axes[0]
      let result = Tensor.make(
        .argReduce(greatest: greatest, axis: along), [source],
        shape: source.shape.reduced([along], keepDims: false), dtype: .int64)
      return result.viewed(as: shape.reduced(axes, keepDims: keepDims))
    }
  }
}
