/// Walks over the bytes of a CSV file, cell by cell.
///
/// It never makes a `Character`: bytes are what keeps it near the speed of a disk. The bytes must
/// outlive it.
struct CSVScanner {
  /// What the first row told.
  struct Header {
    /// Columns' names, if the first row is text.
    var names: [String]?
    /// How many cells the first row has, as every row must.
    var width: Int
    /// The line of the file that the first row is on, from 1.
    var row: Int
  }

  private let bytes: UnsafeBufferPointer<UInt8>
  private let path: String
  private var position = 0
  private var line = 1
  private var separator = UInt8(ascii: ",")
  /// The cell read last, without quotes and the spaces around it.
  private var cell = 0..<0

  init(bytes: UnsafeBufferPointer<UInt8>, path: String) {
    self.bytes = bytes
    self.path = path
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  /// An error at a place in the file.
  func error(_ row: Int, _ column: Int, _ reason: String) -> DataError {
    DataError(path: path, reason: "row \(row), column \(column): \(reason)")
  }

  /// The cell read last, in quotes and short enough for a message.
  var cellText: String { "\"\(DataError.excerpt(bytes[cell]))\"" }

  /// Reads the first row: chooses the separator, counts the columns and takes their names.
  ///
  /// - Returns: nil if the file has nothing but blank lines. Numbers are not consumed.
  mutating func header() throws(DataError) -> Header? {
    guard let row = nextRow() else { return nil }
    separator = chooseSeparator()
    let start = (position, line)
    var names: [String] = []
    var isText = false
    repeat {
      try nextCell(row: row, column: names.count + 1)
      names.append(String(decoding: bytes[cell], as: UTF8.self))
      if !cell.isEmpty && CSVNumber.parse(bytes[cell]) == nil { isText = true }
    } while skipSeparator()
    if !isText { (position, line) = start }
    return Header(names: isText ? names : nil, width: names.count, row: row)
  }

  /// Goes to the next line that is not blank.
  ///
  /// - Returns: its number in the file, from 1; nil at the end of the file.
  mutating func nextRow() -> Int? {
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\r"): position += 1
      case UInt8(ascii: "\n"):
        position += 1
        line += 1
      case UInt8(ascii: " "), UInt8(ascii: "\t"):
        // A line of spaces is blank; spaces before a cell, or a tab that separates, are not.
        let start = position
        while position < bytes.count, CSVScanner.isSpace(bytes[position]) { position += 1 }
        if position < bytes.count, !isLineEnd(position) {
          position = start
          return line
        }
      default: return line
      }
    }
    return nil
  }

  /// The number in the next cell of a row.
  mutating func number(row: Int, column: Int, of header: Header) throws(DataError) -> Double {
    if column > 1 && !skipSeparator() { throw ragged(row, found: column - 1, header) }
    // Nearly every cell is a number that ends where the cell ends.
    if let (value, end) = CSVNumber.prefix(of: bytes, from: position), value.isFinite,
      end == bytes.count || bytes[end] == separator || isLineEnd(end)
    {
      cell = position..<end
      position = end
      return value
    }
    try nextCell(row: row, column: column)
    guard let value = CSVNumber.parse(bytes[cell]) else {
      throw error(
        row, column,
        cell.isEmpty ? "the cell is empty; a number belongs here" : "\(cellText) is not a number")
    }
    guard value.isFinite else { throw error(row, column, "\(cellText) is not a finite number") }
    return value
  }

  /// Checks that the row has no more cells.
  mutating func endRow(_ row: Int, of header: Header) throws(DataError) {
    guard position < bytes.count && !isLineEnd(position) else { return }
    var found = header.width
    while skipSeparator() {
      found += 1
      try nextCell(row: row, column: found)
    }
    throw ragged(row, found: found, header)
  }

  private func ragged(_ row: Int, found: Int, _ header: Header) -> DataError {
    DataError(
      path: path,
      reason: "row \(row) has \(found) \(found == 1 ? "column" : "columns"), "
        + "row \(header.row) has \(header.width); every row needs as many")
  }

  // MARK: - Cells

  /// Reads the cell at the position and stops at the separator or line end after it.
  private mutating func nextCell(row: Int, column: Int) throws(DataError) {
    skipSpaces()
    if position < bytes.count && bytes[position] == UInt8(ascii: "\"") {
      position += 1
      let start = position
      // A doubled quote is a quote in the text; numbers have none, names keep both.
      while position < bytes.count {
        if bytes[position] == UInt8(ascii: "\"") {
          if position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "\"") {
            position += 1
          } else {
            break
          }
        } else if bytes[position] == UInt8(ascii: "\n") {
          line += 1
        }
        position += 1
      }
      guard position < bytes.count else { throw error(row, column, "the quote is never closed") }
      cell = trimmed(start..<position)
      position += 1
      skipSpaces()
      if position < bytes.count, bytes[position] != separator, !isLineEnd(position) {
        throw error(row, column, "text follows the closing quote of \(cellText)")
      }
      return
    }
    let start = position
    while position < bytes.count, bytes[position] != separator, !isLineEnd(position) {
      position += 1
    }
    cell = trimmed(start..<position)
  }

  private mutating func skipSeparator() -> Bool {
    guard position < bytes.count, bytes[position] == separator else { return false }
    position += 1
    return true
  }

  private mutating func skipSpaces() {
    while position < bytes.count, bytes[position] != separator, CSVScanner.isSpace(bytes[position])
    {
      position += 1
    }
  }

  private func trimmed(_ range: Range<Int>) -> Range<Int> {
    var range = range
    while let last = range.last, CSVScanner.isSpace(bytes[last]) {
      range = range.lowerBound..<last
    }
    while let first = range.first, CSVScanner.isSpace(bytes[first]) {
      range = first + 1..<range.upperBound
    }
    return range
  }

  private func isLineEnd(_ index: Int) -> Bool {
    bytes[index] == UInt8(ascii: "\n") || bytes[index] == UInt8(ascii: "\r")
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
  }

  /// The separator of the line at the position: a semicolon or tab if there is one outside quotes,
  /// since commas are found in text and in decimals too.
  private func chooseSeparator() -> UInt8 {
    var quoted = false
    for index in position..<bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "\""): quoted.toggle()
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
        if !quoted { return UInt8(ascii: ",") }
      case UInt8(ascii: ";"), UInt8(ascii: "\t"):
        if !quoted { return bytes[index] }
      default: break
      }
    }
    return UInt8(ascii: ",")
  }
}
