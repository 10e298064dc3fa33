extension Tensor {
  /// Whether at least one element along axes is true (or a number other than 0).
  ///
  /// - Parameters:
  ///   - axes: negative ones count from the end; none at all mean all of them.
  ///   - keepDims: whether the axes stay, with size 1.
  /// - Returns: bool in the shape without these axes; false for nothing. There is no gradient.
  /// - Error: an axis that is not there or is named twice.
  public func any(axes: [Int] = [], keepDims: Bool = false) -> Tensor {
    truth("any", .maximum, axes: axes, keepDims: keepDims)
  }

  /// Whether at least one element along one axis is true; see `any(axes:keepDims:)`.
  public func any(axis: Int, keepDims: Bool = false) -> Tensor {
    any(axes: [axis], keepDims: keepDims)
  }

  /// Whether every element along axes is true (or a number other than 0).
  ///
  /// - Parameters:
  ///   - axes: negative ones count from the end; none at all mean all of them.
  ///   - keepDims: whether the axes stay, with size 1.
  /// - Returns: bool in the shape without these axes; true for nothing. There is no gradient.
  /// - Error: an axis that is not there or is named twice.
  public func all(axes: [Int] = [], keepDims: Bool = false) -> Tensor {
    truth("all", .minimum, axes: axes, keepDims: keepDims)
  }

  /// Whether every element along one axis is true; see `all(axes:keepDims:)`.
  public func all(axis: Int, keepDims: Bool = false) -> Tensor {
    all(axes: [axis], keepDims: keepDims)
  }

  private func truth(_ name: String, _ kind: Reduction, axes: [Int], keepDims: Bool) -> Tensor {
    if let rejected = rejected(name, .any) { return rejected }
    let mask = dtype == .bool ? self : self .!= 0
    switch resolved(name, axes: axes) {
    case .rejected(let tensor): return tensor
    case .axes(let axes):
      // A maximum or minimum of nothing is not a truth value that every backend agrees on.
      if count(along: axes) == 0 {
        let answer = Tensor.scalar(.integer(kind == .minimum ? 1 : 0), .bool)
        return answer.filling(shape.reduced(axes, keepDims: keepDims))
      }
      return mask.reduced(name, kind, axes: axes, keepDims: keepDims)
    }
  }
}
