import BlitzData
import BlitzTensor

/// A function of a model, which a node calls like an op.
struct Function: Sendable {
  let graph: Graph
  let inputs: [String]
  let outputs: [String]
  /// What the attributes are that a call leaves out.
  let defaults: [String: Attribute]
  let opsets: [String: Int]
}

/// The model that a file is.
struct ModelMessage: Sendable {
  private(set) var version = 0
  private(set) var producer = ""
  private(set) var opsets: [String: Int] = [:]
  private(set) var functions: [FunctionName: Function] = [:]
  private(set) var metadata: [String: String] = [:]
  let graph: Graph

  /// What a function is called by.
  struct FunctionName: Hashable, Sendable {
    var domain: String
    var name: String
    var overload: String
  }

  /// The newest opset of ONNX's own ops, and the newest version of the format, that are read.
  static let newestOpset = 28
  static let newestVersion = 14

  init(_ source: ModelSource) throws(DataError) {
    let file = source.file
    var reader = try WireReader(file)
    var found: Graph?
    while let field = try reader.next() {
      switch field.number {
      case 1: version = try reader.int(field)
      case 2: producer = try reader.text(field)
      case 7: found = try Graph(try reader.message(field), source, isOuter: true)
      case 8:
        let (domain, opset) = try ModelMessage.opset(try reader.message(field))
        opsets[domain] = opset
      case 14:
        let (key, value) = try reader.message(field).entry()
        metadata[key] = value
      case 25:
        let (name, function) = try ModelMessage.function(try reader.message(field), source)
        functions[name] = function
      default: break
      }
    }
    guard let found else {
      throw file.failure(file.count, "the file has no graph; it is not a model in ONNX's format")
    }
    graph = found
    guard version <= ModelMessage.newestVersion else {
      throw DataError(
        path: file.path,
        reason: "IR version \(version) is newer than \(ModelMessage.newestVersion), the newest "
          + "that Blitz reads; export it again for an older one")
    }
    if version < 3, opsets.isEmpty { opsets[""] = 1 }
    if opsets.isEmpty {
      throw file.failure(
        file.count,
        "the file ends without the opset that its nodes are of: it was cut off, or "
          + "breaks a rule of IR version \(version)")
    }
    let opset = opsets[""] ?? 1
    guard (1...ModelMessage.newestOpset).contains(opset) else {
      throw DataError(
        path: file.path,
        reason: "opset \(opset) is not one of 1 to \(ModelMessage.newestOpset), which Blitz runs; "
          + "export it again for one of these, such as 17")
    }
  }

  private static func opset(_ message: WireReader) throws(DataError) -> (String, Int) {
    var reader = message
    var answer = ("", 0)
    while let field = try reader.next() {
      switch field.number {
      case 1: answer.0 = Node.domain(try reader.text(field))
      case 2: answer.1 = try reader.int(field)
      default: break
      }
    }
    return answer
  }

  private static func function(
    _ message: WireReader, _ source: ModelSource
  ) throws(DataError) -> (FunctionName, Function) {
    var reader = message
    var name = FunctionName(domain: "", name: "", overload: "")
    var (inputs, outputs): ([String], [String]) = ([], [])
    var nodes: [Node] = []
    var defaults: [String: Attribute] = [:]
    var opsets: [String: Int] = [:]
    while let field = try reader.next() {
      switch field.number {
      case 1: name.name = try reader.text(field)
      case 4: inputs.append(try reader.text(field))
      case 5: outputs.append(try reader.text(field))
      case 7: nodes.append(try Node(try reader.message(field), source))
      case 9:
        let (domain, opset) = try opset(try reader.message(field))
        opsets[domain] = opset
      case 10: name.domain = Node.domain(try reader.text(field))
      case 11:
        let (key, attribute) = try Attribute.named(try reader.message(field), source)
        if let attribute { defaults[key] = attribute }
      case 13: name.overload = try reader.text(field)
      default: break
      }
    }
    let graph = try Graph(nodes: nodes, inputs: inputs, outputs: outputs, source.file)
    return (
      name,
      Function(
        graph: graph, inputs: inputs, outputs: outputs, defaults: defaults, opsets: opsets)
    )
  }
}
