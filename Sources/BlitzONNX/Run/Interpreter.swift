import BlitzData
import BlitzTensor

/// The values that nodes have made so far, under their names.
private final class Scope {
  var values: [String: Value] = [:]
  /// What nodes of this graph made floats of, for products of the whole numbers themselves.
  var sources: [String: QuantizedSource] = [:]
  /// The graph around this one.
  let parent: Scope?
  /// What attributes refer to: those of the function's call.
  let attributes: [String: Attribute]

  init(parent: Scope?, attributes: [String: Attribute]) {
    (self.parent, self.attributes) = (parent, attributes)
  }

  subscript(name: String) -> Value? {
    var scope: Scope? = self
    while let current = scope {
      if let value = current.values[name] { return value }
      scope = current.parent
    }
    return nil
  }
}

/// Runs a model's nodes, one after the other.
struct Interpreter {
  let model: ModelMessage

  /// The outputs of the model's graph for values of its inputs and initializers.
  func run(_ given: [String: Value]) throws -> [Value] {
    let scope = Scope(parent: nil, attributes: [:])
    scope.values = given
    return try run(model.graph, outputs: model.graph.outputs.map(\.name), scope, model.opsets, 0)
  }

  private func run(
    _ graph: Graph, outputs: [String], _ scope: Scope, _ opsets: [String: Int], _ depth: Int
  ) throws -> [Value] {
    for (name, value) in graph.initializers where scope.values[name] == nil {
      scope.values[name] = value
    }
    for (index, node) in graph.nodes.enumerated() {
      let results: [Value]
      do {
        results = try self.results(of: node, scope, opsets, depth)
        if let error = results.lazy.compactMap(\.error).first { throw error }
      } catch let error as TensorError {
        throw node.located(error)
      }
      for (name, value) in zip(node.outputs, results) where !name.isEmpty {
        scope.values[name] = value
      }
      for name in graph.releases[index] {
        scope.values[name] = nil
        scope.sources[name] = nil
      }
    }
    return try outputs.map { name in
      guard let value = scope[name] else {
        throw TensorError("ONNXModel", "nothing makes the output \(JSONText.quoted(name))")
      }
      return value
    }
  }

  private func results(
    of node: Node, _ scope: Scope, _ opsets: [String: Int], _ depth: Int
  ) throws -> [Value] {
    guard depth < 64 else {
      throw TensorError(node.op, "graphs and functions call each other over 64 deep")
    }
    let given = try node.inputs.map { name -> Value in
      if name.isEmpty { return .absent }
      guard let value = scope[name] else {
        throw TensorError(
          node.op, "its input \(JSONText.quoted(name)) is not there",
          help: "no input, initializer or earlier node has this name")
      }
      return value
    }
    let inputs = given.onOneDevice
    let attributes = resolved(node.attributes, scope)
    let opset = opsets[node.domain] ?? 1
    if let function = model.function(of: node) {
      return try call(function, inputs, attributes, depth)
    }
    guard let entry = OpTable.entry(domain: node.domain, name: node.op, opset: opset) else {
      throw TensorError(node.op, "Blitz does not have this op in opset \(opset)")
    }
    var call = OpCall(node: node, opset: opset, inputs: inputs, attributes: attributes) {
      graph, values in
      let inner = Scope(parent: scope, attributes: scope.attributes)
      guard values.count <= graph.inputs.count else {
        throw TensorError(
          node.op, "its graph takes \(graph.inputs.count) inputs, it is given \(values.count)")
      }
      for (port, value) in zip(graph.inputs, values) { inner.values[port.name] = value }
      return try run(graph, outputs: graph.outputs.map(\.name), inner, opsets, depth + 1)
    }
    if node.domain.isEmpty, QuantizedSource.readers.contains(node.op) {
      call.sources = node.inputs.map { scope.sources[$0] }
    }
    if node.domain.isEmpty, node.op == "DequantizeLinear", let name = node.outputs.first {
      scope.sources[name] = QuantizedSource(call)
    }
    return try entry.results(of: call)
  }

  private func call(
    _ function: Function, _ inputs: [Value], _ attributes: [String: Attribute], _ depth: Int
  ) throws -> [Value] {
    let inner = Scope(
      parent: nil, attributes: function.defaults.merging(attributes) { $1 })
    for name in function.inputs { inner.values[name] = .absent }
    for (name, value) in zip(function.inputs, inputs) { inner.values[name] = value }
    return try run(
      function.graph, outputs: function.outputs, inner,
      model.opsets.merging(function.opsets) { $1 }, depth + 1)
  }

  /// A node's attributes, those of the function's call in place of references.
  private func resolved(
    _ attributes: [String: Attribute], _ scope: Scope
  ) -> [String: Attribute] {
    var answer = attributes
    for (name, attribute) in attributes {
      if case .reference(let outer) = attribute { answer[name] = scope.attributes[outer] }
    }
    return answer
  }
}

extension [Value] {
  /// The same, with tensors on the CPU moved to where another one is: constants of the graph,
  /// beside what a model on an accelerator is given.
  fileprivate var onOneDevice: [Value] {
    guard let device = lazy.compactMap(\.tensor?.device).first(where: { $0 != .cpu }) else {
      return self
    }
    return map { value in
      guard case .tensor(let tensor, let type) = value, tensor.device == .cpu else { return value }
      return .tensor(tensor.to(device), type)
    }
  }
}

extension Node {
  /// An error with this node's name, unless one inside it has given its own.
  fileprivate func located(_ error: TensorError) -> TensorError {
    if error.op.hasPrefix("node ") { return error }
    let rule = error.op == op ? error.rule : error.summary
    return TensorError("node \(label)", rule, operands: error.operands, help: error.help)
  }
}

extension ModelMessage {
  /// The function that a node calls, if it is not an op.
  func function(of node: Node) -> Function? {
    functions.isEmpty
      ? nil
      : functions[FunctionName(domain: node.domain, name: node.op, overload: node.overload)]
  }

  /// The ops of the graph, with the number of nodes of each, most first.
  var ops: [(name: String, count: Int)] {
    var counts: [String: Int] = [:]
    graph.forEachNode { counts[$0.opName, default: 0] += 1 }
    return counts.map { ($0.key, $0.value) }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }
  }

  /// The ops that Blitz lacks, with the number of nodes of each, most first.
  var unsupportedOps: [(name: String, count: Int)] {
    var counts: [String: Int] = [:]
    var seen: Set<FunctionName> = []
    func count(_ graph: Graph, _ opsets: [String: Int]) {
      graph.forEachNode { node in
        if let function = function(of: node) {
          let name = FunctionName(domain: node.domain, name: node.op, overload: node.overload)
          if seen.insert(name).inserted {
            count(function.graph, self.opsets.merging(function.opsets) { $1 })
          }
        } else if OpTable.entry(
          domain: node.domain, name: node.op, opset: opsets[node.domain] ?? 1) == nil
        {
          counts[node.opName, default: 0] += 1
        }
      }
    }
    count(graph, opsets)
    return counts.map { ($0.key, $0.value) }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }
  }
}
