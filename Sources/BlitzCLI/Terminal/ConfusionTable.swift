import BlitzPlot

/// Which classes are taken for which, as lines of text: a row for each class that examples have, a
/// column for each that they were taken for.
struct ConfusionTable {
  let lines: [String]

  init(_ counts: [[Int]], _ classNames: [String]) {
    let names = counts.indices.map { classNames.indices.contains($0) ? classNames[$0] : "\($0)" }
    // Columns are headed by the classes' numbers, which stand before the rows' names too.
    let digits = String(max(counts.count - 1, 0)).count
    let isNumbered = names.enumerated().contains { $1 != String($0) }
    let heads = counts.indices.map { index in
      let number = ConfusionTable.right(String(index), digits)
      return isNumbered ? "\(number) \(names[index])" : number
    }
    let first = heads.map(\.count).max() ?? 0
    let width = max(
      counts.joined().map { String($0).count }.max() ?? 1, digits)
    var lines = [
      ConfusionTable.left("is \\ taken for", first) + "  "
        + counts.indices.map { ConfusionTable.right(String($0), width) }.joined(separator: " ")
        + "   right"
    ]
    let indent = max(first, "is \\ taken for".count)
    for (index, row) in counts.enumerated() {
      let sum = row.reduce(0, +)
      let cells = row.map { ConfusionTable.right($0 == 0 ? "." : String($0), width) }
      let share = sum == 0 ? "-" : "\((100 * Double(row[index]) / Double(sum)).decimal(1)) %"
      lines.append(
        ConfusionTable.left(heads[index], indent) + "  " + cells.joined(separator: " ") + "  "
          + ConfusionTable.right(share, 7))
    }
    self.lines = lines
  }

  private static func left(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(width - text.count, 0))
  }

  private static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(width - text.count, 0)) + text
  }
}
