extension Rule {
  static let argReduce = Rule.constant(
    "argReduce",
    .kernel { site in
      guard case .argReduce(let greatest, let axis) = site.op else { site.refuse() }
      return ArgReduceKernel(
        dtype: site.operands[0].dtype, greatest: greatest, extent: site.extent(axis),
        source: site.operands[0], result: site.result)
    },
    samples: [
      Sample("argmax", .normal([9, 12])) { $0[0].argmax(axis: 1) },
      Sample("argmin", .normal([9, 12])) { $0[0].argmin(axis: 0) },
    ], lowering: .argReduce)
}

extension Lowering {
  /// A reduction of pairs: elements and their positions.
  fileprivate static let argReduce = Lowering.text { text, operation in
    guard case .argReduce(let greatest, let axis) = operation.op else { return operation.inputs[0] }
    let keys = operation.inputs[0]
    let places = text.positions(keys.shape, axis: axis, .int64)
    // Only where all elements are like it, the first of them at 0, can the start win.
    let starts = [
      text.extreme(greatest: !greatest, keys.dtype), text.constant(.integer(0), .int64),
    ]
    let types = [
      Program.Value(shape: operation.shape, dtype: keys.dtype),
      Program.Value(shape: operation.shape, dtype: .int64),
    ]
    return text.emit(
      """
      "stablehlo.reduce"(\(keys), \(places), \(starts)) <{dimensions = \(array: [axis])}> ({
      \(ProgramText.firstExtreme(greatest: greatest, of: keys.dtype, at: .int64))
      }) : \(text.signature([keys, places] + starts, types[0], types[1]))
      """, types)[1]
  }
}

extension ProgramText {
  /// The body of a reduction of pairs `(element, position)`, which can take them in any order:
  /// the greatest (or least) element wins, NaN before all, and of equals the first.
  ///
  /// - Parameter lastNaN: whether of NaNs the last one wins.
  static func firstExtreme(
    greatest: Bool, of dtype: DType, at index: DType, lastNaN: Bool = false
  ) -> String {
    let key = Program.Value(shape: [], dtype: dtype).text
    let place = Program.Value(shape: [], dtype: index).text
    func compare(_ direction: String, _ a: String, _ b: String) -> String {
      "stablehlo.compare \(direction), \(a), \(b), \(dtype.comparison) "
        + ": (\(key), \(key)) -> tensor<i1>"
    }
    var lines = [
      "^bb0(%x: \(key), %i: \(place), %y: \(key), %j: \(place)):",
      "  %beats = \(compare(greatest ? "GT" : "LT", "%x", "%y"))",
      "  %equals = \(compare("EQ", "%x", "%y"))",
      "  %earlier = stablehlo.compare LT, %i, %j, SIGNED : (\(place), \(place)) -> tensor<i1>",
    ]
    if dtype.isFloating {
      lines += [
        "  %xnan = \(compare("NE", "%x", "%x"))",
        "  %ynan = \(compare("NE", "%y", "%y"))",
        "  %nans = stablehlo.and %xnan, %ynan : tensor<i1>",
        "  %sooner = stablehlo.compare \(lastNaN ? "GT" : "LT"), %i, %j, SIGNED "
          + ": (\(place), \(place)) -> tensor<i1>",
        "  %nanwins = stablehlo.and %nans, %sooner : tensor<i1>",
        "  %ynumber = stablehlo.not %ynan : tensor<i1>",
        "  %alone = stablehlo.and %xnan, %ynumber : tensor<i1>",
        "  %nanfirst = stablehlo.or %alone, %nanwins : tensor<i1>",
        "  %ahead = stablehlo.or %beats, %nanfirst : tensor<i1>",
      ]
    }
    let ahead = dtype.isFloating ? "%ahead" : "%beats"
    lines += [
      "  %first = stablehlo.and %equals, %earlier : tensor<i1>",
      "  %wins = stablehlo.or \(ahead), %first : tensor<i1>",
      "  %key = stablehlo.select %wins, %x, %y : tensor<i1>, \(key)",
      "  %place = stablehlo.select %wins, %i, %j : tensor<i1>, \(place)",
      "  stablehlo.return %key, %place : \(key), \(place)",
    ]
    return lines.map { "  " + $0 }.joined(separator: "\n")
  }
}

extension Tensor {
  /// The position of the greatest element along an axis, or in the flattened tensor:
  /// `torch.argmax`.
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

  /// The position of the least element along an axis, or in the flattened tensor: `torch.argmin`.
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
      let isFlat = axis == nil || rank == 0
      let source = isFlat ? viewed(as: [elementCount]) : self
      let along = isFlat ? 0 : axes[0]
      let result = Tensor.make(
        .argReduce(greatest: greatest, axis: along), [source],
        shape: source.shape.reduced([along], keepDims: false), dtype: .int64)
      return result.viewed(as: shape.reduced(axes, keepDims: keepDims))
    }
  }
}
