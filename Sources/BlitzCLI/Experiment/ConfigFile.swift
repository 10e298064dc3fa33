import BlitzData
import BlitzNN

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Settings as JSON: an object whose keys are the options' long names.
///
///     {"data": "fashion-mnist", "model": "conv", "rate": 0.001, "hidden": [256, 128]}
enum ConfigFile {
  /// Reads the choices in a file.
  ///
  /// - Throws: `DataError` if it cannot be read; `RunFailure` for text that is not a JSON object, a
  ///   key that is no option, or a value that the option does not take.
  static func read(_ path: String) throws -> Choices {
    let data = Data(try File.read(path))
    let loose: [String: LooseValue]
    do {
      loose = try JSONDecoder().decode([String: LooseValue].self, from: data)
    } catch {
      throw RunFailure.argument(
        "\(path): is not a JSON object, {\"data\": \"digits\", \"rate\": 0.05, ...}")
    }
    let keys = Choices.CodingKeys.allCases.map(\.rawValue)
    for key in loose.keys.sorted() where !keys.contains(key) {
      let hint =
        key.nearest(in: keys).map { "did you mean \"\($0)\"?" }
        ?? "the options are \(keys.joined(separator: ", "))"
      throw RunFailure.argument("\(path): there is no option \(JSONText.quoted(key)); \(hint)")
    }
    // A decoder's own error about a fraction does not name the key.
    for key in [Choices.CodingKeys.hidden, .accumulate, .batch, .epochs, .seed] {
      guard let value = loose[key.rawValue], value.hasFraction else { continue }
      throw RunFailure.argument(
        "\(path): \"\(key.rawValue)\" is \(value.text); it takes \(key.takes)")
    }
    do {
      return try JSONDecoder().decode(Choices.self, from: data)
    } catch let error as DecodingError {
      guard let name = key(of: error), let key = Choices.CodingKeys(rawValue: name) else {
        throw RunFailure.argument("\(path): cannot be understood: \(error)")
      }
      throw RunFailure.argument(
        "\(path): \"\(name)\" is \(loose[name]?.text ?? "missing"); it takes \(key.takes)")
    }
  }

  /// Settings as a file holds them, which `read(_:)` reads.
  static func text(_ settings: Choices) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(settings), as: UTF8.self) + "\n"
  }

  /// Each setting that has a value and its text, in the order in which they are told.
  static func entries(_ settings: Choices) throws -> [(name: String, value: String)] {
    let values = try JSONDecoder().decode(
      [String: LooseValue].self, from: JSONEncoder().encode(settings))
    return Choices.CodingKeys.allCases.compactMap { key in
      values[key.rawValue].map { (key.rawValue, $0.plain) }
    }
  }

  private static func key(of error: DecodingError) -> String? {
    switch error {
    case .typeMismatch(_, let context), .valueNotFound(_, let context),
      .keyNotFound(_, let context), .dataCorrupted(let context):
      context.codingPath.first?.stringValue
    @unknown default: nil
    }
  }
}

/// Any value of JSON, as messages show it.
private struct LooseValue: Decodable {
  /// As it stands in the file.
  let text: String
  /// Without quotes.
  let plain: String
  /// Whether it is a number that is not whole, or too large to be one, or a list with one.
  var hasFraction = false

  init(from decoder: any Decoder) throws {
    if let container = try? decoder.singleValueContainer() {
      if let value = try? container.decode(Bool.self) {
        (text, plain) = ("\(value)", "\(value)")
        return
      }
      if let value = try? container.decode(UInt64.self) {
        (text, plain) = ("\(value)", "\(value)")
        return
      }
      if let value = try? container.decode(Int.self) {
        (text, plain) = ("\(value)", "\(value)")
        return
      }
      if let value = try? container.decode(Double.self) {
        (text, plain) = ("\(value)", "\(value)")
        hasFraction = true
        return
      }
      if let value = try? container.decode(String.self) {
        (text, plain) = (JSONText.quoted(value), value)
        return
      }
      if let values = try? container.decode([LooseValue].self) {
        text = "[\(values.map(\.text).joined(separator: ", "))]"
        plain = values.map(\.plain).joined(separator: ",")
        hasFraction = values.contains(where: \.hasFraction)
        return
      }
      if container.decodeNil() {
        (text, plain) = ("null", "")
        return
      }
    }
    (text, plain) = ("an object", "an object")
  }
}
