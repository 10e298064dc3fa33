/// The colours of curves, dots and bars, and the style sheet that has them.
///
/// They are those of M. Okabe and K. Ito, which people tell apart whatever colours they see
/// (https://jfly.uni-koeln.de/color/), lighter on a dark page.
package enum Palette {
  /// The number of colours. Later series reuse them three times: curves are then dashed, dotted, or
  /// both; dots are rings, squares, or squares with a hole.
  static let count = 6

  private struct Page {
    var page: String, ink: String, soft: String, grid: String, series: [String], tint: String
  }
  private static let light = Page(
    page: "#ffffff", ink: "#1f2328", soft: "#59636e", grid: "#e4e7eb",
    series: ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"], tint: "0.25")
  private static let dark = Page(
    page: "#0d1117", ink: "#e6edf3", soft: "#9198a1", grid: "#262c36",
    series: ["#56b4e9", "#f0883e", "#22dd88", "#d8a8c0", "#ffd633", "#4f7cf0"], tint: "0.3")

  /// Rules for pictures of the class "blitz-plot". Plain classes, since several programs that show
  /// SVG know neither CSS variables nor media queries; all under one class, since a page that a
  /// picture is put in shares them.
  package static func style(_ theme: Plot.Theme) -> String {
    let shapes = """
      .blitz-plot { font-family: system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; }
      .blitz-plot .title { font-weight: 600; }
      .blitz-plot .name { font-size: 13px; }
      .blitz-plot .tick { font-size: 12px; }
      .blitz-plot .error { font-family: ui-monospace, "DejaVu Sans Mono", monospace; \
      font-size: 13px; }
      .blitz-plot .grid, .blitz-plot .base { stroke-width: 1; }
      .blitz-plot .curve { fill: none; stroke-width: 2; stroke-linejoin: round; \
      stroke-linecap: round; }
      .blitz-plot .dashed { stroke-dasharray: 6 5; }
      .blitz-plot .dotted { stroke-dasharray: 0.1 5; }
      .blitz-plot .dashdot { stroke-dasharray: 9 5 0.1 5; }
      .blitz-plot .dot { fill: none; stroke-width: 6; stroke-linecap: round; }
      .blitz-plot .rim { fill: none; stroke-width: 8; stroke-linecap: round; }
      .blitz-plot .hole { fill: none; stroke-width: 2.5; stroke-linecap: round; }
      .blitz-plot .square { stroke-linecap: square; }
      .blitz-plot .over { fill-opacity: 0.6; }
      .blitz-plot image { image-rendering: pixelated; }

      """
    switch theme {
    case .light: return shapes + colors(light)
    case .dark: return shapes + colors(dark)
    case .automatic:
      return shapes + colors(light) + "@media (prefers-color-scheme: dark) {\n\(colors(dark))}\n"
    }
  }

  private static func colors(_ page: Page) -> String {
    var rules = [
      ".page { fill: \(page.page) }", ".title { fill: \(page.ink) }", ".name { fill: \(page.ink) }",
      ".error { fill: \(page.ink) }", ".tick { fill: \(page.soft) }",
      ".grid { stroke: \(page.grid) }", ".base { stroke: \(page.soft) }",
      ".rim { stroke: \(page.page) }", ".hole { stroke: \(page.page) }",
      ".region { fill-opacity: \(page.tint) }",
    ]
    for (index, color) in page.series.enumerated() {
      rules.append(".s\(index) { stroke: \(color) }")
      rules.append(".f\(index) { fill: \(color) }")
    }
    return rules.map { ".blitz-plot \($0)\n" }.joined()
  }
}
