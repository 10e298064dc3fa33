/// What is wrong with a file, in one line: the file, the place in it, the values, and what to do.
///
///     iris.csv: row 7, column 2: "n/a" where a number belongs
public struct DataError: Error, CustomStringConvertible, Equatable, Sendable {
  /// The path of the file, as the caller wrote it.
  public let path: String
  /// What is wrong with it, without the file's name.
  public let reason: String

  /// Makes an error about the file at `path`.
  public init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }

  /// The file and the reason on one line.
  public var description: String { "\(DataError.excerpt(path.utf8, limit: 200)): \(reason)" }

  /// Bytes of a file as text that fits on a line: control characters escaped, long text cut.
  static func excerpt(_ bytes: some Sequence<UInt8>, limit: Int = 40) -> String {
    var text = ""
    for (count, scalar) in String(decoding: Array(bytes), as: UTF8.self).unicodeScalars.enumerated()
    {
      if count == limit { return text + "..." }
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator, .format:
        text += scalar.escaped(asASCII: true)
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}
