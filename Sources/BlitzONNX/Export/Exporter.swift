import BlitzTensor

/// Writes a traced graph as ONNX's nodes: each op by the entry of its kind.
struct Exporter {
  let graph: ExportGraph
  let opset: Int
  /// The names of known tensors, by identity.
  private let stateNames: [Int: String]
  private let inputNames: [String]
  private(set) var nodes: [ExportNode] = []
  private(set) var initializers: [(name: String, tensor: Tensor)] = []
  /// What each value is called, or why it has no name: it only matters if somebody reads it.
  private var names: [Result<String, TensorError>] = []
  /// The names of composites' results.
  private var parts: [Int: [String]] = [:]
  private var taken: Set<String>
  private var counts: [String: Int] = [:]
  private var constants: [ConstantKey: String] = [:]
  private var known: [Int: String] = [:]
  private var sizes: [Extent: String] = [:]

  private struct ConstantKey: Hashable {
    var dtype: DType
    var shape: Shape
    var bytes: [UInt8]
  }

  init(
    _ graph: ExportGraph, opset: Int, inputNames: [String], outputNames: [String],
    stateNames: [Int: String]
  ) {
    self.graph = graph
    self.opset = opset
    self.inputNames = inputNames
    self.stateNames = stateNames
    taken = Set(inputNames + outputNames)
  }

  /// The whole model.
  ///
  /// - Throws: `TensorError` with the op that ONNX has no words for, and why.
  mutating func model(outputNames: [String]) throws -> ExportModel {
    for place in graph.values.indices {
      do {
        names.append(.success(try written(place)))
      } catch let error as TensorError {
        names.append(.failure(error))
      }
    }
    var renamed: [String: String] = [:]
    let made = Set(nodes.flatMap(\.outputs))
    for (place, output) in zip(graph.results, outputNames) {
      let name = try names[place].get()
      // An output is a node's result under its own name; what is none, or two outputs, is copied.
      if made.contains(name), renamed[name] == nil {
        renamed[name] = output
      } else {
        nodes.append(
          ExportNode(op: "Identity", inputs: [name], outputs: [output], attributes: []))
      }
    }
    for index in nodes.indices {
      nodes[index].inputs = nodes[index].inputs.map { renamed[$0] ?? $0 }
      nodes[index].outputs = nodes[index].outputs.map { renamed[$0] ?? $0 }
    }
    let needed = needed(outputNames)
    return ExportModel(
      opset: opset, nodes: needed.nodes,
      initializers: initializers.filter { needed.names.contains($0.name) }, inputs: [],
      outputs: zip(graph.results, outputNames).map { port(graph.values[$0], named: $1) })
  }

  /// The nodes that the outputs need.
  private func needed(_ outputs: [String]) -> (nodes: [ExportNode], names: Set<String>) {
    var names = Set(outputs)
    var kept: [ExportNode] = []
    for node in nodes.reversed() where node.outputs.contains(where: names.contains) {
      names.formUnion(node.inputs)
      kept.append(node)
    }
    return (kept.reversed(), names)
  }

  private func port(_ value: ExportGraph.Value, named name: String) -> ExportModel.Port {
    ExportModel.Port(
      name: name, dtype: value.dtype,
      sizes: value.shape.map { extent in
        if let fixed = extent.fixed { return .fixed(fixed) }
        return SizeFormula(extent, graph.axes).map { .named($0.text(graph.axes)) } ?? .any
      })
  }

  /// The name of a value whose node is written here.
  private mutating func written(_ place: Int) throws -> String {
    let value = graph.values[place]
    switch value.source {
    case .given(let position): return inputNames[position]
    case .known: return try known(value)
    case .scalar: return try scalar(value)
    case .op(let op): return try written(op, place)
    case .composite(let composite):
      parts[place] = try written(composite, place)
      return ""
    case .part(let part):
      guard let all = parts[value.inputs[0]!] else { return try name(value.inputs[0]!) }
      return all[part]
    }
  }
}

// MARK: Names

extension Exporter {
  /// The name of an operand.
  func name(_ place: Int) throws -> String { try names[place].get() }

  /// The names of an op's operands, "" for one that is left out.
  func operands(_ place: Int) throws -> [String] {
    try graph.values[place].inputs.map { try $0.map { try name($0) } ?? "" }
  }

  private mutating func unique(_ base: String) -> String {
    var name = base
    while !taken.insert(name).inserted {
      counts[base, default: 0] += 1
      name = "\(base)_\(counts[base]!)"
    }
    return name
  }

  /// Writes a node of one result and returns its name.
  mutating func emit(
    _ op: String, _ inputs: [String],
    _ attributes: KeyValuePairs<String, ExportNode.Attribute> = [:]
  ) -> String {
    emit(op, inputs, attributes, results: 1)[0]
  }

  /// Writes a node.
  mutating func emit(
    _ op: String, _ inputs: [String],
    _ attributes: KeyValuePairs<String, ExportNode.Attribute> = [:], results: Int
  ) -> [String] {
    emit(op, inputs, attributes.map { (name: $0.key, value: $0.value) }, results: results)
  }

