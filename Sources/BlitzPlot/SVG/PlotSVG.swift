/// Training curves as a picture: an SVG file that needs nothing else, light or dark as the
/// reader's screen is.
struct CurveSVG {
  /// One of the plots, which stand side by side.
  struct Panel {
    /// What its vertical axis shows.
    var title: String
    /// Its curves, six at most.
    var series: [Series]
    /// Whether a logarithmic axis may be used.
    var mayBeLogarithmic = false
  }

  /// What the picture is of.
  var title: String
  /// What the horizontal axes count.
  var xLabel: String
  /// The plots.
  var panels: [Panel]
  /// Whether it is part of a page, whose style sheet and heading it takes: smaller, and as wide as
  /// the page lets it be.
  var isEmbedded = false

  // Sizes in pixels.
  private var panelWidth: Double { isEmbedded ? 360 : 440 }
  private var plotHeight: Double { isEmbedded ? 200 : 260 }
  private var left: Double { isEmbedded ? 52 : 64 }
  private var right: Double { isEmbedded ? 16 : 20 }
  private var top: Double { isEmbedded ? 40 : 84 }
  private let bottom = 52.0

  /// The file's text, or the element's.
  var text: String {
    let width = panelWidth * Double(max(panels.count, 1))
    let height = top + plotHeight + bottom
    let viewBox = "viewBox=\"0 0 \(number(width)) \(number(height))\""
    var svg = """
      <svg xmlns="http://www.w3.org/2000/svg" \(viewBox) \
      width="\(number(width))" height="\(number(height))" role="img">
      <title>\(Markup.escaped(title))</title>
      <style>\(style)</style>
      <rect class="page" width="100%" height="100%"/>
      <text class="title" x="\(number(left))" y="32">\(Markup.escaped(title))</text>

      """
    if isEmbedded {
      let name = Markup.escaped(title)
      svg = "<svg class=\"plot\" \(viewBox) role=\"img\" aria-label=\"\(name)\">\n"
    }
    for (index, panel) in panels.enumerated() {
      svg += "<g transform=\"translate(\(number(panelWidth * Double(index))) 0)\">\n"
      svg += drawn(panel)
      svg += "</g>\n"
    }
    return svg + "</svg>\n"
  }

  /// The colours of M. Okabe and K. Ito, which people tell apart whatever colours they see
  /// (https://jfly.uni-koeln.de/color/), lighter on a dark page. Plain classes, since several
  /// programs that show SVG know neither CSS variables nor media queries.
  private var style: String {
    """

      svg { font-family: system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; }
      .title { font-size: 17px; font-weight: 600; }
      .name { font-size: 13px; }
      .tick { font-size: 12px; }
      .grid, .base { stroke-width: 1; }
      .curve { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
      .dot { fill: none; stroke-width: 6; stroke-linecap: round; }
      \(colors(page: "#ffffff", ink: "#1f2328", soft: "#59636e", grid: "#e4e7eb",
        curves: ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"]))
      @media (prefers-color-scheme: dark) {
        \(colors(page: "#0d1117", ink: "#e6edf3", soft: "#9198a1", grid: "#262c36",
          curves: ["#56b4e9", "#f0883e", "#2bc490", "#e39bc6", "#e6b422", "#8fd0f5"]))
      }

    """
  }

  private func colors(
    page: String, ink: String, soft: String, grid: String, curves: [String]
  ) -> String {
    """
    .page { fill: \(page) } .title, .name { fill: \(ink) } .tick { fill: \(soft) } \
    .grid { stroke: \(grid) } .base { stroke: \(soft) } \
    \(curves.enumerated().map { ".s\($0.offset) { stroke: \($0.element) }" }.joined(separator: " "))
    """
  }

