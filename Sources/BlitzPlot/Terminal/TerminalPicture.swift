import BlitzData

/// Pictures and heat maps as text: half blocks in 24-bit colours, or characters from light to dark.
struct TerminalPicture {
  let page: TerminalPage

  /// Pictures in rows; what is wider than the page gets smaller.
  func lines(_ grid: PictureGrid) -> [String] {
    let width = min(grid.pictures.map(\.width).max() ?? 1, page.columns)
    let perRow = min(grid.columns, max(1, (page.columns + 1) / (width + 1)))
    var lines: [String] = []
    for start in stride(from: 0, to: grid.pictures.count, by: perRow) {
      let places = start..<min(start + perRow, grid.pictures.count)
      let drawn = places.map { draw(grid.pictures[$0], width: width) }
      if start > 0 && grid.captions.isEmpty { lines.append("") }
      for line in 0..<(drawn.map(\.count).max() ?? 0) {
        let parts = drawn.map {
          line < $0.count ? $0[line] : String(repeating: " ", count: width)
        }
        lines.append(parts.joined(separator: " "))
      }
      guard !grid.captions.isEmpty else { continue }
      lines.append(
        places.map { place in
          let text = grid.captions[place].prefix(width)
          return text + String(repeating: " ", count: width - text.count)
        }.joined(separator: " "))
    }
    return lines
  }

  /// A line for two rows of pixels.
  private func draw(_ picture: Image, width: Int) -> [String] {
    let factor = min(1, Double(width) / Double(picture.width))
    let (columns, rows) = (
      min(width, picture.width), max(1, Int((Double(picture.height) * factor).rounded()))
    )
    func color(_ x: Int, _ y: Int) -> Color {
      let column = min(Int((Double(x) + 0.5) / factor), picture.width - 1)
      let row = min(Int((Double(y) + 0.5) / factor), picture.height - 1)
      let start = (row * picture.width + column) * picture.channelCount
      let bytes = picture.pixels[start..<start + picture.channelCount].map(Int.init)
      return Color(bytes[0] << 16 | bytes[bytes.count / 2] << 8 | bytes[bytes.count - 1])
    }
    let space = String(repeating: " ", count: width - columns)
    return stride(from: 0, to: rows, by: 2).map { y in
      let line = (0..<columns).map { x in
        let (top, below) = (color(x, y), y + 1 < rows ? color(x, y + 1) : nil)
        if page.hasColor && page.hasUnicode {
          return Self.code(38, top) + (below.map { Self.code(48, $0) } ?? "") + "▀\u{1B}[0m"
        }
        return shade(((below ?? top).brightness + top.brightness) / 2)
      }
      return line.joined() + space
    }
  }

  /// A heat map, two characters a cell; one, or fewer cells, where it would be wider than the page.
  func lines(_ grid: CellGrid, x: String, y: String) -> [String] {
    let names = min(grid.rowNames.map(\.count).max() ?? 0, page.columns / 2)
    let room = max(10, page.columns - names - 1)
    let cell = grid.columns * 2 <= room ? 2 : 1
    let (columns, rows) = (min(grid.columns, room), min(grid.rows, max(60, page.rows)))
    let axes = [y, x].filter { !$0.isEmpty }.joined(separator: " by ")
    var lines = page.lines([TerminalPage.Part(text: axes)])
    for row in 0..<rows {
      let source = row * grid.rows / rows
      let name = page.cut(
        grid.rowNames.isEmpty || rows < grid.rows ? "" : grid.rowNames[source], to: names)
      var line = names > 0 ? String(repeating: " ", count: names - name.count) + name + " " : ""
      for column in 0..<columns {
        let value = grid.values[source * grid.columns + column * grid.columns / columns]
        if page.hasColor {
          line += Self.code(48, grid.colors.color(value))
          line += String(repeating: " ", count: cell) + "\u{1B}[0m"
        } else {
          let character = value.isNaN ? "?" : shade(grid.colors.share(value))
          line += String(repeating: character, count: cell)
        }
      }
      lines.append(line)
    }
    let range = grid.colors.range
    let ends = [range.lowerBound, range.upperBound]
    let scale = (0..<10).map { step -> String in
      let share = Double(step) / 9
      return page.hasColor
        ? Self.code(48, grid.colors.color(ends[0] * (1 - share) + ends[1] * share)) + " \u{1B}[0m"
        : shade(share)
    }
    lines.append("\(Axis.wholeLabel(ends[0])) [\(scale.joined())] \(Axis.wholeLabel(ends[1]))")
    return lines
  }

  /// A character that covers a share of its place: 0...1.
  private func shade(_ share: Double) -> String {
    let shades =
      page.hasUnicode
      ? [" ", "░", "▒", "▓", "█"] : [" ", ".", ":", "-", "=", "+", "*", "#", "%", "@"]
    return shades[min(Int(share * Double(shades.count)), shades.count - 1)]
  }

  /// The escape sequence of a 24-bit colour: 38 for letters, 48 for what is behind them.
  private static func code(_ target: Int, _ color: Color) -> String {
    "\u{1B}[\(target);2;\(color.bytes.map(String.init).joined(separator: ";"))m"
  }
}

extension Color {
  /// How bright it looks, 0...1, by the weights of ITU-R BT.601.
  fileprivate var brightness: Double { 0.299 * red + 0.587 * green + 0.114 * blue }
}
