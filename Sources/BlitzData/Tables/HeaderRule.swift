/// Decides by all rows whether the first one holds names or data.
///
/// Each column speaks for names if its first cell is of another kind than the rest: text over
/// numbers, a word that none of few categories is, a whole number over numbers that all have
/// decimals, or one far from all of them. It speaks for data if the cell is of the same kind. Names
/// need as many columns for them as against. A row 0, 1, 2 and so on is what pandas writes for
/// columns without names.
struct HeaderRule {
  /// The first row's cells as they are written.
  let spelled: [String]
  /// The first row as data; nil if it is too short for that.
  let first: TableRows?
  let rest: [TableRows]

  var isHeader: Bool {
    guard let first else { return true }
    let rowCount = rest.reduce(0) { $0 + $1.count }
    if rowCount == 0 {
      return first.kinds.contains(.text) && first.kinds.allSatisfy { $0.isDisjoint(with: .number) }
    }
    if countsUp { return true }
    let areDistinct = Set(spelled).count == spelled.count
    var (names, data) = (0, 0)
    for column in spelled.indices {
      switch opinion(column, first, rowCount: rowCount, areDistinct: areDistinct) {
      case true: names += 1
      case false: data += 1
      case nil: break
      }
    }
    return names > 0 && names >= data
  }

  /// Whether the cells are 0, 1, 2 and so on, perhaps behind an empty one.
  private var countsUp: Bool {
    let numbers = spelled.first == "" ? spelled.dropFirst() : spelled[...]
    return spelled.count >= 3 && numbers.enumerated().allSatisfy { $1 == "\($0)" }
  }

  /// Whether a column speaks for names (true) or data (false).
  private func opinion(
    _ column: Int, _ first: TableRows, rowCount: Int, areDistinct: Bool
  ) -> Bool? {
    let kinds = rest.reduce(into: CellKinds()) { $0.formUnion($1.kinds[column]) }
    let cell = first.cells[column]
    if first.kinds[column] == .missing {
      // An index has no name.
      return column == 0 && kinds == .whole && spelled[0].isEmpty ? true : nil
    }
    if kinds.isDisjoint(with: .text), !kinds.isDisjoint(with: .number) {
      if first.kinds[column] == .text { return true }
      guard first.kinds[column] == .whole, rowCount >= 3, areDistinct else { return false }
      return kinds.subtracting(.missing) == .decimal || isFar(cell, column)
    }
    guard kinds.contains(.text), first.kinds[column] == .text else { return nil }
    var words: Set<String> = []
    for part in rest {
      for row in 0..<part.count {
        guard let place = TableCell.place(part.cells[row * part.width + column]), place >= 0 else {
          continue
        }
        words.insert(part.texts[place])
        // Texts of all kinds tell nothing.
        if words.count > 100 { return nil }
      }
    }
    if words.contains(spelled[column]) { return false }
    return words.count <= max(rowCount / 2, 1) ? true : nil
  }

  /// Whether a number is more than ten times as far from the others as they are from each other.
  private func isFar(_ number: Double, _ column: Int) -> Bool {
    var (low, high) = (Double.infinity, -Double.infinity)
    for part in rest {
      for row in 0..<part.count {
        let cell = part.cells[row * part.width + column]
        if cell < low { low = cell }
        if cell > high { high = cell }
      }
    }
    let distance = max(low - number, number - high)
    return distance > 10 * max(high - low, 1)
  }
}
