extension Rule {
  static let cumulativeSum = Rule(
    name: "cumsum",
    .kernel { site in
      guard case .cumulativeSum(let axis) = site.op else { site.refuse() }
      return ScanKernel(
        dtype: site.result.dtype, kind: .sum, extent: site.extent(axis),
        source: site.operands[0], result: site.result)
    },
    samples: [
      Sample("cumulativeSum", tolerance: Sample.sumTolerance, .normal([4, 100])) {
        $0[0].cumsum(axis: 1)
      }
    ], lowering: .cumulativeSum
  ) { step in
    guard case .cumulativeSum(let axis) = step.node.op else { return [] }
    return [step.gradient.reversed(axis).cumsum(axis: axis).reversed(axis)]
  }
}

extension Lowering {
  fileprivate static let cumulativeSum = Lowering.text { text, operation in
    guard case .cumulativeSum(let axis) = operation.op else { return operation.inputs[0] }
    let numbers = text.convert(operation.inputs[0], to: operation.dtype.accumulator)
    return text.convert(text.running("add", from: 0, numbers, axis: axis), to: operation.dtype)
  }
}

extension ProgramText {
  /// The running results of an op that starts from a number, along an axis.
  ///
  /// Within blocks of 16 a reduction of windows; each block then gets the running result of those
  /// before it. So the work is linear in the axis, where windows as long as the axis would make it
  /// quadratic on compilers that do not split them up.
  mutating func running(
    _ op: String, from start: Int, _ numbers: Value, axis: Int
  ) -> Value {
    let (count, length) = (numbers.shape[axis], 16)
    if count <= length { return runningWindows(op, from: start, numbers, axis: axis) }
    let first = constant(.integer(start), numbers.dtype)
    let none = [Int](repeating: 0, count: numbers.shape.rank)
    func along(_ number: Int) -> [Int] {
      var numbers = none
      numbers[axis] = number
      return numbers
    }
    let blockCount = (count + length - 1) / length
    let whole = pad(
      numbers, first, low: none, high: along(blockCount * length - count), interior: none)
    var sizes = numbers.shape.sizes
    sizes[axis] = length
    sizes.insert(blockCount, at: axis)
    let sums = runningWindows(
      op, from: start, reshape(whole, to: Shape(sizes)), axis: axis + 1)
    var ends = sums.shape.map { AxisSlice(all: $0) }
    ends[axis + 1] = AxisSlice(start: length - 1, step: 1, count: 1)
    sizes.remove(at: axis + 1)
    let totals = running(
      op, from: start, reshape(slice(sums, ends), to: Shape(sizes)), axis: axis)
    let before = pad(totals, first, low: along(1), high: along(-1), interior: none)
    let axes = sums.shape.indices.filter { $0 != axis + 1 }
    let joined = same(op, sums, spread(before, to: sums.shape, axes: axes))
    var kept = whole.shape.map { AxisSlice(all: $0) }
    kept[axis].count = count
    return slice(reshape(joined, to: whole.shape), kept)
  }

  private mutating func runningWindows(
    _ op: String, from start: Int, _ numbers: Value, axis: Int
  ) -> Value {
    let first = constant(.integer(start), numbers.dtype)
    let one = first.type
    var sizes = [Int](repeating: 1, count: numbers.shape.rank)
    let border = sizes.indices.map { [$0 == axis ? numbers.shape[axis] - 1 : 0, 0] }
    let strides = sizes
    sizes[axis] = numbers.shape[axis]
    return emit(
      """
      "stablehlo.reduce_window"(\(numbers), \(first)) \
      <{window_dimensions = \(array: sizes), window_strides = \(array: strides), \
      padding = dense<\("\(border)")> : tensor<\(sizes.count)x2xi64>}> ({
        ^bb0(%x: \(one), %y: \(one)):
          %z = stablehlo.\(op) %x, %y : \(one)
          stablehlo.return %z : \(one)
      }) : \(signature([numbers, first], numbers.type))
      """, numbers.shape, numbers.dtype)
  }
}

extension Tensor {
  /// The running sums along an axis, each element plus all those before it: `torch.cumsum`.
  ///
  /// - Parameter axis: negative ones count from the end.
  /// - Returns: the shape of `self`, in its dtype; int64 for integers and bool, which wraps
  ///   around.
  /// - Gradient: the running sums of `g` from the end.
  /// - Error: an axis that is not there.
  public func cumsum(axis: Int) -> Tensor {
    if let rejected = rejected("cumsum", .any) { return rejected }
    if let single = alongSole(axis, { $0.cumsum(axis: 0) }) { return single }
    guard let axis = shape.resolve(axis: axis) else {
      return Tensor(error: .axis("cumsum", axis, of: self))
    }
    let counted = dtype.hasGradients ? upcast : converted(to: .int64)
    return .make(
      .cumulativeSum(axis: axis), [counted], shape: shape, dtype: counted.dtype)
  }

  fileprivate func reversed(_ axis: Int) -> Tensor {
    let count = shape[axis]
    return sliced(axis: axis, AxisSlice(start: Swift.max(count - 1, 0), step: -1, count: count))
  }
}
