import BlitzData

/// A value of a JSON file.
enum JSON: Sendable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSON])
  /// The members in the file's order.
  case object([(name: String, value: JSON)])

  /// Reads a whole file; `path` is what errors call it.
  ///
  /// - Throws: `DataError` that names the byte where it is not JSON.
  init(_ bytes: [UInt8], path: String) throws(DataError) {
    var scanner = JSONScanner(bytes[...], path: path)
    self = try JSON.value(&scanner, depth: 0)
    scanner.skipSpace()
    guard scanner.next == nil else { throw scanner.failure("text follows the value") }
  }

  /// The last member of an object that is called `name`.
  subscript(name: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members.last { $0.name == name }?.value
  }

  /// The value as a whole number, if it is one.
  var int: Int? {
    if case .number(let number) = self { Int(exactly: number) } else { nil }
  }

  /// The value as a number, if it is one.
  var double: Double? { if case .number(let number) = self { number } else { nil } }

  /// The value as a text, if it is one.
  var string: String? { if case .string(let text) = self { text } else { nil } }

  /// The value as true or false, if it is one of them.
  var bool: Bool? { if case .bool(let value) = self { value } else { nil } }

  /// The elements, if the value is an array.
  var array: [JSON]? { if case .array(let elements) = self { elements } else { nil } }

  /// The members, if the value is an object.
  var object: [(name: String, value: JSON)]? {
    if case .object(let members) = self { members } else { nil }
  }
}

// Reads JSON as RFC 8259 has it.
extension JSON {
  /// Values may be in values so many deep; more would exhaust the stack.
  private static let deepest = 100

  private static func value(
    _ scanner: inout JSONScanner, depth: Int
  ) throws(DataError) -> JSON {
    guard depth < deepest else {
      throw scanner.failure("values are nested more than \(deepest) deep")
    }
    scanner.skipSpace()
    switch scanner.next {
    case UInt8(ascii: "{"):
      var members: [(name: String, value: JSON)] = []
      try scanner.members { (scanner, name, _) throws(DataError) in
        members.append((name, try value(&scanner, depth: depth + 1)))
      }
      return .object(members)
    case UInt8(ascii: "["):
      var elements: [JSON] = []
      try scanner.elements { (scanner) throws(DataError) in
        elements.append(try value(&scanner, depth: depth + 1))
      }
      return .array(elements)
    case UInt8(ascii: "\""): return .string(try scanner.string())
    case UInt8(ascii: "t"): return try word("true", .bool(true), &scanner)
    case UInt8(ascii: "f"): return try word("false", .bool(false), &scanner)
    case UInt8(ascii: "n"): return try word("null", .null, &scanner)
    default: return .number(try number(&scanner))
    }
  }

  private static func word(
    _ word: String, _ value: JSON, _ scanner: inout JSONScanner
  ) throws(DataError) -> JSON {
    guard scanner.bytes[scanner.position...].starts(with: word.utf8) else {
      throw scanner.failure("there is no value here")
    }
    scanner.position += word.utf8.count
    return value
  }

  private static func number(_ scanner: inout JSONScanner) throws(DataError) -> Double {
    let start = scanner.position
    while let byte = scanner.next,
      UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || "+-.eE".utf8.contains(byte)
    {
      scanner.position += 1
    }
    let text = String(decoding: scanner.bytes[start..<scanner.position], as: UTF8.self)
    guard !text.isEmpty, let number = Double(text) else {
      let isOver = start == scanner.bytes.endIndex
      throw scanner.failure(isOver ? "the file ends" : "there is no value here", at: start)
    }
    return number
  }
}
