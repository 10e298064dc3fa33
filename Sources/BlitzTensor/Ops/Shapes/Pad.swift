extension Rule {
  static let pad = Rule(
    name: "pad", .loops,
    strides: .likeOperands { _, inputs, shape in
      inputs[0].isChannelsLast ? Strides.channelsLast(shape) : nil
    },
    samples: [
      Sample("pad", .normal([3, 4])) { $0[0].padded([(1, 0), (0, 2)], value: 7) }
    ], lowering: .pad
  ) { step in
    guard case .pad(let slices) = step.node.op else { return [] }
    return [step.gradient.sliced(slices), nil]
  }
}

extension Lowering {
  /// A pad with gaps; what is laid down backwards is turned round first.
  fileprivate static let pad = Lowering.text { text, operation in
    guard case .pad(let slices) = operation.op else { return operation.inputs[0] }
    let fill = text.reshape(operation.inputs[1], to: [])
    if operation.inputs[0].shape.elementCount == 0 { return text.spread(fill, to: operation.shape) }
    let operand = text.reverse(
      operation.inputs[0], slices.indices.filter { slices[$0].isBackwards })
    let low = slices.map {
      $0.isBackwards ? $0.start - ($0.count - 1) * $0.distance : $0.start
    }
    let high = slices.indices.map { axis in
      operation.shape[axis] - low[axis] - (slices[axis].count - 1) * slices[axis].distance - 1
    }
    return text.pad(operand, fill, low: low, high: high, interior: slices.map { $0.distance - 1 })
  }
}

extension Tensor {
  /// The tensor with a border of `value` on both sides of each axis: `torch.nn.functional.pad`.
  ///
  ///     x.padded([(1, 1), (0, 2)])     // [3, 4] becomes [5, 6]
  ///
  /// - Parameters:
  ///   - widths: one pair for each axis, in elements; negative ones cut off.
  ///   - value: what the border holds; takes the dtype of `self`.
  /// - Gradient: `g` without the border.
  /// - Error: another number of pairs than axes; more cut off than there is; a value that the
  ///   dtype cannot hold.
  public func padded(_ widths: [(low: Int, high: Int)], value: Double = 0) -> Tensor {
    if node.failure != nil { return self }
    let input = [(role: "input", description: signature)]
    guard widths.count == rank else {
      return Tensor(
        error: TensorError(
          "padded", "the number of pairs is \(widths.count), of axes \(rank)", operands: input,
          help: "give (low, high) for each axis, (0, 0) where nothing is added"))
    }
    var sizes: [Int] = []
    var slices: [AxisSlice] = []
    if widths.contains(where: { $0.low < 0 || $0.high < 0 }) { return cut(widths, value) }
    for (axis, width) in widths.enumerated() {
      let (border, overflow) = width.low.addingReportingOverflow(width.high)
      let (size, overflows) = border.addingReportingOverflow(shape[axis])
      sizes.append(overflow || overflows ? Int.max : size)
      slices.append(AxisSlice(start: width.low, step: 1, count: shape[axis]))
    }
    if let error = TensorError.badShape("padded", sizes, operands: input) {
      return Tensor(error: error)
    }
    let fill = Scalar.real(value)
    guard fill.fits(dtype) else { return Tensor(error: .scalar("padded", fill, for: self)) }
    if sizes == shape.sizes { return self }
    return padded(slices, in: Shape(sizes), fill: fill)
  }

  /// The same with widths some of which are negative.
  private func cut(_ widths: [(low: Int, high: Int)], _ value: Double) -> Tensor {
    let rest = widths.map { (low: Swift.max($0.low, 0), high: Swift.max($0.high, 0)) }
    var result = padded(rest, value: value)
    for (axis, width) in widths.enumerated() where result.node.failure == nil {
      let (low, high) = (Swift.min(width.low, 0), Swift.min(width.high, 0))
      let (size, overflow) = result.shape[axis].addingReportingOverflow(low)
      let (count, overflows) = size.addingReportingOverflow(high)
      guard !overflow, !overflows, count >= 0 else {
        return Tensor(
          error: TensorError(
            "padded", "axis \(axis) cannot be padded by (\(width.low), \(width.high))",
            operands: [("input", signature)], help: "cut off at most what there is"))
      }
      result = result.sliced(axis: axis, from: -low, count: count)
    }
    return result
  }
}
