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
    let keys = TrainSettings.all.map(\.name)
    for key in loose.keys.sorted() where !keys.contains(key) {
      let meant = TrainSettings.name(alsoCalled: key) ?? key.nearest(in: keys)
      let hint =
        meant.map { "did you mean \"\($0)\"?" }
        ?? "the options are \(keys.joined(separator: ", "))"
      throw RunFailure.argument("\(path): there is no option \(JSONText.quoted(key)); \(hint)")
    }
    do {
      return try JSONDecoder().decode(StoredChoices.self, from: data).choices
    } catch let wrong as StoredChoices.WrongValue {
      throw RunFailure.argument(
        "\(path): \"\(wrong.setting.name)\" is \(loose[wrong.setting.name]?.text ?? "missing"); "
          + "it takes \(wrong.setting.takes)")
    }
  }

  /// Settings as a file holds them, which `read(_:)` reads.
  static func text(_ settings: Choices) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(settings), as: UTF8.self) + "\n"
  }
}

/// Choices as a file has them.
private struct StoredChoices: Decodable {
  private(set) var choices = Choices()

  /// A setting whose value is of another type.
  struct WrongValue: Error {
    let setting: any AnySetting
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: SettingName.self)
    for setting in TrainSettings.all {
      do {
        choices[setting.name] = try setting.fileValue(container)
      } catch {
        throw WrongValue(setting: setting)
      }
    }
  }
}

/// Any value of JSON, as it stands in the file.
private struct LooseValue: Decodable {
  let text: String

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    text =
      if let value = try? container.decode(Bool.self) {
        "\(value)"
      } else if let value = try? container.decode(UInt64.self) {
        "\(value)"
      } else if let value = try? container.decode(Int.self) {
        "\(value)"
      } else if let value = try? container.decode(Double.self) {
        "\(value)"
      } else if let value = try? container.decode(String.self) {
        JSONText.quoted(value)
      } else if let values = try? container.decode([LooseValue].self) {
        "[\(values.map(\.text).joined(separator: ", "))]"
      } else {
        container.decodeNil() ? "null" : "an object"
      }
  }
}
