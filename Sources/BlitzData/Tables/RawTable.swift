/// A table as it stands in its file: columns, perhaps with names, and rows in parts.
struct RawTable {
  /// Before the first row; it finds cells again, for messages.
  let scanner: RowScanner
  /// The columns' names, no two the same; "" for a column without one. Nil if the file has none.
  let names: [String]?
  /// What the first row was taken for, if the rows had to decide.
  let headerNote: String?
  private(set) var parts: [TableRows]
  let width: Int
  private let firstRow: Int
  private let dataStart: Int

  var rowCount: Int { parts.reduce(0) { $0 + $1.count } }

  /// Reads a table.
  ///
  /// - Parameters:
  ///   - hasHeader: whether the first row holds names; nil if the rows are to decide.
  ///   - known: names that tell a first row which has them all.
  init(
    _ text: UnsafeBufferPointer<UInt8>, from start: Int, path: String, hasHeader: Bool?,
    known: [String] = []
  ) throws(DataError) {
    let dialect = TableDialect(of: text, from: start, path: path)
    scanner = RowScanner(text, path: path, dialect: dialect, position: start)
    var rest = scanner
    guard rest.nextRow() else {
      throw DataError(path: path, reason: "is empty; a row per example is needed")
    }
    firstRow = rest.position
    let before = rest
    var cells: [String] = []
    repeat {
      let (range, isEscaped) = try rest.content(rowAt: firstRow, column: cells.count)
      cells.append(rest.string(range, isEscaped: isEscaped))
    } while rest.skipSeparator()
    // R and pandas leave out the name of the rows' own names.
    let isShort = hasHeader != false && RawTable.isOneLonger(rest, than: cells)
    if isShort { cells.insert("", at: 0) }
    width = cells.count
    let texts = [Bool](repeating: false, count: width)
    parts = try TableRows.parts(rest, width: width, firstRow: firstRow, texts: texts)
    var scanner = before
    let first =
      isShort
      ? nil
      : try TableRows(
        &scanner, width: width, firstRow: firstRow, texts: texts, limit: .max, mostRows: 1)
    let isKnown = !known.isEmpty && Set(known).isSubset(of: cells)
    let isHeader =
      hasHeader
      ?? (isShort || isKnown || HeaderRule(spelled: cells, first: first, rest: parts).isHeader)
    dataStart = isHeader ? rest.position : firstRow
    if let first, !isHeader { parts.insert(first, at: 0) }
    names = isHeader ? RawTable.unique(cells) : nil
    headerNote =
      hasHeader == nil
      ? isHeader
        ? "the first row holds the columns' names (--header no takes it as data)"
        : "the first row is data, the columns have no names (--header yes takes it as names)"
      : nil
    parts.removeAll { $0.count == 0 }
    if parts.isEmpty {
      throw DataError(path: path, reason: "has column names but no rows of numbers")
    }
  }

  /// Reads the rows again, with all cells of some columns as text.
  mutating func reread(texts: [Bool]) throws(DataError) {
    var start = scanner
    start.position = dataStart
    parts = try TableRows.parts(start, width: width, firstRow: firstRow, texts: texts)
    parts.removeAll { $0.count == 0 }
  }

  /// What a column is called in messages: its name, or its place from 1.
  func title(_ column: Int) -> String {
    let name = names?[column] ?? ""
    return name.isEmpty ? "column \(column + 1)" : DataError.excerpt(name.utf8)
  }

  /// What a column holds.
  func kinds(_ column: Int) -> CellKinds {
    parts.reduce(into: []) { $0.formUnion($1.kinds[column]) }
  }

  /// Calls `body` with each cell of a column, its part and its row in the part, until it says
  /// false.
  func forEach(_ column: Int, _ body: (Double, TableRows, Int) throws(DataError) -> Bool)
    throws(DataError)
  {
    for part in parts {
      for row in 0..<part.count {
        guard try body(part.cells[row * width + column], part, row) else { return }
      }
    }
  }

  /// An error about a cell.
  func error(_ part: TableRows, row: Int, column: Int, _ reason: String) -> DataError {
    scanner.error(
      rowAt: part.starts[row], column: column, name: names?[column] ?? "", reason)
  }

  /// A cell as it is written, in quotes.
  func spelling(_ part: TableRows, row: Int, column: Int) -> String {
    scanner.spelling(rowAt: part.starts[row], column: column)
  }

  /// Whether the first row holds names and the next one cell more.
  private static func isOneLonger(_ scanner: RowScanner, than names: [String]) -> Bool {
    var next = scanner
    guard next.nextRow(), let (width, _) = try? next.skipRow(), width == names.count + 1 else {
      return false
    }
    return names.contains { !$0.isEmpty && Double($0) == nil }
  }

  /// The names; one that is there already gets a number, as pandas gives it.
  private static func unique(_ names: [String]) -> [String] {
    var taken = Set(names)
    var seen: Set<String> = []
    return names.map { name in
      if name.isEmpty || seen.insert(name).inserted { return name }
      var number = 1
      while !taken.insert("\(name).\(number)").inserted { number += 1 }
      return "\(name).\(number)"
    }
  }
}
