import BlitzData
import BlitzTensor

/// What a node says besides its inputs.
enum Attribute: Sendable {
  case float(Double)
  case int(Int)
  case text(String)
  case value(Value)
  case graph(Graph)
  case floats([Double])
  case ints([Int])
  case texts([String])
  /// That of the function around it, under this name.
  case reference(String)
}

/// One op of a graph.
struct Node: Sendable {
  var name = ""
  var op = ""
  var domain = ""
  var overload = ""
  var inputs: [String] = []
  var outputs: [String] = []
  var attributes: [String: Attribute] = [:]
  /// Where it is in the file.
  var place = 0

  /// How messages name it.
  var label: String { name.isEmpty ? opName : "\(opName) \(JSONText.quoted(name))" }

  /// The op with its domain, if that is not ONNX's own.
  var opName: String { domain.isEmpty ? op : "\(domain)::\(op)" }

  /// The graphs that are attributes.
  var graphs: [Graph] {
    attributes.values.compactMap { if case .graph(let graph) = $0 { graph } else { nil } }
  }

  /// The names that the node reads: its inputs, and what its graphs take from outside.
  var reads: [String] { inputs + graphs.flatMap(\.captures) }

  init(_ message: WireReader, _ source: ModelSource) throws(DataError) {
    var reader = message
    place = message.place
    while let field = try reader.next() {
      switch field.number {
      case 1: inputs.append(try reader.text(field))
      case 2: outputs.append(try reader.text(field))
      case 3: name = try reader.text(field)
      case 4: op = try reader.text(field)
      case 5:
        let (name, attribute) = try Attribute.named(try reader.message(field), source)
        if let attribute { attributes[name] = attribute }
      case 7: domain = Node.domain(try reader.text(field))
      case 8: overload = try reader.text(field)
      default: break
      }
    }
  }

  /// ONNX's own ops have no domain, or "ai.onnx".
  static func domain(_ name: String) -> String { name == "ai.onnx" ? "" : name }
}

extension Attribute {
  /// An attribute with its name; nil if it has no value.
  static func named(
    _ message: WireReader, _ source: ModelSource
  ) throws(DataError) -> (String, Attribute?) {
    var reader = message
    var (name, type) = ("", 0)
    var (ints, floats, texts): ([Int], [Float], [String]) = ([], [], [])
    var found: Attribute?
    while let field = try reader.next() {
      switch field.number {
      case 1: name = try reader.text(field)
      case 2: found = .float(Double(try reader.float(field)))
      case 3: found = .int(try reader.int(field))
      case 4: found = .text(try reader.text(field))
      case 5: found = .value(try TensorMessage(try reader.message(field), source).value())
      case 6: found = .graph(try Graph(try reader.message(field), source))
      case 7: try reader.floats(field, to: &floats)
      case 8: try reader.ints(field, to: &ints)
      case 9: texts.append(try reader.text(field))
      case 20: type = try reader.int(field)
      case 21: found = .reference(try reader.text(field))
      // What an optional could hold is known when it holds it.
      case 14: found = .int(0)
      case 22: found = .value(try SparseTensorMessage.read(try reader.message(field), source).value)
      case 10, 11, 15, 23:
        throw source.file.failure(
          field.place, "attribute \(JSONText.quoted(name)) is of a kind that Blitz does not read")
      default: break
      }
    }
    if case .reference("") = found { found = nil }
    if let found { return (name, found) }
    if type == 6 || !floats.isEmpty { return (name, .floats(floats.map { Double($0) })) }
    if type == 7 || !ints.isEmpty { return (name, .ints(ints)) }
    if type == 8 || !texts.isEmpty { return (name, .texts(texts)) }
    // The values that protobuf leaves out.
    switch type {
    case 1: return (name, .float(0))
    case 2: return (name, .int(0))
    case 3: return (name, .text(""))
    default: return (name, nil)
    }
  }
}
