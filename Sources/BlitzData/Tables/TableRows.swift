/// What was found in a column.
struct CellKinds: OptionSet, Sendable {
  let rawValue: UInt8
  /// Numbers written without a point or an exponent.
  static let whole = CellKinds(rawValue: 1)
  static let decimal = CellKinds(rawValue: 2)
  static let text = CellKinds(rawValue: 4)
  static let missing = CellKinds(rawValue: 8)
  static let infinite = CellKinds(rawValue: 16)
  static let number: CellKinds = [.whole, .decimal]
}

/// A cell in eight bytes: a number is itself, a missing value and a text are NaNs, whose bits say
/// which text it is.
enum TableCell {
  static let missing = Double(bitPattern: 0x7FF8_0000_0000_0000)

  static func text(_ place: Int) -> Double {
    Double(bitPattern: missing.bitPattern + 1 + UInt64(place))
  }

  /// The place of a text among its rows' texts; -1 for a missing value, nil for a number.
  @inline(__always)
  static func place(_ cell: Double) -> Int? {
    cell.isNaN ? Int(cell.bitPattern - missing.bitPattern) - 1 : nil
  }
}

/// Neighbouring rows of a table, as they were read.
struct TableRows: Sendable {
  let width: Int
  /// Row by row, as `TableCell` says.
  private(set) var cells: [Double] = []
  /// Where in the file each row starts.
  private(set) var starts: [Int] = []
  /// The texts that cells name.
  private(set) var texts: [String] = []
  /// What each column holds.
  private(set) var kinds: [CellKinds]
  private var places: [String: Int] = [:]

  var count: Int { starts.count }

  /// Reads rows from the scanner's position on.
  ///
  /// - Parameters:
  ///   - width: how many cells each has.
  ///   - firstRow: where the row starts that says so, for messages.
  ///   - texts: for each column, whether numbers are text, too.
  ///   - limit: only rows that start before it.
  ///   - mostRows: no more rows than that.
  init(
    _ scanner: inout RowScanner, width: Int, firstRow: Int, texts: [Bool], limit: Int,
    mostRows: Int = .max
  ) throws(DataError) {
    self.width = width
    kinds = Array(repeating: [], count: width)
    var row = [Double](repeating: 0, count: width)
    var plain = texts.contains(true) ? nil : PlainRows(width: width)
    while count < mostRows, scanner.nextRow(), scanner.position < limit {
      let start = scanner.position
      if plain?.read(from: &scanner, limit: limit, most: mostRows - count, kinds: &kinds) == true {
        append(plain!, start: start, end: scanner.position, limit: min(limit, scanner.bytes.count))
        continue
      }
      var (column, isEnd) = (0, false)
      while true {
        let first = column
        (column, isEnd) = row.withUnsafeMutableBufferPointer { row in
          kinds.withUnsafeMutableBufferPointer { kinds in
            texts.withUnsafeBufferPointer {
              scanner.plainNumbers(from: first, into: row, kinds: kinds, texts: $0)
            }
          }
        }
        if column == width { break }
        if isEnd {
          throw TableRows.ragged(scanner, start, found: column, width: width, firstRow: firstRow)
        }
        row[column] = try cell(&scanner, start, column, isText: texts[column])
        column += 1
        if column == width { break }
        guard scanner.skipSeparator() else {
          throw TableRows.ragged(scanner, start, found: column, width: width, firstRow: firstRow)
        }
      }
      guard scanner.skipRowEnd() else {
        var found = width
        while scanner.skipSeparator() {
          _ = try scanner.content(rowAt: start, column: found)
          found += 1
        }
        throw TableRows.ragged(scanner, start, found: found, width: width, firstRow: firstRow)
      }
      cells.append(contentsOf: row)
      starts.append(start)
    }
  }

  private mutating func append(_ plain: PlainRows, start: Int, end: Int, limit: Int) {
    if starts.isEmpty {
      // As long as these, and a little shorter.
      let estimate = (limit - start) / max((end - start) / plain.count, 1)
      starts.reserveCapacity(estimate + estimate / 64 + 1)
      cells.reserveCapacity((estimate + estimate / 64 + 1) * width)
    }
    cells.append(contentsOf: plain.cells[..<(plain.count * width)])
    for offset in plain.starts[..<plain.count] { starts.append(start + Int(offset)) }
  }

  private mutating func cell(
    _ scanner: inout RowScanner, _ start: Int, _ column: Int, isText: Bool
  ) throws(DataError) -> Double {
    switch try scanner.cell(rowAt: start, column: column, isText: isText) {
    case .number(let number, let isWhole):
      kinds[column].formUnion(isWhole ? .whole : .decimal)
      return number
    case .infinity:
      kinds[column].formUnion(.infinite)
      return .infinity
    case .missing:
      kinds[column].formUnion(.missing)
      return TableCell.missing
    case .text(let range, let isEscaped):
      kinds[column].formUnion(.text)
      let text = scanner.string(range, isEscaped: isEscaped)
      let place = places[text] ?? texts.count
      if place == texts.count {
        places[text] = place
        texts.append(text)
      }
      return TableCell.text(place)
    }
  }

  private static func ragged(
    _ scanner: RowScanner, _ start: Int, found: Int, width: Int, firstRow: Int
  ) -> DataError {
    DataError(
      path: scanner.path,
      reason: "row \(scanner.line(of: start)) has \(found) \(found == 1 ? "column" : "columns"), "
        + "row \(scanner.line(of: firstRow)) has \(width); every row needs as many")
  }
}
