import BlitzTensor

/// A whole number of a graph, such as the size of an axis: one for each trace, as it may follow the
/// sizes of symbolic axes.
struct Extent: Hashable {
  var values: [Int]

  /// The number, if it is always the same.
  var fixed: Int? { values.allSatisfy { $0 == values[0] } ? values[0] : nil }

  func map(_ change: (Int) -> Int) -> Extent { Extent(values: values.map(change)) }

  static func + (left: Extent, right: Extent) -> Extent {
    Extent(values: zip(left.values, right.values).map { $0 &+ $1 })
  }

  static func - (left: Extent, right: Extent) -> Extent {
    Extent(values: zip(left.values, right.values).map { $0 &- $1 })
  }
}

/// An axis of an input whose size is not fixed.
struct SymbolicAxis {
  let name: String
  /// Where the size can be read.
  let input: Int
  let axis: Int
  var sizes: Extent
}

/// What a model computes, traced for several sizes of its symbolic axes: the traces have the same
/// structure, and what differs between them tells how it follows the sizes.
struct ExportGraph {
  struct Value {
    let sources: [Trace.Source]
    let inputs: [Int?]
    let shape: [Extent]
    let dtype: DType

    var source: Trace.Source { sources[0] }

    /// The op of each trace.
    var ops: [Op] { sources.compactMap { if case .op(let op) = $0 { op } else { nil } } }

    /// Numbers that an op holds.
    func extents(_ numbers: (Op) -> [Int]) -> [Extent] {
      let all = ops.map(numbers)
      return (all.first ?? []).indices.map { place in Extent(values: all.map { $0[place] }) }
    }

    /// The places of the operands that are there.
    func input(_ index: Int) -> Int? { index < inputs.count ? inputs[index] : nil }
  }

  let values: [Value]
  let results: [Int]
  let axes: [SymbolicAxis]
  let traceCount: Int

  /// Puts traces side by side.
  ///
  /// - Throws: `TensorError` if the model takes another way for other sizes.
  init(_ traces: [Trace], axes: [SymbolicAxis]) throws(TensorError) {
    let first = traces[0]
    self.axes = axes
    traceCount = traces.count
    results = first.results
    let names = axes.map(\.name).joined(separator: ", ")
    for (number, trace) in traces.enumerated().dropFirst() {
      func sizes(_ number: Int) -> String {
        axes.map { "\($0.name) \($0.sizes.values[number])" }.joined(separator: ", ")
      }
      for (place, value) in trace.values.enumerated() where place < first.values.count {
        let other = first.values[place]
        if value.inputs == other.inputs, value.dtype == other.dtype,
          value.shape.rank == other.shape.rank, value.source.isLike(other.source)
        {
          continue
        }
        throw TensorError(
          "ONNX.save",
          "the forward pass is another for other sizes of \(names): at op \(place), "
            + "\(other.source.label) for \(sizes(0)), \(value.source.label) for \(sizes(number))",
          help: "leave the axis fixed, or write the forward pass without Swift's loops and "
            + "conditions over its size")
      }
      guard trace.values.count == first.values.count, trace.results == first.results else {
        throw TensorError(
          "ONNX.save",
          "the forward pass is another for other sizes of \(names): \(first.values.count) ops for "
            + "\(sizes(0)), \(trace.values.count) for \(sizes(number))",
          help: "leave the axis fixed, or write the forward pass without Swift's loops and "
            + "conditions over its size")
      }
    }
    values = first.values.indices.map { place in
      let value = first.values[place]
      let all = traces.map { $0.values[place] }
      return Value(
        sources: all.map(\.source), inputs: value.inputs,
        shape: (0..<value.shape.rank).map { axis in Extent(values: all.map { $0.shape[axis] }) },
        dtype: value.dtype)
    }
  }
}

extension Trace.Source {
  /// What messages call it.
  var label: String {
    switch self {
    case .given(let place): "input \(place)"
    case .known: "a tensor"
    case .scalar: "a number"
    case .op(let op): op.rule.name
    case .composite(let composite): "\(composite)".prefix { $0 != "(" }.description
    case .part(let part): "result \(part)"
    }
  }

  /// Whether the two differ in nothing but numbers that may follow sizes.
  fileprivate func isLike(_ other: Trace.Source) -> Bool {
    switch (self, other) {
    case (.given(let a), .given(let b)): a == b
    case (.known, .known), (.scalar, .scalar): true
    case (.composite(let a), .composite(let b)): a == b
    case (.part(let a), .part(let b)): a == b
    case (.op(let a), .op(let b)): a.isLike(b)
    default: false
    }
  }
}

extension Op {
  fileprivate func isLike(_ other: Op) -> Bool {
    switch (self, other) {
    case (.slice(let a), .slice(let b)), (.pad(let a), .pad(let b)):
      a.map(\.step) == b.map(\.step)
    case (.argSort(let a, let isDown, _), .argSort(let b, let isDownToo, _)):
      a == b && isDown == isDownToo
    case (.moments(let a, let axes), .moments(let b, let others)):
      axes == others && a.kind == b.kind
    case (.custom, .custom): true
    default: self == other
    }
  }
}

/// How a number follows sizes: `factor * sizes + offset`.
struct SizeFormula {
  var factor: Int
  /// Whose sizes are multiplied.
  var axes: [Int]
  var offset: Int

  /// The formula of a number; nil if there is none with up to three sizes.
  init?(_ extent: Extent, _ axes: [SymbolicAxis]) {
    var candidates = axes.indices.map { [$0] }
    let pairs = axes.indices.flatMap { a in axes.indices.filter { $0 >= a }.map { [a, $0] } }
    candidates += pairs
    candidates += pairs.flatMap { pair in
      axes.indices.filter { $0 >= pair[1] }.map { pair + [$0] }
    }
    for candidate in candidates {
      let products = extent.values.indices.map { trace in
        candidate.reduce(1) { $0 &* axes[$1].sizes.values[trace] }
      }
      guard let other = products.indices.first(where: { products[$0] != products[0] }) else {
        continue
      }
      let rise = extent.values[other] &- extent.values[0]
      let run = products[other] &- products[0]
      guard rise != Int.min, rise % run == 0 else { continue }
      let factor = rise / run
      let offset = extent.values[0] &- factor &* products[0]
      if zip(products, extent.values).allSatisfy({ factor &* $0 &+ offset == $1 }) {
        self.init(factor: factor, axes: candidate, offset: offset)
        return
      }
    }
    return nil
  }

  private init(factor: Int, axes: [Int], offset: Int) {
    (self.factor, self.axes, self.offset) = (factor, axes, offset)
  }

  /// Such as `2*batch+1`.
  func text(_ names: [SymbolicAxis]) -> String {
    var text = axes.map { names[$0].name }.joined(separator: "*")
    if factor != 1 { text = "\(factor)*" + text }
    return offset == 0 ? text : text + (offset > 0 ? "+\(offset)" : "\(offset)")
  }
}
