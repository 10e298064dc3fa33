import BlitzTensor

/// A plot of curves, dots, bars, colours or small images, for a file, a notebook or a terminal.
///
///     let plot = Plot.line(["training": losses, "test": testLosses])
///       .labeled("two layers", x: "epoch", y: "loss")
///     try plot.write(to: "loss.svg")
///     print(plot)
///
/// It looks right without settings: ticks at round numbers, colours that colour-blind readers can
/// tell apart, light or dark as the reader's screen is.
///
/// Making a plot does not throw: a mistake travels as ``error``, shows in place of the picture, and
/// is thrown when the plot is written to a file.
public struct Plot: Sendable {
  /// The scale of an axis.
  public enum Scale: Sendable {
    /// Equal steps are equal differences.
    case linear
    /// Equal steps are equal factors; a value that is not above 0 leaves a gap.
    case logarithmic
    /// Logarithmic if all values are above 0 and the largest is more than 50 times the smallest,
    /// otherwise linear. The picture says which.
    case automatic
  }

  /// The page that a plot is for.
  public enum Theme: Sendable {
    /// Light or dark as the reader's screen is (`prefers-color-scheme`); light in programs that do
    /// not know.
    case automatic
    /// A white page.
    case light
    /// A nearly black page.
    case dark
  }

  /// The title above the plot.
  public var title = ""
  /// The name of the horizontal axis.
  public var xLabel = ""
  /// The name of the vertical axis.
  public var yLabel = ""
  /// The scale of the horizontal axis.
  public var xScale = Scale.linear
  /// The scale of the vertical axis.
  public var yScale = Scale.linear
  /// The error in making the plot; nil if there was none.
  public internal(set) var error: TensorError?
  var marks: [Mark] = []

  init(_ marks: [Mark] = []) { self.marks = marks }

  /// A plot that could not be made.
  init(_ error: TensorError) { self.error = error }

  /// Runs `body`; what it throws becomes the plot's error.
  static func making(_ body: () throws(TensorError) -> Plot) -> Plot {
    do { return try body() } catch { return Plot(error) }
  }

  /// The plot with a title and names of its axes; nil keeps what there is.
  public func labeled(_ title: String? = nil, x: String? = nil, y: String? = nil) -> Plot {
    var plot = self
    if let title { plot.title = title }
    if let x { plot.xLabel = x }
    if let y { plot.yLabel = y }
    return plot
  }

  /// The plot with other scales; nil keeps what there is.
  ///
  /// - Returns: a plot that carries an error if a logarithmic axis has no value above 0 to show.
  public func scaled(x: Scale? = nil, y: Scale? = nil) -> Plot {
    var plot = self
    if let x { plot.xScale = x }
    if let y { plot.yScale = y }
    guard plot.error == nil else { return plot }
    for (name, scale, values) in [("x", plot.xScale, plot.xs), ("y", plot.yScale, plot.ys)]
    where scale == .logarithmic && !values.contains(where: { $0 > 0 && $0.isFinite }) {
      plot.error = TensorError(
        "Plot.scaled", "the logarithmic \(name) axis has no number above 0 to show",
        help: "leave that axis linear")
    }
    return plot
  }

  /// Both plots on the same axes, this one behind, with the labels and scales of this one.
  ///
  ///     let both = Plot.scatter(x, y, name: "measured").overlaid(with: .line(x, fit, name: "fit"))
  ///
  /// - Returns: a plot that carries an error if one of them has no axes of numbers, as grids of
  ///   images, heat maps, bars with names, and plots side by side do not.
  public func overlaid(with other: Plot) -> Plot {
    if error != nil { return self }
    if other.error != nil { return other }
    guard hasNumberAxes, other.hasNumberAxes else {
      return Plot(
        TensorError(
          "Plot.overlaid", "only lines, dots, histograms and regions share axes",
          help: "put the plots side by side with Plot.row"))
    }
    var plot = self
    let used = (marks.flatMap(\.colors).max() ?? -1) + 1
    plot.marks += other.marks.map { $0.recolored(by: used) }
    return plot
  }

  /// Plots side by side.
  ///
  /// - Returns: a plot that carries the first of their errors, or one of its own if there are none.
  public static func row(_ plots: [Plot], title: String = "") -> Plot {
    if let failed = plots.first(where: { $0.error != nil }) { return failed }
    guard !plots.isEmpty else {
      return Plot(TensorError("Plot.row", "there are no plots", help: "give one or more"))
    }
    var plot = Plot([.row(plots)])
    plot.title = title
    return plot
  }

  private var hasNumberAxes: Bool {
    marks.allSatisfy { mark in
      switch mark {
      case .line, .points, .histogram, .regions: true
      case .bars, .cells, .pictures, .row: false
      }
    }
  }

  /// The numbers that the horizontal axis is to show.
  var xs: [Double] {
    marks.flatMap { mark -> [Double] in
      switch mark {
      case .line(let series), .points(let series): series.points.map { $0.x }
      case .histogram(let edges, _): edges
      case .regions(let grid): [grid.xRange.lowerBound, grid.xRange.upperBound]
      case .bars, .cells, .pictures, .row: []
      }
    }
  }

  /// The numbers that the vertical axis is to show.
  var ys: [Double] {
    marks.flatMap { mark -> [Double] in
      switch mark {
      case .line(let series), .points(let series): series.points.map { $0.y }
      case .bars(_, let groups), .histogram(_, let groups): groups.flatMap(\.values)
      case .regions(let grid): [grid.yRange.lowerBound, grid.yRange.upperBound]
      case .cells, .pictures, .row: []
      }
    }
  }
}

extension Mark {
  /// The places in the palette that it uses.
  var colors: [Int] {
    switch self {
    case .line(let series), .points(let series): [series.color]
    case .bars(_, let groups), .histogram(_, let groups): groups.map(\.color)
    case .regions(let grid): [grid.classes.max() ?? 0]
    case .cells, .pictures, .row: []
    }
  }

  /// The names and colours for the legend.
  var entries: [(name: String, color: Int, isLine: Bool)] {
    switch self {
    case .line(let series): [(series.name, series.color, true)]
    case .points(let series): [(series.name, series.color, false)]
    case .bars(_, let groups), .histogram(_, let groups):
      groups.map { ($0.name, $0.color, false) }
    case .regions, .cells, .pictures, .row: []
    }
  }

  func recolored(by shift: Int) -> Mark {
    func moved(_ series: Series) -> Series {
      var series = series
      series.color += shift
      return series
    }
    func moved(_ groups: [BarGroup]) -> [BarGroup] {
      groups.map { BarGroup(name: $0.name, values: $0.values, color: $0.color + shift) }
    }
    switch self {
    case .line(let series): return .line(moved(series))
    case .points(let series): return .points(moved(series))
    case .bars(let names, let groups): return .bars(names: names, groups: moved(groups))
    case .histogram(let edges, let groups): return .histogram(edges: edges, groups: moved(groups))
    case .regions(var grid):
      grid.classes = grid.classes.map { $0 + shift }
      return .regions(grid)
    case .cells, .pictures, .row: return self
    }
  }
}
