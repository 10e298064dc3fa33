import BlitzData
import BlitzPlot

extension HTMLReport {
  /// Beyond so many classes the matrix would be all that the page holds.
  private static let maximumClasses = 40

  /// The confusion matrix as a table in colours, and the pairs that are confused most.
  var confusion: String {
    guard let matrix = record.confusion, !matrix.isEmpty else { return "" }
    let count = max(matrix.count, matrix.map(\.count).max() ?? 0)
    func cell(_ row: Int, _ column: Int) -> Int {
      row < matrix.count && column < matrix[row].count ? matrix[row][column] : 0
    }
    let sums = (0..<count).map { row in (0..<count).reduce(0) { $0 + cell(row, $1) } }
    let names = (0..<count).map { Markup.escaped(record.className($0)) }
    var content = ""
    if count <= HTMLReport.maximumClasses {
      let heads = names.map { "<th scope=\"col\"><span title=\"\($0)\">\($0)</span></th>" }
      var rows = ""
      for row in 0..<count {
        let name = "<span title=\"\(names[row])\">\(names[row])</span>"
        rows += "<tr><th scope=\"row\">\(name)</th>"
        for column in 0..<count {
          let share = sums[row] > 0 ? Double(cell(row, column)) / Double(sums[row]) : 0
          let shade = HTMLReport.shade(share, isRight: row == column)
          rows += "<td class=\"\(shade)\">\(cell(row, column))</td>"
        }
        let right = sums[row] > 0 ? Double(cell(row, row)) / Double(sums[row]) : .nan
        rows += "<td class=\"recall\">\(right.isNaN ? "" : HTMLReport.percent(right))</td></tr>\n"
      }
      // Where it scrolls anyway there is room for whole names.
      let kind = count > 12 ? "confusion wide" : "confusion"
      content += scrolling(
        "Confusion matrix",
        """
        <table class="\(kind)" aria-describedby="confusion-note">
        <thead><tr><td></td>\(heads.joined())<th scope="col" class="recall">right</th></tr></thead>
        <tbody>
        \(rows)</tbody>
        </table>

        """)
      content += """
        <p class="note" id="confusion-note">Rows are what the test examples are, columns what they \
        were taken for. Blue is right, orange wrong; the stronger, the larger the share of the \
        row.</p>

        """
    } else {
      content += "<p>The matrix of \(count.grouped) classes is too large to show here.</p>\n"
    }
    var pairs: [(row: Int, column: Int, count: Int)] = []
    for row in 0..<count {
      for column in 0..<count where column != row && cell(row, column) > 0 {
        pairs.append((row, column, cell(row, column)))
      }
    }
    // Ties in the order of the classes: the same run gives the same page.
    pairs.sort { ($1.count, $0.row, $0.column) < ($0.count, $1.row, $1.column) }
    if !pairs.isEmpty {
      let items = pairs.prefix(5).map { pair in
        "<li><b>\(names[pair.row])</b> taken for <b>\(names[pair.column])</b>: "
          + "\(pair.count.grouped) of \(sums[pair.row].grouped)</li>\n"
      }
      content += "<h3>Confused most</h3>\n<ol>\n\(items.joined())</ol>\n"
    }
    return section("Confusion matrix", content)
  }

  /// The class of a cell: "e3" for an error of a share, "r9" for nearly all right.
  private static func shade(_ share: Double, isRight: Bool) -> String {
    guard share > 0 else { return isRight ? "r1" : "e0" }
    // Errors are small shares, which the square root tells apart.
    let place = isRight ? share : share.squareRoot()
    return "\(isRight ? "r" : "e")\(max(1, min(9, Int((place * 9).rounded(.up)))))"
  }

  /// The rules for the shades, from the page's colour to the full one.
  static func shades(page: Color, right: Color, wrong: Color) -> String {
    (1...9).flatMap { level in
      [("r", right), ("e", wrong)].map { name, full in
        let color = page.mixed(with: full, Double(level) / 9)
        return ".\(name)\(level) { background: \(color.hex); color: \(color.ink.hex) }"
      }
    }.joined(separator: "\n")
  }
}
