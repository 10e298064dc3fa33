extension Plot: CustomStringConvertible {
  /// The plot as text of at most `width` characters in a line; a plot that carries an error is its
  /// message.
  ///
  ///     print(plot.terminal(width: 100, color: true))
  ///
  /// Images and heat maps have a character for each pixel, where there is room; bars are
  /// horizontal.
  ///
  /// - Parameters:
  ///   - width: the number of characters in a line, 20 or more.
  ///   - height: the number of lines of curves and dots, without title and axis.
  ///   - color: whether to use the colours of terminals (ANSI), 24 bits for images and heat maps.
  ///   - unicode: whether to use characters beyond ASCII, such as braille.
  public func terminal(
    width: Int = 80, height: Int = 12, color: Bool = false, unicode: Bool = true
  ) -> String {
    let page = TerminalPage(
      columns: max(width, 20), rows: min(max(height, 3), 200), hasColor: color,
      hasUnicode: unicode)
    return lines(page).map { line in
      var line = line
      while line.last == " " { line.removeLast() }
      return line
    }.joined(separator: "\n")
  }

  /// The plot as text of 80 characters in a line, without colours; see
  /// ``terminal(width:height:color:unicode:)``.
  public var description: String { terminal() }

  private func lines(_ page: TerminalPage) -> [String] {
    if let error { return error.message.split(separator: "\n").map(String.init) }
    let heading = page.wrapped(title)
    switch marks.first {
    case nil: return heading + ["an empty plot"]
    case .row(let plots):
      return heading
        + plots.enumerated().flatMap { ($0.offset > 0 ? [""] : []) + $0.element.lines(page) }
    case .pictures(let grid):
      return heading + TerminalPicture(page: page).lines(grid)
    case .cells(let grid):
      return heading + TerminalPicture(page: page).lines(grid, x: xLabel, y: yLabel)
    case .bars, .histogram: return heading + TerminalBars(plot: self, page: page).lines
    case .line, .points, .regions: return heading + TerminalPlot(plot: self, page: page).lines
    }
  }
}