  private func drawn(_ panel: Panel) -> String {
    let points = panel.series.flatMap(\.points)
    let yAxis = Axis(over: points.map(\.y), count: 5, mayBeLogarithmic: panel.mayBeLogarithmic)
    let xs = points.map(\.x).filter(\.isFinite)
    let (first, last) = (xs.min() ?? 0, xs.max() ?? 1)
    let width = panelWidth - left - right
    // The curves fill the width, so the axis ends with them and not at a round number.
    func x(_ value: Double) -> Double {
      left + (last > first ? (value - first) / (last - first) : 0.5) * width
    }
    func y(_ value: Double) -> Double? {
      yAxis.position(of: value).map { top + (1 - $0) * plotHeight }
    }

    var svg = legend(panel, isLogarithmic: yAxis.isLogarithmic)
    for tick in yAxis.ticks {
      guard let height = y(tick.value) else { continue }
      svg += line("grid", left, height, left + width, height)
      svg += label(tick.label, left - 8, height + 4, anchor: "end")
    }
    let base = top + plotHeight
    svg += line("base", left, base, left + width, base)
    // Tick marks at both ends tell where training began and ended; round numbers fill between.
    var marks = [(first, Axis.wholeLabel(first))]
    for tick in Axis(over: [first, last], count: 5, counts: true).ticks
    where min(x(tick.value) - x(first), x(last) - x(tick.value)) > 36 {
      marks.append((tick.value, tick.label))
    }
    if last > first { marks.append((last, Axis.wholeLabel(last))) }
    for (value, text) in marks where points.count > 0 {
      svg += line("base", x(value), base, x(value), base + 5)
      svg += label(text, x(value), base + 20, anchor: "middle")
    }
    svg += label(xLabel, left + width / 2, base + 40, anchor: "middle")
    for (index, curve) in panel.series.enumerated() {
      svg += path(curve.points.map { point in y(point.y).map { (x(point.x), $0) } }, index)
      // A few points can be told one by one; more would hide the curve.
      for point in curve.points where curve.points.count <= 30 {
        guard let height = y(point.y) else { continue }
        svg += "<path class=\"dot s\(index % 6)\" d=\"M\(number(x(point.x))) \(number(height))h0\">"
        svg += "<title>\(Markup.escaped(curve.name)), \(Markup.escaped(xLabel)) "
        svg += "\(Axis.wholeLabel(point.x)): \(point.y.short)</title></path>\n"
      }
    }
    return svg
  }

  /// The panel's name, then each curve's, with a stroke of its colour.
  private func legend(_ panel: Panel, isLogarithmic: Bool) -> String {
    let name = panel.title + (isLogarithmic ? " (logarithmic)" : "")
    var svg = "<text class=\"name\" x=\"\(number(left))\" y=\"\(number(top - 22))\">"
    svg += "\(Markup.escaped(name))</text>\n"
    guard panel.series.count > 1 else { return svg }
    // Text is not measured here: 7.5 pixels are a wide letter at this size.
    var x = panelWidth - right - panel.series.reduce(0) { $0 + 34 + 7.5 * Double($1.name.count) }
    for (index, curve) in panel.series.enumerated() {
      svg += "<path class=\"curve s\(index % 6)\" "
      svg += "d=\"M\(number(x)) \(number(top - 26))h18\"/>\n"
      svg += "<text class=\"name\" x=\"\(number(x + 24))\" y=\"\(number(top - 22))\">"
      svg += "\(Markup.escaped(curve.name))</text>\n"
      x += 34 + 7.5 * Double(curve.name.count)
    }
    return svg
  }

  /// A curve; nil leaves a gap. A point alone between gaps becomes a dot.
  private func path(_ points: [(x: Double, y: Double)?], _ index: Int) -> String {
    var data = ""
    var isOpen = false
    for point in points {
      guard let point else {
        isOpen = false
        continue
      }
      data += "\(isOpen ? "L" : "M")\(number(point.x)) \(number(point.y))"
      if !isOpen { data += "h0" }
      isOpen = true
    }
    return "<path class=\"curve s\(index % 6)\" d=\"\(data)\"/>\n"
  }

  private func line(_ kind: String, _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double)
    -> String
  {
    "<line class=\"\(kind)\" x1=\"\(number(x1))\" y1=\"\(number(y1))\" "
      + "x2=\"\(number(x2))\" y2=\"\(number(y2))\"/>\n"
  }

  private func label(_ text: String, _ x: Double, _ y: Double, anchor: String) -> String {
    "<text class=\"tick\" x=\"\(number(x))\" y=\"\(number(y))\" "
      + "text-anchor=\"\(anchor)\">\(Markup.escaped(text))</text>\n"
  }

  /// A coordinate: a tenth of a pixel is finer than a screen.
  private func number(_ value: Double) -> String {
    let text = value.decimal(1)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