  /// Writes a node whose attributes are put together.
  mutating func emit(
    _ op: String, _ inputs: [String], _ attributes: [(name: String, value: ExportNode.Attribute)],
    results: Int
  ) -> [String] {
    let outputs = (0..<results).map { _ in unique(op.lowercased()) }
    var inputs = inputs
    while inputs.last == "" { inputs.removeLast() }
    nodes.append(ExportNode(op: op, inputs: inputs, outputs: outputs, attributes: attributes))
    return outputs
  }

  /// A refusal of the op at a place.
  func refusal(_ place: Int, _ reason: String, help: String) -> TensorError {
    let value = graph.values[place]
    let operands = value.inputs.compactMap { $0 }.enumerated().map { index, input in
      let operand = graph.values[input]
      let sizes = operand.shape.map { $0.fixed.map { "\($0)" } ?? "?" }.joined(separator: ", ")
      return ("operand \(index)", "\(operand.dtype)[\(sizes)]")
    }
    return TensorError(
      "ONNX.save", "\(value.source.label) cannot be exported: \(reason)", operands: operands,
      help: help)
  }

  /// A refusal of an op that came with a later opset.
  func needs(_ opset: Int, _ place: Int, _ what: String) -> TensorError {
    refusal(
      place, "ONNX has \(what) from opset \(opset) on, and opset \(self.opset) is asked for",
      help: "write opset: \(opset)")
  }
}

// MARK: Constants

extension Exporter {
  /// An initializer with the elements of a tensor; equal ones are one.
  mutating func constant(_ tensor: Tensor) throws -> String {
    let bytes = try tensor.withBytes { Array($0) }
    let key = ConstantKey(dtype: tensor.dtype, shape: tensor.shape, bytes: bytes)
    if let name = constants[key] { return name }
    let name = unique("constant")
    initializers.append((name, tensor))
    constants[key] = name
    return name
  }

  /// Whole numbers along one axis.
  mutating func ints(_ numbers: [Int]) throws -> String {
    try constant(Tensor(numbers, shape: [numbers.count]))
  }

  /// A number of a dtype, without axes.
  mutating func number(_ number: Double, _ dtype: DType) throws -> String {
    try constant(.full([], number, dtype: dtype))
  }

  private mutating func known(_ value: ExportGraph.Value) throws -> String {
    let tensors = value.sources.compactMap { source in
      if case .known(let tensor) = source { tensor } else { nil }
    }
    let first = tensors[0]
    if tensors.allSatisfy({ $0.identity == first.identity }) {
      if let name = known[first.identity] { return name }
      guard let base = stateNames[first.identity] else { return try constant(first) }
      let name = unique(base)
      initializers.append((name, first))
      known[first.identity] = name
      return name
    }
    let bytes = try tensors.map { try $0.withBytes { Array($0) } }
    if tensors.allSatisfy({ $0.shape == first.shape }), bytes.allSatisfy({ $0 == bytes[0] }) {
      return try constant(first)
    }
    if let name = try following(tensors, value) { return name }
    throw TensorError(
      "ONNX.save",
      "the forward pass makes a tensor whose numbers depend on the sizes of "
        + graph.axes.map(\.name).joined(separator: ", ") + " in a way that cannot be seen",
      operands: [("tensor", first.signature)],
      help: "leave the axis fixed, or make the tensor with Tensor.arange, full or zeros")
  }

  /// Tensors made of sizes: all of one number, or numbers in steps.
  private mutating func following(
    _ tensors: [Tensor], _ value: ExportGraph.Value
  ) throws -> String? {
    let dtype = value.dtype
    let numbers = try tensors.map { try $0.cast(to: .float64).scalars(as: Double.self) }
    if let fill = numbers[0].first, numbers.allSatisfy({ $0.allSatisfy { $0 == fill } }) {
      return emit("Expand", [try number(fill, dtype), try vector(value.shape)])
    }
    if value.shape.allSatisfy({ $0.fixed == 1 }) {
      guard let name = try scalar(numbers.map { $0[0] }, dtype) else { return nil }
      return emit("Reshape", [name, try ints(value.shape.map { $0.values[0] })])
    }
    guard value.shape.count == 1, !dtype.isNarrow else { return nil }
    let longest = numbers.max { $0.count < $1.count }!
    guard longest.count > 1 else { return nil }
    let (start, step) = (longest[0], longest[1] - longest[0])
    guard step.rounded() == step,
      numbers.allSatisfy({ list in
        list.indices.allSatisfy { list[$0] == start + Double($0) * step }
      })
    else { return nil }
    let count = emit("Squeeze", [try dim(value.shape[0])])
    let range = emit(
      "Range", [try number(0, .int64), count, try number(1, .int64)])
    let cast = dtype == .int64 ? range : emit("Cast", [range], ["to": type(dtype)])
    let scaled = step == 1 ? cast : emit("Mul", [cast, try number(step, dtype)])
    return start == 0 ? scaled : emit("Add", [scaled, try number(start, dtype)])
  }

