/// What a terminal can show.
struct TerminalPage {
  /// Characters in a line, and lines of a drawing without title and axis.
  var columns: Int
  var rows: Int
  var hasColor: Bool
  /// Whether it shows characters beyond ASCII.
  var hasUnicode: Bool

  /// A part of a heading: words, and what stands for the series that they name.
  struct Part {
    var text: String
    var mark = ""
    var series = 0
  }

  /// Parts side by side, in as many lines as they need.
  func lines(_ parts: [Part]) -> [String] {
    var lines: [String] = []
    var used = 0
    for part in parts where !part.text.isEmpty {
      let mark = part.mark.isEmpty ? "" : part.mark + " "
      let text = cut(part.text, to: columns - mark.count)
      let drawn = DotCanvas.colored(mark, series: part.series, if: hasColor && !mark.isEmpty) + text
      if used > 0, used + 3 + mark.count + text.count <= columns {
        lines[lines.count - 1] += "   " + drawn
        used += 3 + mark.count + text.count
      } else {
        lines.append(drawn)
        used = mark.count + text.count
      }
    }
    return lines
  }

  /// `text` broken between words.
  func wrapped(_ text: String) -> [String] {
    text.split(separator: " ").reduce(into: [String]()) { lines, word in
      if let line = lines.last, line.count + 1 + word.count <= columns {
        lines[lines.count - 1] += " " + word
      } else {
        lines.append(cut(String(word), to: columns))
      }
    }
  }

  /// As much of the start of `text` as a number of characters holds.
  func cut(_ text: String, to room: Int) -> String {
    guard text.count > room else { return text }
    let dots = hasUnicode ? "…" : "..."
    return text.prefix(max(0, room - dots.count)) + dots
  }
}

/// Draws curves and dots with text: eight dots per character in braille, or letters where only
/// ASCII shows.
///
///     loss by step
///     0.8 ┤⡀
///     0.4 ┤⠘⢄⡀
///       0 ┤  ⠈⠑⠒⠤⠤⣀⣀⣀⣀
///         └┬────┬────┬─
///          0    5    10
struct TerminalPlot {
  let plot: Plot
  let page: TerminalPage

  /// The plot as lines of text, as wide as the page, 100 characters at most.
  var lines: [String] {
    let rows = page.rows
    let width = min(page.columns, 100)
    let yTicks = PlotAxes(plot, xCount: 4, yCount: max(2, rows / 3)).y.ticks
    let labelWidth = yTicks.map(\.label.count).max() ?? 0
    let columns = max(10, width - labelWidth - 4)
    let axes = PlotAxes(plot, xCount: max(2, columns / 14), yCount: max(2, rows / 3))
    let yAxis = axes.y

    // Without colours only letters tell two curves apart.
    let colors = Set(plot.marks.flatMap(\.entries).map(\.color))
    let isBraille =
      page.hasUnicode && !axes.hasRegions && (page.hasColor || colors.count <= 1)
    var canvas = DotCanvas(columns: columns, rows: rows, isBraille: isBraille)
    func places(_ series: Series) -> [(x: Double, y: Double)?] {
      series.points.map { point in
        axes.x.position(of: point.x).flatMap { x in
          yAxis.position(of: point.y).map { (x: x, y: $0) }
        }
      }
    }
    for mark in plot.marks {
      switch mark {
      case .line(let series): canvas.draw(places(series), series: series.color)
      case .points(let series):
        canvas.draw(places(series), series: series.color, isJoined: false)
      case .regions(let grid):
        canvas.fill { x, y in
          let column = min(Int(x * Double(grid.columns)), grid.columns - 1)
          let row = min(Int((1 - y) * Double(grid.rows)), grid.rows - 1)
          return grid.classes[row * grid.columns + column]
        }
      case .bars, .histogram, .cells, .pictures, .row: break
      }
    }

    // Rows whose height is a tick's carry its label.
    var labels: [Int: String] = [:]
    for tick in yAxis.ticks {
      guard let height = yAxis.position(of: tick.value) else { continue }
      labels[Int((Double(rows - 1) * (1 - height)).rounded())] = tick.label
    }
    let glyphs = page.hasUnicode ? Glyphs.unicode : Glyphs.ascii
    var lines = heading(axes, isBraille: isBraille)
    for row in 0..<rows {
      let label = labels[row] ?? ""
      let padding = String(repeating: " ", count: labelWidth - label.count)
      let edge = labels[row] == nil ? glyphs.edge : glyphs.tick
      let drawing = canvas.text(row: row, colored: page.hasColor, unicode: page.hasUnicode)
      lines.append("\(padding)\(label) \(edge)\(drawing)")
    }
    return lines
      + bottom(
        ticks: axes.x.ticks.compactMap { tick in
          let place = axes.x.position(of: tick.value) ?? -1
          return place >= -1e-9 && place <= 1 + 1e-9
            ? (Int((place * Double(columns - 1)).rounded()), tick.label) : nil
        }, columns: columns, indent: labelWidth + 1, glyphs: glyphs)
  }

  /// What is drawn, and the names of the curves.
  private func heading(_ axes: PlotAxes, isBraille: Bool) -> [String] {
    let names = [plot.yLabel, plot.xLabel].filter { !$0.isEmpty }.joined(separator: " by ")
    let scales = [axes.scales.y, axes.scales.x.isEmpty ? "" : "x \(axes.scales.x)"]
    let parts = ([names] + scales).filter { !$0.isEmpty }
    let entries = plot.legend.map { entry in
      let glyph = entry.isLine ? "━" : "●"
      let isGlyph = page.hasColor && page.hasUnicode || isBraille && entry.isLine
      return TerminalPage.Part(
        text: entry.name, mark: isGlyph ? glyph : DotCanvas.letter(of: entry.color),
        series: entry.color)
    }
    return page.lines([TerminalPage.Part(text: parts.joined(separator: ", "))] + entries)
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
