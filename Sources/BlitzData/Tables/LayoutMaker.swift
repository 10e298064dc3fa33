/// Decides what a table's columns are: an index, inputs, the label.
struct LayoutMaker {
  private(set) var table: RawTable
  private let options: CSV.Options
  /// What was decided, a line each.
  private(set) var notes: [String] = []

  /// More categories than this tell rows apart rather than kinds of them.
  private static let mostCategories = 100
  private static let mostClasses = 1000

  init(_ table: RawTable, _ options: CSV.Options) {
    self.table = table
    self.options = options
    if let note = table.headerNote { notes.append(note) }
    if let note = table.scanner.dialect.note { notes.append(note) }
  }

  /// The layout of the table, whose rows are read again if some columns turn out to be texts.
  mutating func layout() throws(DataError) -> CSV.Layout {
    guard table.width >= 2 else {
      throw DataError(
        path: table.scanner.path, reason: "has 1 column; two are needed: features and a label")
    }
    var places = Array(0..<table.width)
    let asked = try options.label.map { name throws(DataError) in try place(of: name) }
    leaveOut(&places, except: asked)
    guard let label = asked ?? places.last, places.count >= 2 else {
      throw DataError(
        path: table.scanner.path, reason: "has no column besides the label to learn from")
    }
    places.removeAll { $0 == label }
    try rereadMixed(places + [label])
    var columns: [CSV.Layout.Column] = []
    for place in places {
      if let column = try column(place) { columns.append(column) }
    }
    guard !columns.isEmpty else {
      throw DataError(
        path: table.scanner.path,
        reason: "has no column to learn from besides \(table.title(label)), the label")
    }
    return CSV.Layout(
      columns: columns, label: try self.label(label), fileWidth: table.width,
      isNamed: table.names != nil, missing: options.missing)
  }

  /// The column that an option names.
  private func place(of name: String) throws(DataError) -> Int {
    if let place = table.names?.firstIndex(of: name) { return place }
    if let number = Int(name), 1...table.width ~= number { return number - 1 }
    let names = (table.names ?? []).filter { !$0.isEmpty }.prefix(20)
    throw DataError(
      path: table.scanner.path,
      reason: "there is no column \"\(DataError.excerpt(name.utf8))\" for the label; "
        + (names.isEmpty
          ? "the columns have no names, only numbers from 1 to \(table.width)"
          : "its columns are \(names.map { DataError.excerpt($0.utf8) }.joined(separator: ", "))"))
  }

  /// Takes out columns that are empty, and an index.
  private mutating func leaveOut(_ places: inout [Int], except label: Int?) {
    places.removeAll { place in
      place != label && table.kinds(place).subtracting(.missing).isEmpty
    }
    let empty = (0..<table.width).filter { !places.contains($0) }.map { table.title($0) }
    if !empty.isEmpty { notes.append("left out: \(empty.joined(separator: ", ")), without values") }
    guard let first = places.first, first != label, places.count > 2, let index = indexNote(first)
    else { return }
    places.removeFirst()
    notes.append("left out: \(index)")
  }

  /// Why a column is an index, if it is one: without a name among names, each row another value;
  /// called as indices are, or the first of columns without names, and counting up by one.
  private func indexNote(_ place: Int) -> String? {
    let isNameless =
      table.names.map { $0[place].isEmpty || $0[place].hasPrefix("Unnamed: ") } ?? false
    var isCounting = table.kinds(place) == .whole
    var (previous, start) = (Double.nan, 0.0)
    var values: Set<UInt64> = []
    var texts: Set<String> = []
    table.forEachCell(place) { cell, part in
      if previous.isNaN { start = cell } else if cell != previous + 1 { isCounting = false }
      // Beyond, numbers are not one apart.
      if abs(cell) > 0x1p53 { isCounting = false }
      previous = cell
      if let text = TableCell.place(cell), text >= 0 {
        texts.insert(part.texts[text])
      } else if isNameless {
        values.insert(cell.bitPattern)
      }
      return isCounting || isNameless
    }
    guard let name = table.names?[place] else {
      guard isCounting, start == 0 || start == 1, table.rowCount >= 10 else { return nil }
      return "column \(place + 1), an index: it counts up from \(Int(start))"
    }
    if isNameless {
      let isIndex = table.kinds(place) == .whole || table.kinds(place) == .text
      guard isIndex, values.count + texts.count == table.rowCount else { return nil }
      let reason = isCounting ? "counts up from \(Int(start))" : "differs in every row"
      return "column \(place + 1), an index: it has no name and \(reason)"
    }
    let names = ["id", "index", "row", "rowid", "row_id", "rownames", "no", "nr"]
    guard isCounting, names.contains(name.lowercased()) else { return nil }
    return "\(table.title(place)), an index: it counts up from \(Int(start))"
  }

  /// Reads columns of texts with a few numbers among them as texts.
  private mutating func rereadMixed(_ places: [Int]) throws(DataError) {
    var isMixed = [Bool](repeating: false, count: table.width)
    for place in places {
      let kinds = table.kinds(place)
      guard kinds.contains(.text), !kinds.isDisjoint(with: [.number, .infinite]) else { continue }
      var (numbers, texts) = (0, 0)
      var first: DataError?
      try table.forEach(place) { cell, part, row throws(DataError) in
        guard let text = TableCell.place(cell) else {
          numbers += 1
          return true
        }
        guard text >= 0 else { return true }
        texts += 1
        if first == nil {
          let cell = table.spelling(part, row: row, column: place)
          first = table.error(
            part, row: row, column: place,
            "\(cell) is not a number, as most cells of the column are")
        }
        return true
      }
      if let first, numbers > texts { throw first }
      isMixed[place] = true
    }
    if isMixed.contains(true) { try table.reread(texts: isMixed) }
  }

