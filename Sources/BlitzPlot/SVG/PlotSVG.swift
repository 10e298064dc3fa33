import BlitzData

/// A plot as SVG that needs nothing else.
struct PlotSVG {
  let plot: Plot
  var theme = Plot.Theme.automatic
  /// Whether it is part of a page, which has the style sheet and a heading: smaller, and as wide as
  /// the page lets it be.
  var isEmbedded = false
  /// A wider picture is shown smaller.
  var widest = Double.infinity
  /// See `Pen.enlargesPictures`.
  var enlargesPictures = false

  /// The file's text, or the element's.
  var text: String { document.svg }

  /// The file's text, and its size in pixels.
  var document: Drawing {
    var drawing = drawn(plot)
    drawing.svg = text(of: drawing)
    return drawing
  }

  private func text(of drawing: Drawing) -> String {
    let (width, height) = (Pen.number(drawing.width), Pen.number(drawing.height))
    let viewBox = "viewBox=\"0 0 \(width) \(height)\""
    let name = Markup.escaped(plot.name)
    if isEmbedded {
      return "<svg class=\"plot blitz-plot\" \(viewBox) role=\"img\" aria-label=\"\(name)\">\n"
        + drawing.svg + "</svg>\n"
    }
    let share = min(1, widest / drawing.width)
    let size = (Pen.number(drawing.width * share), Pen.number(drawing.height * share))
    return """
      <svg xmlns="http://www.w3.org/2000/svg" class="blitz-plot" \(viewBox) \
      width="\(size.0)" height="\(size.1)" role="img">
      <title>\(name)</title>
      <style>
      \(Palette.style(theme))</style>
      <rect class="page" width="100%" height="100%"/>
      \(drawing.svg)</svg>

      """
  }

  /// A part of the picture, and how much room it takes.
  struct Drawing {
    var svg: String
    var width: Double
    var height: Double
  }

  private func drawn(_ plot: Plot) -> Drawing {
    if let error = plot.error { return words(error.message) }
    switch plot.marks.first {
    case nil: return words("an empty plot")
    case .row(let plots): return row(plots, title: plot.title)
    case .pictures(let grid):
      return PictureSVG(plot: plot, grid: grid, enlargesPictures: enlargesPictures).drawing
    case .cells(let grid):
      return CellSVG(plot: plot, grid: grid, enlargesPictures: enlargesPictures).drawing
    case .line, .points, .bars, .histogram, .regions:
      return AxesSVG(plot: plot, isEmbedded: isEmbedded).drawing
    }
  }

  /// What was wrong, in place of the picture.
  private func words(_ text: String) -> Drawing {
    let lines = text.split(separator: "\n")
    var pen = Pen()
    for (index, line) in lines.enumerated() {
      // Spaces that do not merge keep the columns of a message.
      let line = line.map { $0 == " " ? "\u{A0}" : $0 }
      pen.text("error", String(line), 16, 32 + 20 * Double(index))
    }
    let longest = Double(lines.map(\.count).max() ?? 0)
    return Drawing(svg: pen.svg, width: 32 + 8 * longest, height: 40 + 20 * Double(lines.count))
  }

  private func row(_ plots: [Plot], title: String) -> Drawing {
    let parts = plots.map(drawn)
    let width = parts.reduce(0) { $0 + $1.width }
    var pen = Pen()
    let top = PlotSVG.title(title, left: 16, width: width, &pen)
    var left = 0.0
    for part in parts {
      pen.add("<g transform=\"translate(\(Pen.number(left)) \(Pen.number(top)))\">\n")
      pen.add(part.svg)
      pen.add("</g>\n")
      left += part.width
    }
    return Drawing(
      svg: pen.svg, width: width, height: top + (parts.map(\.height).max() ?? 0))
  }

  /// Draws a title: a long one smaller, one that is longer still in up to three lines.
  ///
  /// - Returns: the room that it takes from above.
  static func title(_ text: String, left: Double, width: Double, _ pen: inout Pen) -> Double {
    guard !text.isEmpty else { return 0 }
    // Bold letters are wider.
    let room = (width - left - 12) / 1.1
    let size = max(14, 17 * min(1, room / Pen.width(text, size: 17)))
    let lines = Pen.lines(text, in: room, size: size, most: 3)
    for (index, line) in lines.enumerated() {
      pen.text("title", line, left, 28 + 19 * Double(index), size: size, room: room)
    }
    return 36 + 19 * Double(lines.count - 1)
  }
}

extension Plot {
  /// The plot as an SVG document, light or dark as the reader's screen is; a plot that carries an
  /// error shows its text.
  public var svg: String { svg(theme: .automatic) }

  /// The plot as an SVG document for a light or a dark page.
  public func svg(theme: Theme) -> String { PlotSVG(plot: self, theme: theme).text }

  /// The picture as an element of a page whose style sheet has `Palette.style`.
  package var embeddedSVG: String { PlotSVG(plot: self, isEmbedded: true).text }

  /// What it is called where there is no picture of it.
  var name: String {
    if !title.isEmpty { return title }
    if case .row(let plots)? = marks.first { return plots.map(\.name).joined(separator: ", ") }
    if error != nil { return "error" }
    let kind =
      switch marks.first {
      case .line: "lines"
      case .points: "dots"
      case .bars: "bars"
      case .histogram: "histogram"
      case .regions: "decision boundary"
      case .cells: "heat map"
      case .pictures: "pictures"
      case .row, nil: "plot"
      }
    switch (xLabel.isEmpty, yLabel.isEmpty) {
    case (false, false): return "\(yLabel) by \(xLabel)"
    case (true, false): return yLabel
    case (false, true): return xLabel
    case (true, true): return kind
    }
  }
}
