import CKernels

/// Walks over the bytes of a table, cell by cell.
///
/// It never makes a `Character`: bytes are what keeps it near the speed of a disk. The bytes must
/// outlive it.
struct RowScanner {
  let bytes: UnsafeBufferPointer<UInt8>
  let path: String
  let dialect: TableDialect
  var position: Int

  /// What stands in a cell.
  enum Cell {
    case number(Double, isWhole: Bool)
    case infinity
    /// Nothing, or one of the words for it.
    case missing
    /// Text; a doubled quote in it is one if `isEscaped`.
    case text(Range<Int>, isEscaped: Bool)
  }

  init(
    _ bytes: UnsafeBufferPointer<UInt8>, path: String, dialect: TableDialect, position: Int
  ) {
    self.bytes = bytes
    self.path = path
    self.dialect = dialect
    self.position = position
  }

  // MARK: - Places

  /// The line that a place is on, counted from 1 at another place before it.
  func line(of place: Int, from start: Int = 0) -> Int {
    var line = 1
    for index in start..<max(start, min(place, bytes.count)) {
      if bytes[index] == UInt8(ascii: "\n") {
        line += 1
      } else if bytes[index] == UInt8(ascii: "\r"),
        index + 1 == bytes.count || bytes[index + 1] != UInt8(ascii: "\n")
      {
        line += 1
      }
    }
    return line
  }

  /// An error about a column of the row that starts at a place.
  func error(rowAt start: Int, column: Int, name: String = "", _ reason: String) -> DataError {
    let named = name.isEmpty ? "" : " (\(DataError.excerpt(name.utf8)))"
    return DataError(
      path: path, reason: "row \(line(of: start)), column \(column + 1)\(named): \(reason)")
  }

  /// A cell as it is written, in quotes and short enough for a message.
  func spelling(rowAt start: Int, column: Int) -> String {
    var scanner = self
    scanner.position = start
    var cell = 0..<0
    for index in 0...column {
      if index > 0 { _ = scanner.skipSeparator() }
      guard let content = try? scanner.content(rowAt: start, column: index) else { break }
      cell = content.range
    }
    return "\"\(DataError.excerpt(bytes[cell]))\""
  }

  // MARK: - Rows

