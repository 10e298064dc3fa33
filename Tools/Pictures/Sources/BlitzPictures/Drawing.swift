/// A drawing of boxes and arrows, for a light page and for a dark one.
struct Drawing {
  /// What a box stands for; it says the colour.
  enum Kind: String, CaseIterable {
    case argument, matmul, elementwise, reduction, view, result

    /// Fill and edge on a light page, and on a dark one: Okabe and Ito's colours, paler or deeper.
    var colors: (light: (String, String), dark: (String, String)) {
      switch self {
      case .argument: (("#f6f8fa", "#6b7580"), ("#1c2128", "#8d96a0"))
      case .matmul: (("#fdeadd", "#d55e00"), ("#3d2415", "#f0883e"))
      case .elementwise: (("#e0f0fa", "#0072b2"), ("#132c3f", "#56b4e9"))
      case .reduction: (("#ddf3ec", "#009e73"), ("#12332a", "#2bc490"))
      case .view: (("#ffffff", "#9aa4ae"), ("#0d1117", "#59636e"))
      case .result: (("#f9e9f2", "#b0548a"), ("#3a2133", "#e39bc6"))
      }
    }
  }

  struct Box {
    var kind: Kind
    /// The first line is set in bold.
    var lines: [String]
  }

  let title: String
  let boxes: [Box]
  let edges: [(from: Int, to: Int)]
  /// The kinds that are explained below the drawing, with their words.
  let legend: [(Kind, String)]

  private static let size = 13.0
  private static let line = 17.0

  /// The file's text.
  func svg(dark: Bool) -> String {
    let sizes = boxes.map { box in
      (
        width: (box.lines.enumerated().map { Drawing.width($1) * ($0 == 0 ? 1.09 : 1) }.max() ?? 0)
          + 18,
        height: Double(box.lines.count) * Drawing.line + 11
      )
    }
    let layout = LayeredLayout(sizes, edges: edges)
    let (key, width, height) = keyed(layout, dark)
    let ink = dark ? "#e6edf3" : "#1f2328"
    var svg = """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(text(width)) \(text(height))" \
      width="\(text(width))" height="\(text(height))" role="img" aria-label="\(escaped(title))" \
      font-family="system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif" \
      font-size="\(text(Drawing.size))">
      <title>\(escaped(title))</title>
      <g fill="none" stroke="\(dark ? "#8d96a0" : "#6b7580")" stroke-width="1.3">

      """
    for arrow in layout.arrows { svg += path(arrow) }
    svg += "</g>\n"
    for (box, place) in zip(boxes, layout.boxes) {
      let colors = dark ? box.kind.colors.dark : box.kind.colors.light
      svg += """
        <rect x="\(text(place.x - place.width / 2))" y="\(text(place.y))" \
        width="\(text(place.width))" height="\(text(place.height))" rx="6" fill="\(colors.0)" \
        stroke="\(colors.1)"\(box.kind == .view ? " stroke-dasharray=\"4 3\"" : "")/>

        """
      for (index, line) in box.lines.enumerated() {
        let y = place.y + Drawing.line * Double(index + 1) + 1
        svg += """
          <text x="\(text(place.x))" y="\(text(y))" text-anchor="middle" \
          fill="\(index == 0 ? ink : dark ? "#b1bac4" : "#4b545e")"\
          \(index == 0 ? " font-weight=\"600\"" : "")>\(escaped(line))</text>

          """
      }
    }
    return svg + key + "</svg>\n"
  }

  /// The legend below the boxes, and how large the drawing is with it.
  private func keyed(_ layout: LayeredLayout, _ dark: Bool) -> (String, Double, Double) {
    var svg = ""
    var (x, y) = (8.0, layout.height + 16)
    let limit = max(layout.width, 430)
    for (kind, words) in legend {
      let width = Drawing.width(words) + 40
      if x > 8 && x + width > limit { (x, y) = (8, y + 24) }
      let colors = dark ? kind.colors.dark : kind.colors.light
      svg += """
        <rect x="\(text(x))" y="\(text(y - 11))" width="18" height="13" rx="3" \
        fill="\(colors.0)" stroke="\(colors.1)"\
        \(kind == .view ? " stroke-dasharray=\"4 3\"" : "")/>
        <text x="\(text(x + 25))" y="\(text(y))" fill="\(dark ? "#b1bac4" : "#4b545e")">\
        \(escaped(words))</text>

        """
      x += width
    }
    return (svg, limit, legend.isEmpty ? layout.height : y + 12)
  }

  /// A curve through the points, which leaves and arrives straight down, with a head.
  private func path(_ points: [(x: Double, y: Double)]) -> String {
    var data = "M\(text(points[0].x)) \(text(points[0].y))"
    for (a, b) in zip(points, points.dropFirst()) {
      let middle = (a.y + b.y) / 2
      data +=
        " C\(text(a.x)) \(text(middle)) \(text(b.x)) \(text(middle)) \(text(b.x)) \(text(b.y))"
    }
    data += " m-4 -6 l4 6 l4 -6"
    return "<path d=\"\(data)\"/>\n"
  }

  /// About how wide a text is: nothing here can measure it.
  static func width(_ text: String) -> Double {
    text.unicodeScalars.reduce(0) { sum, scalar in
      switch scalar {
      case "i", "j", "l", ".", ",", ":", ";", "'", "|", " ", "I", "(", ")", "[", "]", "f", "t", "r":
        sum + 0.4 * size
      case "m", "w", "M", "W": sum + 0.95 * size
      default: sum + 0.63 * size
      }
    }
  }

  private func text(_ number: Double) -> String {
    let tenths = Int((number * 10).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(Double(tenths) / 10)"
  }

  private func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }
}
