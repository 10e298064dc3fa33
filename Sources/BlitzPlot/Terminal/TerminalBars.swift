/// Bars that lie, a line each.
///
///     loop ███████████████████████ 0.8210
///     mask ▊ 0.0214
struct TerminalBars {
  let plot: Plot
  let page: TerminalPage

  /// A bar's name, value and colour.
  private struct Row {
    var name: String
    var value: Double
    var color: Int
  }

  var lines: [String] {
    let rows = self.rows
    let finite = rows.map(\.value).filter(\.isFinite)
    let (low, high) = (min(0, finite.min() ?? 0), max(0, finite.max() ?? 0))
    let texts = rows.map { $0.value.isFinite ? Axis.wholeLabel($0.value) : "-" }
    let beside = page.columns - 12 - (texts.map(\.count).max() ?? 0)
    let names = min(rows.map(\.name.count).max() ?? 0, page.columns / 2, max(6, beside))
    let room = max(
      10, min(page.columns, 100) - names - 2 - (texts.map(\.count).max() ?? 0))
    // Halved, since the ends may be further apart than a Double can say; and a share first, since
    // the room over the least numbers is more than it can.
    let span = high / 2 - low / 2
    func size(_ value: Double) -> Double {
      value.isFinite && span > 0 ? value / 2 / span * Double(room) : 0
    }
    let zero = Int(size(-low).rounded())
    let axes = [plot.yLabel, plot.xLabel].filter { !$0.isEmpty }.joined(separator: " by ")
    var lines = page.lines(
      [TerminalPage.Part(text: axes)]
        + plot.legend.map { entry in
          TerminalPage.Part(
            text: entry.name,
            mark: page.hasColor && page.hasUnicode ? "█" : Self.letter(entry.color, page),
            series: entry.color)
        })
    for (row, text) in zip(rows, texts) {
      let size = size(row.value)
      let name = page.cut(row.name, to: names)
      let padding = String(repeating: " ", count: names - name.count)
      let before = String(repeating: " ", count: size < 0 ? zero + Int(size.rounded()) : zero)
      let bar = DotCanvas.colored(bar(size, row.color), series: row.color, if: page.hasColor)
      lines.append("\(padding)\(name) \(before)\(bar) \(text)")
    }
    return lines
  }

  /// A bar of so many characters; to the eighth where there are blocks and it goes to the right.
  private func bar(_ size: Double, _ color: Int) -> String {
    let isOnlyOne = plot.marks.flatMap(\.entries).count == 1
    guard page.hasUnicode && (page.hasColor || isOnlyOne) else {
      return String(repeating: Self.letter(color, page), count: Int(abs(size).rounded()))
    }
    guard size > 0 else { return String(repeating: "█", count: Int((-size).rounded())) }
    let eighths = Int((size * 8).rounded())
    return String(repeating: "█", count: eighths / 8)
      + ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]
  }

  /// What tells bars apart where there are no colours.
  private static func letter(_ color: Int, _ page: TerminalPage) -> String {
    page.hasUnicode
      ? ["█", "▒", "░", "▓", "▚", "▤"][color % 6] : ["#", "=", "-", "+", "o", "*"][color % 6]
  }

  private var rows: [Row] {
    plot.marks.flatMap { mark -> [Row] in
      switch mark {
      case .bars(let names, let groups):
        return names.indices.flatMap { index in
          groups.enumerated().map { place, group in
            Row(
              name: place == 0 ? names[index] : "", value: group.values[index], color: group.color)
          }
        }
      case .histogram(let edges, let groups):
        // More bins than lines: neighbours share one.
        let step = max(1, (edges.count - 2) / max(page.rows, 20) + 1)
        return groups.flatMap { group in
          stride(from: 0, to: group.values.count, by: step).map { start in
            let end = min(start + step, group.values.count)
            return Row(
              name: "\(edges[start].short) to \(edges[end].short)",
              value: group.values[start..<end].reduce(0, +), color: group.color)
          }
        }
      case .line, .points, .regions, .cells, .pictures, .row: return []
      }
    }
  }
}