  /// Goes to the next line that is neither blank nor a comment; false at the end of the file.
  mutating func nextRow() -> Bool {
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\r"), UInt8(ascii: "\n"): position += 1
      case UInt8(ascii: "#"): skipLine()
      case UInt8(ascii: " "), UInt8(ascii: "\t"):
        // A line of spaces is blank; spaces before a cell, or a tab that separates, are not.
        let start = position
        while position < bytes.count, RowScanner.isSpace(bytes[position]) { position += 1 }
        guard position < bytes.count, !isLineEnd(position) else { continue }
        if bytes[position] == UInt8(ascii: "#") {
          skipLine()
          continue
        }
        if !dialect.isSpaced { position = start }
        return true
      default: return true
      }
    }
    return false
  }

  /// Goes over the row at the position.
  ///
  /// - Returns: how many cells it has, and how many of them are numbers.
  mutating func skipRow() throws(DataError) -> (width: Int, numbers: Int) {
    let start = position
    var (width, numbers) = (0, 0)
    repeat {
      if case .number = try cell(rowAt: start, column: width) { numbers += 1 }
      width += 1
    } while skipSeparator()
    return (width, numbers)
  }

  /// Whether the row at the position ends here; spaces that end it are skipped.
  mutating func skipRowEnd() -> Bool {
    if dialect.isSpaced { skipSpaces() }
    return position == bytes.count || isLineEnd(position)
  }

  private mutating func skipLine() {
    while position < bytes.count, !isLineEnd(position) { position += 1 }
  }

  // MARK: - Cells

  /// Reads numbers as long as each ends where its cell ends, as nearly all do.
  ///
  /// - Parameters:
  ///   - column: the first cell's.
  ///   - row: takes the numbers, by column.
  ///   - kinds: what columns hold.
  ///   - texts: columns whose numbers are text.
  /// - Returns: the first column that was not read, and whether the row ends before it.
  mutating func plainNumbers(
    from column: Int, into row: UnsafeMutableBufferPointer<Double>,
    kinds: UnsafeMutableBufferPointer<CellKinds>, texts: UnsafeBufferPointer<Bool>
  ) -> (column: Int, isEnd: Bool) {
    guard let base = bytes.baseAddress, let row = row.baseAddress else { return (column, false) }
    var column = column
    var isWhole = false
    while !texts[column] {
      let length = blz_decimal(
        base + position, base + bytes.count, dialect.point, row + column, &isWhole)
      guard length > 0 else { return (column, false) }
      let end = position + length
      guard end == bytes.count || endsCell(base[end]) else { return (column, false) }
      position = end
      kinds[column].formUnion(isWhole ? .whole : .decimal)
      column += 1
      if column == texts.count || !skipSeparator() { return (column, true) }
    }
    return (column, false)
  }

  /// Reads the next cell and stops at the separator or line end after it.
  ///
  /// - Parameter isText: whether numbers are text, too.
  mutating func cell(
    rowAt start: Int, column: Int, isText: Bool = false
  ) throws(DataError) -> Cell {
    let content = try content(rowAt: start, column: column)
    if content.range.isEmpty { return .missing }
    let text = UnsafeBufferPointer(rebasing: bytes[content.range])
    let number = isText ? nil : RowScanner.number(text, point: dialect.point)
    if let number { return number }
    if RowScanner.isMissing(text) { return .missing }
    return .text(content.range, isEscaped: content.isEscaped)
  }

  /// The bytes of the next cell, without its quotes and the spaces around it.
  mutating func content(
    rowAt start: Int, column: Int
  ) throws(DataError) -> (range: Range<Int>, isEscaped: Bool) {
    skipSpaces()
    let first = position
    guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
      while position < bytes.count, !endsCell(bytes[position]) { position += 1 }
      return (trimmed(first..<position), false)
    }
    position += 1
    var isEscaped = false
    while position < bytes.count {
      if bytes[position] == UInt8(ascii: "\"") {
        guard position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "\"") else { break }
        isEscaped = true
        position += 1
      }
      position += 1
    }
    guard position < bytes.count else {
      throw error(rowAt: start, column: column, "the quote is never closed")
    }
    let range = trimmed(first + 1..<position)
    position += 1
    if !dialect.isSpaced { skipSpaces() }
    if position < bytes.count, !endsCell(bytes[position]) {
      let text = DataError.excerpt(bytes[range])
      throw error(
        rowAt: start, column: column, "text follows the closing quote of \"\(text)\"")
    }
    return (range, isEscaped)
  }

  /// Whether the row goes on; goes to its next cell.
  @inline(__always)
  mutating func skipSeparator() -> Bool {
    guard position < bytes.count else { return false }
    if dialect.isSpaced {
      skipSpaces()
      return position < bytes.count && !isLineEnd(position)
    }
    guard bytes[position] == dialect.separator else { return false }
    position += 1
    return true
  }

  private mutating func skipSpaces() {
    while position < bytes.count, RowScanner.isSpace(bytes[position]),
      dialect.isSpaced || bytes[position] != dialect.separator
    {
      position += 1
    }
  }

  private func trimmed(_ range: Range<Int>) -> Range<Int> {
    var range = range
    while let last = range.last, RowScanner.isSpace(bytes[last]) {
      range = range.lowerBound..<last
    }
    while let first = range.first, RowScanner.isSpace(bytes[first]) {
      range = first + 1..<range.upperBound
    }
    return range
  }

  @inline(__always)
  private func endsCell(_ byte: UInt8) -> Bool {
    byte == dialect.separator || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
      || (byte == UInt8(ascii: "\t") && dialect.isSpaced)
  }

  private func isLineEnd(_ index: Int) -> Bool {
    bytes[index] == UInt8(ascii: "\n") || bytes[index] == UInt8(ascii: "\r")
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
  }
}
