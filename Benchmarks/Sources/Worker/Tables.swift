import Blitz

extension Worker {
  /// What reads a table: "table PATH"; nil for another row.
  static func table(named name: String) -> (@Sendable () throws -> Row)? {
    guard name.hasPrefix("table ") else { return nil }
    let path = String(name.dropFirst("table ".count))
    let options = CSV.Options(labelIsNumber: true)
    return { { try median(of: 1) { _ = try CSV(path: path, options: options) } } }
  }
}
