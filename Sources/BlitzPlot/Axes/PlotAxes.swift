/// The two axes that suit what is drawn.
struct PlotAxes {
  let x: Axis
  let y: Axis
  /// Whether both axes measure, as for dots; grid lines would be in the way.
  let isPlane: Bool
  let hasRegions: Bool
  /// The names along the horizontal axis of bars.
  let bandNames: [String]?
  /// Whether the horizontal axis counts: its marks are whole numbers.
  private let isCounting: Bool
  private let ends: (Double, Double)?

  init(_ plot: Plot, xCount: Int, yCount: Int) {
    var (hasDots, hasRegions, hasBars) = (false, false, false)
    var names: [String]?
    for mark in plot.marks {
      switch mark {
      case .points: hasDots = true
      case .regions: hasRegions = true
      case .histogram: hasBars = true
      case .bars(let bandNames, _): (hasBars, names) = (true, bandNames)
      case .line, .cells, .pictures, .row: break
      }
    }
    self.hasRegions = hasRegions
    bandNames = names
    isPlane = hasDots || hasRegions
    let margin = hasRegions ? 0 : hasDots ? 0.05 : 0
    // Only places that are drawn.
    let xs = plot.xs.filter { $0.isFinite && (plot.xScale != .logarithmic || $0 > 0) }
    isCounting = !isPlane && !hasBars && xs.allSatisfy { $0 == $0.rounded() && abs($0) < 1e15 }
    x = Axis.tight(
      over: xs, count: xCount, scale: plot.xScale, counts: isCounting,
      margin: hasBars ? 0.02 : margin)
    let isCurve = !isPlane && !hasBars && !x.isLogarithmic
    ends = isCurve && isCounting ? xs.min().flatMap { low in xs.max().map { (low, $0) } } : nil
    if isPlane {
      y = Axis.tight(over: plot.ys, count: yCount, scale: plot.yScale, margin: margin)
    } else {
      // Bars start at zero, which a logarithmic axis does not have.
      let zero = hasBars && plot.yScale == .linear ? [0.0] : []
      y = Axis(over: plot.ys + zero, count: yCount, scale: plot.yScale)
    }
  }

  /// The horizontal axis's marks: where it counts, both ends, which tell where training began and
  /// ended, and round numbers between that are not closer to them than `gap` of `width`.
  func xMarks(across width: Double, apart gap: Double) -> [(value: Double, label: String)] {
    guard let (first, last) = ends, last > first else { return x.ticks }
    let inner = x.ticks.filter {
      min($0.value - first, last - $0.value) / (last - first) * width > gap
    }
    return [(first, Axis.wholeLabel(first))] + inner + [(last, Axis.wholeLabel(last))]
  }
}

extension Plot {
  /// What the legend tells apart: the series that have names.
  var legend: [(name: String, color: Int, isLine: Bool)] {
    marks.flatMap(\.entries).filter { !$0.name.isEmpty }
  }
}
