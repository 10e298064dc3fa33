/// A graph as a program, and how to call it.
struct LoweredGraph: Sendable {
  var program: Program
  /// The arguments of the program behind the graph's own: the graph's scalars, packed.
  var scalarPacks: [ScalarPack]
  /// For each result of the graph, which of the program's it is.
  var resultPlaces: [Int]

  /// One vector with all the graph's scalars of a dtype.
  struct ScalarPack: Sendable, Hashable {
    var dtype: DType
    /// Which of the graph's scalars, in order.
    var scalars: [Int]
  }
}

extension PlanGraph {
  /// The graph as a program: `@main` takes the graph's arguments, then its packed scalars, and
  /// returns each distinct result once.
  ///
  /// - Throws: `TensorError` with the name of an op that has no text.
  func lowered(allowsTF32: Bool = Environment.allowsTF32) throws(TensorError) -> LoweredGraph {
    let function = try LoweredFunction(self, allowsTF32: allowsTF32)
    let text = """
      module @blitz {
      \(ShardingText(mesh: mesh).module)\(function.text(name: "@main", donated: donated))
      }

      """
    return LoweredGraph(
      program: Program(
        text: text, arguments: function.parameters.map(\.type),
        results: function.results.map(\.type), donated: donated),
      scalarPacks: function.packs, resultPlaces: function.resultPlaces)
  }
}

/// A graph as one function.
struct LoweredFunction {
  /// The graph's arguments, then its packed scalars.
  let parameters: [ProgramText.Value]
  let packs: [LoweredGraph.ScalarPack]
  /// Each distinct result once.
  let results: [ProgramText.Value]
  let resultPlaces: [Int]
  private let body: [String]
  private let mesh: Mesh?

  init(_ graph: PlanGraph, allowsTF32: Bool) throws(TensorError) {
    var text = ProgramText(allowsTF32: allowsTF32)
    mesh = graph.mesh
    var values: [ProgramText.Value] = []
    values.reserveCapacity(graph.values.count)
    for place in 0..<graph.argumentCount {
      var type = graph.values[place].type
      if mesh != nil { type.sharding = graph.shardings[place] }
      values.append(text.parameter("%a\(place)", type))
    }
    packs = graph.scalarPacks
    var parameters = values
    var scalars: [Int: ProgramText.Value] = [:]
    for pack in packs {
      let vector = text.parameter(
        "%\(pack.dtype.programName)", Program.Value(shape: [pack.scalars.count], dtype: pack.dtype))
      parameters.append(vector)
      for (place, scalar) in pack.scalars.enumerated() {
        scalars[scalar] = text.element(place, of: vector)
      }
    }
    for place in 0..<graph.scalarCount { values.append(scalars[place]!) }
    for value in graph.values[graph.firstOp...] {
      values.append(
        try text.lower(
          Lowering.Operation(
            op: value.op, inputs: value.inputs.map { values[$0] }, shape: value.shape,
            dtype: value.dtype)))
    }
    var places: [String: Int] = [:]
    var results: [ProgramText.Value] = []
    var resultPlaces: [Int] = []
    for (result, sharding) in zip(graph.results, graph.resultShardings) {
      var value = values[result]
      value.type.sharding = sharding
      if places[value.name] == nil {
        places[value.name] = results.count
        results.append(value)
      }
      resultPlaces.append(places[value.name]!)
    }
    body = text.body(returning: results)
    (self.parameters, self.results, self.resultPlaces) = (parameters, results, resultPlaces)
  }

  /// The function as a part of a module.
  ///
  /// - Parameters:
  ///   - name: with an at sign.
  ///   - donated: the places of parameters whose memory a result may take.
  func text(name: String, isPrivate: Bool = false, donated: [Int] = []) -> String {
    let words = ShardingText(mesh: isPrivate ? nil : mesh)
    let list = parameters.enumerated().map { place, parameter in
      "\(parameter.name): \(parameter.type.text)"
        + words.attributes(
          of: parameter.type, donated: donated.contains(place))
    }
    let types = results.map { $0.type.text + words.attributes(of: $0.type) }
      .joined(separator: ", ")
    return """
        func.func \(isPrivate ? "private " : "")\(name)(\(list.joined(separator: ", "))) \
      -> (\(types)) {
      \(body.map { "    " + $0 }.joined(separator: "\n"))
        }
      """
  }
}

extension PlanGraph {
  /// The places of the arguments that a program may overwrite.
  var donated: [Int] { mayOverwrite.indices.filter { mayOverwrite[$0] } }

  /// The scalars by dtype, those with the lesser raw value first.
  fileprivate var scalarPacks: [LoweredGraph.ScalarPack] {
    DType.allCases.compactMap { dtype in
      let scalars = (0..<scalarCount).filter { values[argumentCount + $0].dtype == dtype }
      return scalars.isEmpty ? nil : LoweredGraph.ScalarPack(dtype: dtype, scalars: scalars)
    }
  }
}

extension PlanGraph.Value {
  var type: Program.Value { Program.Value(shape: shape, dtype: dtype) }
}

extension ProgramText {
  /// One element of a vector.
  fileprivate mutating func element(_ place: Int, of vector: Value) -> Value {
    let one = Program.Value(shape: [1], dtype: vector.dtype)
    let part =
      vector.shape == [1]
      ? vector
      : emit(
        "stablehlo.slice \(vector) [\(place):\(place + 1)] : \(signature([vector], one))",
        [1], vector.dtype)
    return reshape(part, to: [])
  }
}
