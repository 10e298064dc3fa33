import BlitzTensor

extension OpTable {
  /// One number for all elements along axes.
  static let reductions: [OpEntry] = [
    reduction("ReduceSum") { $0.sum(axes: $1, keepDims: true) },
    reduction("ReduceMean", mean),
    reduction("ReduceProd") { $0.prod(axes: $1, keepDims: true) },
    reduction("ReduceMax") { extreme($0, $1, isMaximum: true) },
    reduction("ReduceMin") { extreme($0, $1, isMaximum: false) },
    reduction("ReduceL1", before: { $0.abs() }) { $0.sum(axes: $1, keepDims: true) },
    reduction("ReduceL2", before: { $0.square() }, after: root) {
      $0.sum(axes: $1, keepDims: true)
    },
    reduction("ReduceSumSquare", before: { $0.square() }) { $0.sum(axes: $1, keepDims: true) },
    reduction("ReduceLogSum", after: { $0.log() }) { $0.sum(axes: $1, keepDims: true) },
    reduction("ReduceLogSumExp") { $1.isEmpty ? $0 : logSumExp($0, $1) },
  ]

  private static func reduction(
    _ name: String, before: @escaping @Sendable (Tensor) -> Tensor = { $0 },
    after: @escaping @Sendable (Tensor) -> Tensor = { $0 },
    _ reduce: @escaping @Sendable (Tensor, [Int]) -> Tensor
  ) -> OpEntry {
    OpEntry(name, .wrapped(0)) { call in
      let x = call[0]
      if let error = x.error { throw error }
      let named = try call.numbers(1, orAttribute: "axes") ?? []
      if named.isEmpty, call.flag("noop_with_empty_axes") {
        return after(before(x)).cast(to: x.dtype)
      }
      let axes =
        try named.isEmpty
        ? Array(0..<x.rank) : named.map { try call.axis($0, rank: x.rank) }
      if axes.isEmpty { return after(before(x)).cast(to: x.dtype) }
      let result = after(reduce(before(x), axes)).cast(to: x.dtype)
      if call.flag("keepdims", true) { return result }
      let kept = x.shape.indices.filter { !axes.contains($0) }.map { x.shape[$0] }
      return result.reshaped(to: Shape(kept))
    }
  }

  @Sendable private static func root(_ x: Tensor) -> Tensor { x.cast(to: floating(x)).sqrt() }

  private static func floating(_ x: Tensor) -> DType { x.dtype.isFloating ? x.dtype : .float64 }

  @Sendable private static func mean(_ x: Tensor, _ axes: [Int]) -> Tensor {
    x.cast(to: floating(x)).mean(axes: axes, keepDims: true)
  }

  @Sendable private static func logSumExp(_ x: Tensor, _ axes: [Int]) -> Tensor {
    let x = x.cast(to: floating(x))
    if axes.contains(where: { x.shape[$0] == 0 }) {
      return x.sum(axes: axes, keepDims: true).log()
    }
    return x.logSumExp(axes: axes, keepDims: true)
  }

  /// The greatest or least; of nothing what any number is greater or less than.
  private static func extreme(_ x: Tensor, _ axes: [Int], isMaximum: Bool) -> Tensor {
    if axes.contains(where: { x.shape[$0] == 0 }) {
      let sizes = x.shape.indices.map { axes.contains($0) ? 1 : x.shape[$0] }
      return Tensor.extreme(x.dtype, greatest: !isMaximum).expanded(to: Shape(sizes))
    }
    if x.dtype == .bool {
      return isMaximum ? x.any(axes: axes, keepDims: true) : x.all(axes: axes, keepDims: true)
    }
    return isMaximum ? x.max(axes: axes, keepDims: true) : x.min(axes: axes, keepDims: true)
  }
}
