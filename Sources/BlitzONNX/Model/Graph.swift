import BlitzData
import BlitzTensor

/// Nodes in the order in which they run, with what goes in and comes out.
struct Graph: Sendable {
  private(set) var name = ""
  private(set) var nodes: [Node] = []
  private(set) var inputs: [ONNXPort] = []
  private(set) var outputs: [ONNXPort] = []
  private(set) var initializers: [(name: String, value: Value)] = []
  /// Names that the graph takes from the one around it.
  private(set) var captures: [String] = []
  /// For each node, the names that nobody reads after it.
  private(set) var releases: [[String]] = []

  /// Reads a graph.
  ///
  /// - Parameter isOuter: whether there is no graph around it, whose values it could take.
  init(
    _ message: WireReader, _ source: ModelSource, isOuter: Bool = false
  ) throws(DataError) {
    var reader = message
    while let field = try reader.next() {
      switch field.number {
      case 1: nodes.append(try Node(try reader.message(field), source))
      case 2: name = try reader.text(field)
      case 5:
        let tensor = try TensorMessage(try reader.message(field), source)
        initializers.append((tensor.name, try tensor.value()))
      case 11: inputs.append(try ONNXPort(try reader.message(field)))
      case 12: outputs.append(try ONNXPort(try reader.message(field)))
      case 15: initializers.append(try SparseTensorMessage.read(try reader.message(field), source))
      default: break
      }
    }
    try link(
      inputs: inputs.map(\.name), outputs: outputs.map(\.name), source.file, isOuter: isOuter)
  }

  /// The body of a function.
  init(
    nodes: [Node], inputs: [String], outputs: [String], _ file: MappedFile
  ) throws(DataError) {
    self.nodes = nodes
    try link(inputs: inputs, outputs: outputs, file, isOuter: true)
  }

  /// Finds what is taken from outside, and who reads each name last.
  private mutating func link(
    inputs: [String], outputs: [String], _ file: MappedFile, isOuter: Bool
  ) throws(DataError) {
    var made = Set(inputs)
    made.formUnion(initializers.map(\.name))
    let later = Set(nodes.flatMap(\.outputs))
    var captured: Set<String> = []
    let all = "the outputs"
    func take(_ name: String, _ who: String, _ place: Int) throws(DataError) {
      if name.isEmpty || made.contains(name) { return }
      if later.contains(name) {
        throw file.failure(
          place,
          "\(who) takes \(JSONText.quoted(name)), which a later node makes: the graph has a "
            + "cycle, or its nodes are not in order")
      }
      if isOuter {
        let verb = who == all ? "have" : "takes"
        throw file.failure(
          place,
          "\(who) \(verb) \(JSONText.quoted(name)), which is not there: no input, initializer or "
            + "node has this name")
      }
      if captured.insert(name).inserted { captures.append(name) }
    }
    var lastReader: [String: Int] = [:]
    for (index, node) in nodes.enumerated() {
      for name in node.reads {
        try take(name, node.label, node.place)
        lastReader[name] = index
      }
      for name in node.outputs where !name.isEmpty {
        guard made.insert(name).inserted else {
          throw file.failure(
            node.place, "\(node.label) makes \(JSONText.quoted(name)), which is there already")
        }
        lastReader[name] = index
      }
    }
    for name in outputs { try take(name, all, nodes.last?.place ?? 0) }
    let kept = Set(outputs).union(captured).union(initializers.map(\.name))
    releases = Array(repeating: [], count: nodes.count)
    for (name, index) in lastReader where !kept.contains(name) { releases[index].append(name) }
  }

  /// A node, and with it those of the graphs in it.
  func forEachNode(_ visit: (Node) -> Void) {
    for node in nodes {
      visit(node)
      for graph in node.graphs { graph.forEachNode(visit) }
    }
  }
}
