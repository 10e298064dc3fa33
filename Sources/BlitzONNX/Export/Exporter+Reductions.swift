import BlitzTensor

extension Exporter {
  mutating func reduce(_ kind: Reduction, _ axes: [Int], _ place: Int) throws -> String {
    let value = graph.values[place]
    let input = try wide(value.inputs[0]!)
    if axes.isEmpty { return narrow(input, value.dtype) }
    let op =
      switch kind {
      case .sum: "ReduceSum"
      case .product: "ReduceProd"
      case .maximum: "ReduceMax"
      case .minimum: "ReduceMin"
      case .norm: "ReduceL2"
      }
    return narrow(try reduce(op, input, axes), value.dtype)
  }

  /// A reduction: its axes are an input in newer opsets, of sums in all.
  mutating func reduce(
    _ op: String, _ input: String, _ axes: [Int], keepDims: Bool = false
  ) throws -> String {
    let keep = ExportNode.Attribute.int(keepDims ? 1 : 0)
    if opset >= 18 || op == "ReduceSum" {
      return emit(op, [input, try ints(axes)], ["keepdims": keep])
    }
    return emit(op, [input], ["axes": .ints(axes), "keepdims": keep])
  }

  mutating func moments(_ axes: [Int], _ place: Int) throws -> String {
    let value = graph.values[place]
    let x = try operands(place)[0]
    let all = value.ops.compactMap { op in
      if case .moments(let moments, _) = op { moments } else { nil }
    }
    func meanSquare(_ name: String) throws -> String {
      try reduce("ReduceMean", emit("Mul", [name, name]), axes)
    }
    func scale(_ square: String, _ epsilon: Double) throws -> String {
      emit("Reciprocal", [emit("Sqrt", [emit("Add", [square, try number(epsilon, .float32)])])])
    }
    if case .rootScale(let epsilon) = all[0] { return try scale(meanSquare(x), epsilon) }
    let mean = try reduce("ReduceMean", x, axes, keepDims: true)
    let apart = emit("Sub", [x, mean])
    switch all[0] {
    case .rootScale: return x
    case .variance, .deviation:
      let freedoms = all.map { moments -> Double in
        switch moments {
        case .variance(let freedom), .deviation(let freedom): return freedom
        case .standardization, .rootScale: return 0
        }
      }
      guard let freedom = try scalar(freedoms, .float32) else {
        throw refusal(
          place, "it divides by a number that follows sizes by no formula that was found",
          help: "leave the axis fixed")
      }
      let squares = try reduce("ReduceSum", emit("Mul", [apart, apart]), axes)
      let variance = emit("Div", [squares, freedom])
      if case .variance = all[0] { return variance }
      return emit("Sqrt", [variance])
    case .standardization(let epsilon):
      let square = try meanSquare(apart)
      let flat = emit("Squeeze", [mean, try ints(axes)])
      let rows = [
        flat, try scale(square, epsilon), emit("Sub", [flat, flat]), emit("Sqrt", [square]),
      ]
      let first = try ints([0])
      return emit("Concat", rows.map { emit("Unsqueeze", [$0, first]) }, ["axis": .int(0)])
    }
  }

  mutating func cumulativeProduct(_ axis: Int, _ place: Int) throws -> String {
    let value = graph.values[place]
    let input = try wide(value.inputs[0]!)
    if opset >= 26 {
      return narrow(
        emit("CumProd", [input, try number(Double(axis), .int64)]), value.dtype)
    }
    guard let size = value.shape[axis].fixed else {
      throw needs(26, place, "CumProd, which an axis without a fixed size needs,")
    }
    // Each round multiplies by the products that end so many places before.
    var product = input
    let dtype = value.dtype.widened
    var reach = 1
    while reach < size {
      let kept = emit(
        "Slice", [product, try ints([0]), try ints([size - reach]), try ints([axis])])
      var widths = [Int](repeating: 0, count: 2 * value.shape.count)
      widths[axis] = reach
      let moved = emit("Pad", [kept, try ints(widths), try number(1, dtype)])
      product = emit("Mul", [product, moved])
      reach *= 2
    }
    return narrow(product, value.dtype)
  }
}
