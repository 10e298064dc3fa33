extension Rule {
  static let maximumOfAxes = extreme(
    "max", sample: Sample("reduce maximum", .normal([8, 10, 4])) { $0[0].max(axes: [0, 2]) },
    lowering: .extreme(greatest: true))
  static let minimumOfAxes = extreme(
    "min", sample: Sample("reduce minimum", .normal([8, 10, 4])) { $0[0].min(axes: [1]) },
    lowering: .extreme(greatest: false))

  private static func extreme(_ name: String, sample: Sample, lowering: Lowering) -> Rule {
    Rule(
      name: name, .loops, saves: [.inputs, .output], samples: [sample], lowering: lowering
    ) { step in
      guard case .reduce(_, let axes) = step.node.op else { return [] }
      let x = step.inputs[0]
      let kept = x.shape.reduced(axes, keepDims: true)
      // The output is NaN where any element is; then those that are have the gradient.
      let winners = (x .== step.output.viewed(as: kept)) .| x.isNaN()
      // Halves count in float32: 70,000 ties are beyond float16.
      let share = step.gradient.viewed(as: kept).widened
      let count = winners.converted(to: share.dtype).sum(axes: axes, keepDims: true)
      return [Tensor.where(winners, (share / count).converted(to: x.dtype), 0)]
    }
  }
}

extension Lowering {
  fileprivate static func extreme(greatest: Bool) -> Lowering {
    .text { text, step in
      guard case .reduce(_, let axes) = step.op, !axes.isEmpty else { return step.inputs[0] }
      let start = text.extreme(greatest: !greatest, step.dtype)
      return text.reduce(
        greatest ? "maximum" : "minimum", step.inputs[0], from: start, axes: axes)
    }
  }
}

extension Tensor {
  /// The greatest of the elements along axes.
  ///
  /// - Parameters:
  ///   - axes: negative ones count from the end; none at all mean all of them.
  ///   - keepDims: whether the axes stay, with size 1.
  /// - Returns: the shape without these axes, in the dtype of `self`; NaN if one is NaN.
  /// - Gradient: `g` for the greatest; shared evenly by all that are, as `torch.amax` does. Where the
  ///   result is NaN, by all that are NaN, as in PyTorch's `max()`.
  /// - Error: an axis that is not there or is named twice, axes along which there is no
  ///   element.
  public func max(axes: [Int] = [], keepDims: Bool = false) -> Tensor {
    extreme("max", .maximum, axes: axes, keepDims: keepDims)
  }

  /// The greatest of the elements along one axis; see `max(axes:keepDims:)`.
  public func max(axis: Int, keepDims: Bool = false) -> Tensor {
    max(axes: [axis], keepDims: keepDims)
  }

  /// The least of the elements along axes.
  ///
  /// - Parameters:
  ///   - axes: negative ones count from the end; none at all mean all of them.
  ///   - keepDims: whether the axes stay, with size 1.
  /// - Returns: the shape without these axes, in the dtype of `self`; NaN if one is NaN.
  /// - Gradient: `g` for the least; shared evenly by all that are, as `torch.amin` does. Where the
  ///   result is NaN, by all that are NaN, as in PyTorch's `min()`.
  /// - Error: an axis that is not there or is named twice, axes along which there is no
  ///   element.
  public func min(axes: [Int] = [], keepDims: Bool = false) -> Tensor {
    extreme("min", .minimum, axes: axes, keepDims: keepDims)
  }

  /// The least of the elements along one axis; see `min(axes:keepDims:)`.
  public func min(axis: Int, keepDims: Bool = false) -> Tensor {
    min(axes: [axis], keepDims: keepDims)
  }

  private func extreme(
    _ name: String, _ kind: Reduction, axes: [Int], keepDims: Bool
  ) -> Tensor {
    if let rejected = rejected(name, .any) { return rejected }
    switch resolved(name, axes: axes) {
    case .rejected(let tensor): return tensor
    case .axes(let axes):
      if let error = emptinessError(name, axes) { return Tensor(error: error) }
      return reduced(name, kind, axes: axes, keepDims: keepDims)
    }
  }

  /// An error if there is nothing along the axes, where only nothing could be the answer.
  func emptinessError(_ name: String, _ axes: [Int]) -> TensorError? {
    guard let empty = axes.first(where: { shape[$0] == 0 }) else { return nil }
    return TensorError(
      name, "there is no element along axis \(empty)", operands: [("input", signature)],
      help: "the \(name) of nothing is not a number; check shape[\(empty)] > 0 first")
  }
}
