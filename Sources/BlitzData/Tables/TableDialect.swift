/// How the cells of a table are written.
struct TableDialect: Equatable, Sendable {
  /// What stands between cells; a space is any run of spaces and tabs.
  var separator = UInt8(ascii: ",")
  /// What stands before decimals.
  var point = UInt8(ascii: ".")

  var isSpaced: Bool { separator == UInt8(ascii: " ") }

  /// The dialect in which the first rows have most numbers, among those that give most of them as
  /// many cells.
  init(of text: UnsafeBufferPointer<UInt8>, from start: Int, path: String) {
    var best = (score: -1, dialect: TableDialect())
    // Of equals the first: commas are found in texts and in decimals too.
    for separator in "\t;|, ".utf8 {
      for point in separator == UInt8(ascii: ",") ? ".".utf8 : ".,".utf8 {
        let dialect = TableDialect(separator: separator, point: point)
        let score = dialect.score(text, from: start, path: path)
        if score > best.score { best = (score, dialect) }
      }
    }
    self = best.score > 0 ? best.dialect : TableDialect()
  }

  init(separator: UInt8 = UInt8(ascii: ","), point: UInt8 = UInt8(ascii: ".")) {
    self.separator = separator
    self.point = point
  }

  /// Rows of the width that most rows have, and the numbers in them; 0 if that width is 1.
  private func score(_ text: UnsafeBufferPointer<UInt8>, from start: Int, path: String) -> Int {
    var scanner = RowScanner(text, path: path, dialect: self, position: start)
    var scores: [Int: Int] = [:]
    var sizes: [Int: Int] = [:]
    var rows = 0
    while rows < 100, scanner.nextRow() {
      guard let (width, numbers) = try? scanner.skipRow() else { break }
      scores[width, default: 0] += 1 + numbers
      sizes[width, default: 0] += 1
      rows += 1
    }
    let width = sizes.max { ($0.value, $0.key) < ($1.value, $1.key) }?.key ?? 1
    return width > 1 ? scores[width] ?? 0 : 0
  }

  /// In words, if it is not commas and points.
  var note: String? {
    let separators: [UInt8: String] = [
      UInt8(ascii: "\t"): "tabs", UInt8(ascii: ";"): "semicolons", UInt8(ascii: "|"): "bars",
      UInt8(ascii: " "): "spaces",
    ]
    let parts = [
      separators[separator].map { "cells are separated by \($0)" },
      point == UInt8(ascii: ",") ? "decimals are written with a comma" : nil,
    ].compactMap(\.self)
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }
}
