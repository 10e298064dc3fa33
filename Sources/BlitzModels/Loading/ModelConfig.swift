import BlitzData

/// The sizes of a network in Hugging Face's `config.json`.
struct ModelConfig {
  private let json: JSON
  private let path: String

  /// Reads the file.
  ///
  /// - Throws: `DataError` if there is none, or it is of another kind of network.
  init(_ files: ModelFiles, kind: String) throws(DataError) {
    guard let json = try files.json("config.json") else {
      throw DataError(
        path: files.path, reason: "there is no config.json, which says the network's sizes")
    }
    (self.json, path) = (json, files.place("config.json"))
    if let found = json["model_type"]?.string, found != kind {
      throw DataError(
        path: path,
        reason: "model_type is \(JSONText.quoted(found)), and this network reads "
          + "\(JSONText.quoted(kind))")
    }
  }

  /// A size, 1 or more.
  func int(_ name: String) throws(DataError) -> Int {
    guard let value = json[name] else {
      throw DataError(path: path, reason: "there is no \(name)")
    }
    guard let number = value.int, 1...(1 << 31) ~= number else {
      throw DataError(path: path, reason: "\(name) is \(value.text), and must be 1 or more")
    }
    return number
  }

  /// A number.
  func double(_ name: String, default: Double) throws(DataError) -> Double {
    guard let value = json[name] else { return `default` }
    guard let number = value.double else {
      throw DataError(path: path, reason: "\(name) is \(value.text), and must be a number")
    }
    return number
  }

  /// Finds out whether a setting that may be left out is the one that the network has.
  func require(_ name: String, _ expected: String...) throws(DataError) {
    guard let value = json[name]?.string, !expected.contains(value) else { return }
    throw DataError(
      path: path,
      reason: "\(name) is \(JSONText.quoted(value)), and this network has "
        + expected.map(JSONText.quoted).joined(separator: " or "))
  }
}

extension JSON {
  /// The value in few words, for messages.
  var text: String {
    switch self {
    case .null: "null"
    case .bool(let value): "\(value)"
    case .number(let number): Int(exactly: number).map { "\($0)" } ?? "\(number)"
    case .string(let text): JSONText.quoted(String(text.prefix(40)))
    case .array: "a list"
    case .object: "an object"
    }
  }
}
