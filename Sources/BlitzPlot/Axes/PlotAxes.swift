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
  private let labels: (x: String, y: String)
  /// How many numbers a logarithmic axis has no place for.
  private let leftOut: (x: Int, y: Int)

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
    // Ends of many digits would crowd the axis.
    let counted =
      isCurve && isCounting ? xs.min().flatMap { low in xs.max().map { (low, $0) } } : nil
    ends = counted.flatMap { abs($0) < 1e6 && abs($1) < 1e6 ? ($0, $1) : nil }
    if isPlane {
      y = Axis.tight(over: plot.ys, count: yCount, scale: plot.yScale, margin: margin)
    } else {
      // Bars start at zero, which a logarithmic axis does not have: there at half the least.
      var ys = plot.ys
      if hasBars {
        let least = ys.lazy.filter { $0 > 0 && $0.isFinite }.min()
        ys.append(plot.yScale == .linear ? 0 : (least ?? 0) / 2)
      }
      y = Axis(over: ys, count: yCount, scale: plot.yScale)
    }
    labels = (plot.xLabel, plot.yLabel)
    func leftOut(_ axis: Axis, _ values: [Double]) -> Int {
      axis.isLogarithmic ? values.count { $0 <= 0 && $0.isFinite } : 0
    }
    self.leftOut = (leftOut(x, plot.xs), leftOut(y, plot.ys))
  }

  /// The horizontal axis's marks: where it counts, both ends, which tell where training began and
  /// ended, and as many round numbers as stand apart on an axis of `width`.
  func xMarks(across width: Double) -> [(value: Double, label: String)] {
    func areApart(
      _ mark: (value: Double, label: String), _ next: (value: Double, label: String)
    ) -> Bool {
      guard let start = x.position(of: mark.value), let end = x.position(of: next.value) else {
        return false
      }
      let words = (Pen.width(mark.label) + Pen.width(next.label)) / 2
      return (end - start) * width > max(36, words + 10)
    }
    var marks: [(value: Double, label: String)] = []
    var end: (value: Double, label: String)?
    if let (first, last) = ends, last > first {
      marks = [(first, Axis.wholeLabel(first))]
      end = (last, Axis.wholeLabel(last))
    }
    for tick in x.ticks {
      if let mark = marks.last, !areApart(mark, tick) { continue }
      if let end, !areApart(tick, end) { break }
      marks.append(tick)
    }
    return marks + (end.map { [$0] } ?? [])
  }

  /// The axes' names, and that they are logarithmic if they are.
  var names: (x: String, y: String) {
    func name(_ label: String, _ scale: String) -> String {
      scale.isEmpty ? label : label.isEmpty ? scale : "\(label) (\(scale))"
    }
    return (name(labels.x, scales.x), name(labels.y, scales.y))
  }

  /// What is to be said of the axes' scales: nothing if they are linear.
  var scales: (x: String, y: String) {
    func scale(_ axis: Axis, _ leftOut: Int) -> String {
      guard axis.isLogarithmic else { return "" }
      return leftOut == 0 ? "logarithmic" : "logarithmic, without \(leftOut) not above 0"
    }
    return (scale(x, leftOut.x), scale(y, leftOut.y))
  }
}

extension Plot {
  /// What the legend tells apart: the series that have names.
  var legend: [(name: String, color: Int, isLine: Bool)] {
    marks.flatMap(\.entries).filter { !$0.name.isEmpty }
  }
}
