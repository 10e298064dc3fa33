import BlitzTensor

// Each primitive as ONNX's nodes; those of one kind are in the file of the kind.
extension Exporter {
  /// Writes an op; the name of its result.
  mutating func written(_ op: Op, _ place: Int) throws -> String {
    let value = graph.values[place]
    switch op {
    case .data, .scalar:
      throw refusal(place, "it is an argument of a plan", help: "report this")
    case .transfer, .custom: return try name(value.inputs[0]!)
    case .elementwise(let op): return try elementwise(op, place)
    case .reshape:
      let input = value.inputs[0]!
      return try reshape(name(input), from: graph.values[input].shape, to: value.shape)
    case .permute(let axes):
      let input = try operands(place)[0]
      return axes == Array(axes.indices)
        ? input : emit("Transpose", [input], ["perm": .ints(axes)])
    case .expand: return try expand(place)
    case .slice: return try slice(place)
    case .pad: return try pad(place)
    case .concatenate(let axis):
      let parts = try operands(place)
      return parts.count == 1 ? parts[0] : emit("Concat", parts, ["axis": .int(axis)])
    case .reduce(let reduction, let axes): return try reduce(reduction, axes, place)
    case .moments(_, let axes): return try moments(axes, place)
    case .argReduce(let greatest, let axis):
      return emit(
        greatest ? "ArgMax" : "ArgMin", [try wide(value.inputs[0]!)],
        ["axis": .int(axis), "keepdims": .int(0)])
    case .cumulativeSum(let axis):
      let sum = emit("CumSum", [try wide(value.inputs[0]!), try number(Double(axis), .int64)])
      return narrow(sum, value.dtype)
    case .cumulativeProduct(let axis): return try cumulativeProduct(axis, place)
    case .argSort(let axis, let descending, _):
      let count = value.extents { op in
        if case .argSort(_, _, let count) = op { [count] } else { [] }
      }
      return emit(
        "TopK", [try wide(value.inputs[0]!), try vector(count)],
        ["axis": .int(axis), "largest": .int(descending ? 1 : 0), "sorted": .int(1)], results: 2)[1]
    case .matmul: return try matmul(place)
    case .gather(let axis, _): return try gather(axis, place)
    case .scatter(let axis, let adds, _): return try scatter(axis, adds: adds, place)
    case .convolution(let convolution): return try self.convolution(convolution, place)
    case .windowMaximum(let window, let places):
      return try windowMaximum(window, places: places, place)
    case .attention(let attention): return try self.attention(attention, place)
    case .asReal, .asComplex, .fourier:
      throw refusal(
        place, "complex numbers are in few runtimes of ONNX",
        help: "compute it outside of the model")
    case .host(let function, _):
      throw refusal(
        place, "\(function.name) has no op in ONNX", help: "compute it outside of the model")
    }
  }

  // MARK: Dtypes that few ops of runtimes take

  /// An operand for arithmetic: bools and small whole numbers in int32 or int64.
  mutating func wide(_ place: Int) throws -> String {
    let dtype = graph.values[place].dtype
    let name = try name(place)
    return dtype.isNarrow ? emit("Cast", [name], ["to": type(dtype.widened)]) : name
  }

  /// A result of `wide` operands in its dtype.
  mutating func narrow(_ name: String, _ dtype: DType) -> String {
    dtype.isNarrow ? emit("Cast", [name], ["to": type(dtype)]) : name
  }

  // MARK: Products

  private mutating func matmul(_ place: Int) throws -> String {
    let value = graph.values[place]
    var operands = try value.inputs.map { try wide($0!) }
    var shapes = value.inputs.map { graph.values[$0!].shape }
    // Axes in front are repeated by the product itself.
    for index in 0..<2 where !value.dtype.isNarrow {
      guard let source = expanded(value.inputs[index]!) else { continue }
      let narrow = graph.values[source].shape
      guard narrow.count >= 2, narrow.suffix(2) == shapes[index].suffix(2) else { continue }
      let other = shapes[1 - index].dropLast(2)
      guard broadcast(Array(narrow.dropLast(2)), Array(other)) == Array(value.shape.dropLast(2))
      else { continue }
      operands[index] = try name(source)
      shapes[index] = narrow
    }
    return narrow(emit("MatMul", operands), value.dtype)
  }

  /// What a value repeats, if it does.
  func expanded(_ place: Int) -> Int? {
    if case .op(.expand) = graph.values[place].source { graph.values[place].inputs[0] } else { nil }
  }

  /// The shape that two broadcast to; nil if they do not.
  func broadcast(_ a: [Extent], _ b: [Extent]) -> [Extent]? {
    let rank = max(a.count, b.count)
    let one = fixed(1)
    func padded(_ shape: [Extent]) -> [Extent] {
      [Extent](repeating: one, count: rank - shape.count) + shape
    }
    var answer: [Extent] = []
    for (x, y) in zip(padded(a), padded(b)) {
      guard x == y || x == one || y == one else { return nil }
      answer.append(x == one ? y : x)
    }
    return answer
  }
}

extension DType {
  /// Whether few of a runtime's ops take it: bool and whole numbers but int32 and int64.
  var isNarrow: Bool { !isFloating && self != .int32 && self != .int64 }
  /// The dtype in which a runtime computes what is narrow; of uint64 the bits.
  var widened: DType { !isNarrow ? self : self == .uint32 || self == .uint64 ? .int64 : .int32 }
}
