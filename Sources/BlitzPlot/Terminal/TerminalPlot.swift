/// Draws curves with text: eight dots per character in braille, or letters where only ASCII shows.
///
///     loss by step
///     0.8 ┤⡀
///     0.4 ┤⠘⢄⡀
///       0 ┤  ⠈⠑⠒⠤⠤⣀⣀⣀⣀
///         └┬────┬────┬─
///          0    5    10
struct TerminalPlot {
  /// What the vertical axis shows.
  var title: String
  /// What the horizontal axis counts.
  var xLabel: String
  /// The curves; colours tell up to six apart, or letters where there are none.
  var series: [Series]
  /// Lines of the drawing, without title and axis.
  var rows = 12

  /// The plot as lines of text, at most as wide as the terminal.
  func lines(for terminal: Terminal) -> [String] {
    let yAxis = Axis(
      over: series.flatMap(\.points).map(\.y), count: max(2, rows / 3), mayBeLogarithmic: true)
    let labelWidth = yAxis.ticks.map(\.label.count).max() ?? 0
    let columns = max(10, min(terminal.columns, 100) - labelWidth - 4)
    let xAxis = Axis(
      over: series.flatMap(\.points).map(\.x), count: max(2, columns / 14), counts: true)
    // The curve fills the width: the axis ends where the points do, not at a round number.
    let xs = series.flatMap(\.points).map(\.x)
    let left = xs.min() ?? 0
    let width = max((xs.max() ?? 1) - left, .leastNormalMagnitude)

    // Without colours only letters tell two curves apart.
    let isBraille = terminal.hasUnicode && (terminal.hasColor || series.count == 1)
    var canvas = DotCanvas(columns: columns, rows: rows, isBraille: isBraille)
    for (index, curve) in series.enumerated() {
      canvas.draw(
        curve.points.map { point in
          yAxis.position(of: point.y).map { ((point.x - left) / width, $0) }
        }, series: index)
    }

    // Rows whose height is a tick's carry its label.
    var labels: [Int: String] = [:]
    for tick in yAxis.ticks {
      guard let height = yAxis.position(of: tick.value) else { continue }
      labels[Int((Double(rows - 1) * (1 - height)).rounded())] = tick.label
    }
    let glyphs = terminal.hasUnicode ? Glyphs.unicode : Glyphs.ascii
    var lines = [heading(yAxis, isBraille: isBraille, hasColor: terminal.hasColor)]
    for row in 0..<rows {
      let label = labels[row] ?? ""
      let padding = String(repeating: " ", count: labelWidth - label.count)
      let edge = labels[row] == nil ? glyphs.edge : glyphs.tick
      lines.append("\(padding)\(label) \(edge)\(canvas.text(row: row, colored: terminal.hasColor))")
    }
    lines += bottom(
      ticks: xAxis.ticks.compactMap { tick in
        let place = (tick.value - left) / width
        return place >= -1e-9 && place <= 1 + 1e-9
          ? (Int((place * Double(columns - 1)).rounded()), tick.label) : nil
      }, columns: columns, indent: labelWidth + 1, glyphs: glyphs)
    return lines.map { line in
      var line = line
      while line.last == " " { line.removeLast() }
      return line
    }
  }

  /// The title, and the names of the curves if there is more than one.
  private func heading(_ yAxis: Axis, isBraille: Bool, hasColor: Bool) -> String {
    var text = "\(title) by \(xLabel)" + (yAxis.isLogarithmic ? ", logarithmic" : "")
    if series.count > 1 {
      for (index, curve) in series.enumerated() {
        let mark = isBraille ? "━" : DotCanvas.letter(of: index)
        text += "   " + DotCanvas.colored(mark, series: index, if: hasColor)
        text += " \(curve.name)"
      }
    }
    return text
  }

  /// The horizontal axis: its line with marks, then the numbers under them.
  private func bottom(
    ticks: [(column: Int, label: String)], columns: Int, indent: Int, glyphs: Glyphs
  ) -> [String] {
    var line = [String](repeating: glyphs.bottom, count: columns)
    var text = ""
    for tick in ticks {
      // Under its mark, unless it would touch the number before or leave the plot.
      let start = min(max(tick.column - tick.label.count / 2, 0), columns - tick.label.count)
      guard start >= (text.isEmpty ? 0 : text.count + 1) else { continue }
      line[tick.column] = glyphs.bottomTick
      text += String(repeating: " ", count: start - text.count) + tick.label
    }
    let space = String(repeating: " ", count: indent)
    return [space + glyphs.corner + line.joined(), space + " " + text]
  }

  /// The pieces of the axes.
  private struct Glyphs {
    var edge: String, tick: String, corner: String, bottom: String, bottomTick: String
    static let unicode = Glyphs(edge: "│", tick: "┤", corner: "└", bottom: "─", bottomTick: "┬")
    static let ascii = Glyphs(edge: "|", tick: "+", corner: "+", bottom: "-", bottomTick: "+")
  }
}