  /// What a column of inputs holds; nil if it is to be left out.
  private mutating func column(_ place: Int) throws(DataError) -> CSV.Layout.Column? {
    var column = CSV.Layout.Column(
      name: table.names?[place] ?? "", place: place, kind: .number)
    guard table.kinds(place).contains(.text) else { return column }
    let words = table.words(place, most: max(LayoutMaker.mostCategories, 2) + 1)
    if words.allSatisfy({ CSV.truth($0) != nil }) {
      column.kind = .boolean
      return column
    }
    if words.count > LayoutMaker.mostCategories
      || (words.count > 10 && 2 * words.count > table.rowCount)
    {
      let count = words.count > LayoutMaker.mostCategories ? "more than 100" : "\(words.count)"
      notes.append("left out: \(table.title(place)), \(count) different texts")
      return nil
    }
    column.kind = .categories(words)
    notes.append("one input for each \(table.title(place)): \(CSV.list(words))")
    return column
  }

  private mutating func label(_ place: Int) throws(DataError) -> CSV.Layout.Label {
    var label = CSV.Layout.Label(
      name: table.names?[place] ?? "", place: place, classNames: [],
      isText: table.kinds(place).contains(.text))
    let title = table.title(place)
    if options.labelIsNumber {
      try refuseTexts(place, "the label is to be a number")
      notes.append("label: \(title), a number")
      return label
    }
    label.classNames =
      label.isText
      ? table.words(place, most: LayoutMaker.mostClasses + 1) : try numberClasses(place)
    let count = label.classNames.count
    let isMany = count > LayoutMaker.mostClasses || (count > 20 && 5 * count > table.rowCount)
    guard !isMany else {
      let number = count > LayoutMaker.mostClasses ? "more than \(count - 1)" : "\(count)"
      throw DataError(
        path: table.scanner.path,
        reason: "the label \(title) has \(number) different values in \(table.rowCount) rows; "
          + (label.isText
            ? "name another column with --label" : "learn it as a number with --loss mse")
          + (label.isText ? "" : ", or name another column with --label"))
    }
    guard count >= 2 else {
      throw DataError(
        path: table.scanner.path,
        reason: "every label is \(label.classNames.first ?? "missing") (\(title)); at least two "
          + "classes are needed, or another column with --label")
    }
    notes.append("label: \(title), \(count) classes: \(CSV.list(label.classNames))")
    return label
  }

  /// The whole numbers of a label, rising.
  private func numberClasses(_ place: Int) throws(DataError) -> [String] {
    var numbers: Set<Double> = []
    var last = Double.nan
    try table.forEach(place) { cell, part, row throws(DataError) in
      if cell == last || cell.isNaN { return true }
      last = cell
      guard cell == cell.rounded(), abs(cell) <= 0x1p53 else {
        let text = table.spelling(part, row: row, column: place)
        throw table.error(
          part, row: row, column: place,
          "the label is \(text), not a whole number or a text that could be a class; "
            + "learn it as a number with --loss mse")
      }
      numbers.insert(cell)
      return numbers.count <= LayoutMaker.mostClasses
    }
    return numbers.sorted().map(CSV.className)
  }

  private func refuseTexts(_ place: Int, _ rule: String) throws(DataError) {
    guard table.kinds(place).contains(.text) else { return }
    try table.forEach(place) { cell, part, row throws(DataError) in
      guard let text = TableCell.place(cell), text >= 0 else { return true }
      throw table.error(
        part, row: row, column: place,
        "\(rule), but it is \"\(DataError.excerpt(part.texts[text].utf8))\"")
    }
  }
}

extension RawTable {
  /// `forEach` for bodies that do not throw.
  func forEachCell(_ column: Int, _ body: (Double, TableRows) -> Bool) {
    for part in parts {
      for row in 0..<part.count where !body(part.cells[row * width + column], part) { return }
    }
  }

  /// The different texts of a column in order, the first so many that were found.
  func words(_ column: Int, most: Int) -> [String] {
    var words: Set<String> = []
    forEachCell(column) { cell, part in
      if let place = TableCell.place(cell), place >= 0 {
        words.insert(part.texts[place])
      }
      return words.count < most
    }
    // True and false in any capitals are one class each.
    if !words.isEmpty, words.allSatisfy({ CSV.truth($0) != nil }) {
      return Set(words.map { $0.lowercased() }).sorted()
    }
    return words.sorted()
  }
}

extension CSV {
  /// What a text says that means true or false.
  static func truth(_ text: String) -> Bool? {
    guard text.utf8.count <= 5 else { return nil }
    return switch text.lowercased() {
    case "true": true
    case "false": false
    default: nil
    }
  }

  /// What a class is called that is a whole number.
  static func className(_ number: Double) -> String {
    abs(number) <= 0x1p53 && number == number.rounded() ? "\(Int(number))" : "\(number)"
  }

  /// The first names of a list.
  static func list(_ names: [String], limit: Int = 12) -> String {
    let shown = names.prefix(limit).map { DataError.excerpt($0.utf8) }.joined(separator: ", ")
    return names.count > limit ? "\(shown), ..." : shown
  }
}
