extension Rule {
  static let cumulativeSum = Rule(name: "cumsum", lowering: .cumulativeSum) { step in
    guard case .cumulativeSum(let axis) = step.node.op else { return [] }
    return [step.gradient.reversed(axis).cumsum(axis: axis).reversed(axis)]
  }
}

extension Lowering {
  /// Each element plus the one before it, then plus the sum 2 before it, 4, 8 and so on: as many
  /// rounds as the axis' size has bits.
  fileprivate static let cumulativeSum = Lowering.text { text, step in
    guard case .cumulativeSum(let axis) = step.op else { return step.inputs[0] }
    var sums = text.convert(step.inputs[0], to: step.dtype.accumulator)
    let zero = text.constant(.integer(0), sums.dtype)
    let none = [Int](repeating: 0, count: step.shape.rank)
    var distance = 1
    while distance < step.shape[axis] {
      var (low, high) = (none, none)
      (low[axis], high[axis]) = (distance, -distance)
      let before = text.pad(sums, zero, low: low, high: high, interior: none)
      sums = text.same("add", sums, before)
      distance *= 2
    }
    return text.convert(sums, to: step.dtype)
  }
}

extension Tensor {
  /// The running sums along an axis: each element plus all those before it.
  ///
  /// - Parameter axis: negative ones count from the end.
  /// - Returns: the shape of `self`, in its dtype; int64 for integers and bool, which wraps
  ///   around.
  /// - Gradient: the running sums of `g` from the end.
  /// - Error: an axis that is not there.
  public func cumsum(axis: Int) -> Tensor {
    if let rejected = rejected("cumsum", .any) { return rejected }
    guard let axis = shape.resolve(axis: axis) else {
      return Tensor(error: .axis("cumsum", axis, of: self))
    }
    let counted = dtype.isFloating ? risen : converted(to: .int64)
    return .make(
      .cumulativeSum(axis: axis), [counted], shape: shape, dtype: counted.dtype)
  }

  fileprivate func reversed(_ axis: Int) -> Tensor {
    let count = shape[axis]
    return sliced(axis: axis, AxisSlice(start: Swift.max(count - 1, 0), step: -1, count: count))
  }
}
