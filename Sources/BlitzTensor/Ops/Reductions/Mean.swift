extension Tensor {
  /// The mean of the elements along axes.
  ///
  /// - Parameters:
  ///   - axes: negative ones count from the end; none at all mean all of them.
  ///   - keepDims: whether the axes stay, with size 1.
  /// - Returns: the shape without these axes, in the dtype of `self`. The mean of nothing is
  ///   NaN.
  /// - Gradient: `g / n` for every element, n being how many there are along the axes.
  /// - Error: an axis that is not there or is named twice; a dtype that is not
  ///   floating, as the mean of integers has a fraction.
  public func mean(axes: [Int] = [], keepDims: Bool = false) -> Tensor {
    if let rejected = rejected("mean", .floating) { return rejected }
    if let wide = inFloat32(rises: false, { $0.mean(axes: axes, keepDims: keepDims) }) {
      return wide
    }
    switch resolved("mean", axes: axes) {
    case .rejected(let tensor): return tensor
    case .axes(let axes):
      return sum(axes: axes, keepDims: keepDims) / Double(count(along: axes))
    }
  }

  /// The mean of the elements along one axis; see `mean(axes:keepDims:)`.
  public func mean(axis: Int, keepDims: Bool = false) -> Tensor {
    mean(axes: [axis], keepDims: keepDims)
  }

  /// How many elements a reduction over axes takes together.
  func count(along axes: [Int]) -> Int {
    axes.reduce(1) { $0 * shape[$1] }
  }
}