  private mutating func scalar(_ value: ExportGraph.Value) throws -> String {
    let numbers = value.sources.compactMap { source in
      if case .scalar(let scalar) = source { scalar } else { nil }
    }
    // By bits: NaN is itself, too.
    if numbers.allSatisfy({ $0.double.bitPattern == numbers[0].double.bitPattern }) {
      if case .integer(let whole) = numbers[0], value.dtype == .int64 {
        return try constant(Tensor(whole))
      }
      return try number(numbers[0].double, value.dtype)
    }
    if let name = try scalar(numbers.map(\.double), value.dtype) { return name }
    throw TensorError(
      "ONNX.save",
      "a number of the forward pass, \(numbers[0].double), depends on the sizes of "
        + graph.axes.map(\.name).joined(separator: ", ") + " in a way that cannot be seen",
      help: "leave the axis fixed")
  }

  /// A number that follows sizes, or one over such a one; nil if it does neither.
  mutating func scalar(_ numbers: [Double], _ dtype: DType) throws -> String? {
    if numbers.allSatisfy({ $0.bitPattern == numbers[0].bitPattern }) {
      return try number(numbers[0], dtype)
    }
    func whole(_ numbers: [Double]) -> Extent? {
      guard numbers.allSatisfy({ $0.rounded() == $0 && abs($0) < 1e15 }) else { return nil }
      let extent = Extent(values: numbers.map { Int($0) })
      return SizeFormula(extent, graph.axes) == nil ? nil : extent
    }
    func cast(_ extent: Extent) throws -> String {
      let number = emit("Squeeze", [try dim(extent)])
      return dtype == .int64 ? number : emit("Cast", [number], ["to": type(dtype)])
    }
    if let extent = whole(numbers) { return try cast(extent) }
    let inverse = numbers.map { (1 / $0).rounded() }
    guard dtype.isFloating, zip(numbers, inverse).allSatisfy({ abs($0 * $1 - 1) < 1e-12 }),
      let extent = whole(inverse)
    else { return nil }
    return emit("Reciprocal", [try cast(extent)])
  }

  /// A dtype as an attribute.
  func type(_ dtype: DType) -> ExportNode.Attribute { .int(ElementType(dtype).rawValue) }
}

// MARK: Sizes

extension Exporter {
  /// A number that may follow sizes, int64 `[1]`.
  mutating func dim(_ extent: Extent) throws -> String {
    if let fixed = extent.fixed { return try ints([fixed]) }
    if let name = sizes[extent] { return name }
    guard let formula = SizeFormula(extent, graph.axes) else {
      throw TensorError(
        "ONNX.save",
        "a size in the forward pass, \(extent.values[0]), follows the sizes of "
          + graph.axes.map(\.name).joined(separator: ", ") + " by no formula that was found",
        help: "leave the axis fixed")
    }
    var name = ""
    for axis in formula.axes {
      let size = try symbol(axis)
      name = name.isEmpty ? size : emit("Mul", [name, size])
    }
    if formula.factor != 1 { name = emit("Mul", [name, try ints([formula.factor])]) }
    if formula.offset != 0 { name = emit("Add", [name, try ints([formula.offset])]) }
    sizes[extent] = name
    return name
  }

  private mutating func symbol(_ index: Int) throws -> String {
    let axis = graph.axes[index]
    if let name = sizes[axis.sizes] { return name }
    let shape = emit("Shape", [inputNames[axis.input]])
    let name = emit("Gather", [shape, try ints([axis.axis])])
    sizes[axis.sizes] = name
    return name
  }

  /// Numbers that may follow sizes along one axis, int64.
  mutating func vector(_ extents: [Extent]) throws -> String {
    let fixed = extents.compactMap(\.fixed)
    if fixed.count == extents.count { return try ints(fixed) }
    var parts: [String] = []
    var run: [Int] = []
    for extent in extents {
      if let number = extent.fixed {
        run.append(number)
        continue
      }
      if !run.isEmpty { parts.append(try ints(run)) }
      run = []
      parts.append(try dim(extent))
    }
    if !run.isEmpty { parts.append(try ints(run)) }
    return parts.count == 1 ? parts[0] : emit("Concat", parts, ["axis": .int(0)])
  }

  /// The number that is always `value`.
  func fixed(_ value: Int) -> Extent {
    Extent(values: [Int](repeating: value, count: graph.traceCount))
  }

  /// A value under another shape.
  mutating func reshape(_ name: String, from: [Extent], to: [Extent]) throws -> String {
    if from == to { return name }
    // A size that stays in its place is 0, one of the others may be -1.
    let hasZero = to.contains { $0.values.contains(0) }
    var wanted = to
    if !hasZero {
      for axis in to.indices where to[axis].fixed == nil && axis < from.count {
        if from[axis] == to[axis] { wanted[axis] = fixed(0) }
      }
      if let open = wanted.lastIndex(where: { $0.fixed == nil }) { wanted[open] = fixed(-1) }
    }
    let shape = try vector(wanted)
    return hasZero && opset >= 14
      ? emit("Reshape", [name, shape], ["allowzero": .int(1)]) : emit("Reshape", [name, shape])
  }
}
