extension Rule {
  static let embed = Rule(
    name: "embed", .loops,
    samples: [
      Sample("embed", .normal([3, 4])) { $0[0].padded([(1, 0), (0, 2)], value: 7) }
    ], lowering: .embed
  ) { step in
    guard case .embed(let slices) = step.node.op else { return [] }
    return [step.gradient.sliced(slices), nil]
  }
}

extension Lowering {
  /// A pad with gaps; what is laid down backwards is turned round first.
  fileprivate static let embed = Lowering.text { text, step in
    guard case .embed(let slices) = step.op else { return step.inputs[0] }
    let fill = text.reshape(step.inputs[1], to: [])
    if step.inputs[0].shape.elementCount == 0 { return text.spread(fill, to: step.shape) }
    let operand = text.reverse(step.inputs[0], slices.indices.filter { slices[$0].isBackwards })
    let low = slices.map {
      $0.isBackwards ? $0.start - ($0.count - 1) * $0.distance : $0.start
    }
    let high = slices.indices.map { axis in
      step.shape[axis] - low[axis] - (slices[axis].count - 1) * slices[axis].distance - 1
    }
    return text.pad(operand, fill, low: low, high: high, interior: slices.map { $0.distance - 1 })
  }
}

extension Tensor {
  /// With a border of `value`, so and so wide on the low and the high side of each axis.
  ///
  ///     x.padded([(1, 1), (0, 2)])     // [3, 4] becomes [5, 6]
  ///
  /// - Parameters:
  ///   - widths: one pair for each axis, in elements.
  ///   - value: what the border holds; takes the dtype of `self`.
  /// - Gradient: `g` without the border.
  /// - Error: another number of pairs than axes; a negative width; a value that the dtype
  ///   cannot hold.
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
    for (axis, width) in widths.enumerated() {
      guard width.low >= 0, width.high >= 0 else {
        return Tensor(
          error: TensorError(
            "padded", "axis \(axis) cannot be padded by (\(width.low), \(width.high))",
            operands: input, help: "widths are 0 or more; a subscript such as x[1...] cuts off"))
      }
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
    return embedded(slices, in: Shape(sizes), fill: fill)
  }
}
