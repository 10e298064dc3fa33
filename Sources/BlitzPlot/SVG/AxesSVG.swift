/// A plot with a horizontal and a vertical axis.
struct AxesSVG {
  private let plot: Plot
  private let axes: PlotAxes
  private let width: Double
  private let plotHeight: Double
  private let left: Double
  private let right = 20.0
  private let isEmbedded: Bool
  private let bandNames: BandNames?

  init(plot: Plot, isEmbedded: Bool) {
    self.plot = plot
    self.isEmbedded = isEmbedded
    axes = PlotAxes(plot, xCount: 5, yCount: 5)
    width = isEmbedded ? 360 : 480
    plotHeight = isEmbedded ? 200 : 280
    let labels = max(44, 18 + (axes.y.ticks.map { Pen.width($0.label) }.max() ?? 0))
    if let names = axes.bandNames {
      let count = Double(max(names.count, 1))
      left = max(labels, BandNames(names, band: (width - labels - right) / count).overhang + 8)
      bandNames = BandNames(names, band: (width - left - right) / count)
    } else {
      (left, bandNames) = (labels, nil)
    }
  }

  private var plotWidth: Double { width - left - right }

  var drawing: PlotSVG.Drawing {
    var pen = Pen()
    var top = 12.0
    if !isEmbedded {
      top = max(top, PlotSVG.title(plot.title, left: 16, width: width, &pen) + 4)
    }
    top = header(from: top, &pen)
    let base = top + plotHeight
    drawRegions(top, &pen)
    for tick in axes.y.ticks {
      guard let height = y(tick.value, top) else { continue }
      if !axes.isPlane { pen.line("grid", left, height, left + plotWidth, height) }
      pen.text("tick", tick.label, left - 8, height + 4, anchor: "end")
    }
    drawBars(top, &pen)
    // Bars that reach below zero hang from it; the axis is there.
    let zero = axes.y.isLogarithmic ? base : y(max(0, axes.y.range.lowerBound), top) ?? base
    pen.line("base", left, base, left + plotWidth, base)
    if axes.isPlane { pen.line("base", left, top, left, base) }
    if axes.bandNames != nil && zero < base { pen.line("base", left, zero, left + plotWidth, zero) }
    let bottom = marks(below: base, &pen)
    for mark in plot.marks { draw(mark, top, &pen) }
    return PlotSVG.Drawing(svg: pen.svg, width: width, height: bottom)
  }

  private func x(_ value: Double) -> Double? {
    axes.x.position(of: value).map { left + $0 * plotWidth }
  }

  private func y(_ value: Double, _ top: Double) -> Double? {
    axes.y.position(of: value).map { top + (1 - $0) * plotHeight }
  }

  // MARK: Words

  /// The vertical axis's name, then each series' with a stroke of its colour.
  ///
  /// - Returns: where the drawing starts.
  private func header(from top: Double, _ pen: inout Pen) -> Double {
    let name = axes.names.y
    let entries = plot.legend
    guard !name.isEmpty || !entries.isEmpty else { return top + 4 }
    var (x, line) = (16.0, top + 14)
    let full = width - 8
    if !name.isEmpty {
      pen.text("name", name, x, line, room: full - x)
      x += Pen.width(name, size: 13) + 24
    }
    for entry in entries {
      let room = 24 + Pen.width(entry.name, size: 13)
      if x > 16 && x + room > full {
        x = 16
        line += 20
      }
      let mark = "M\(Pen.number(x))"
      if entry.isLine {
        pen.path(AxesSVG.curveClass(entry.color), "\(mark) \(Pen.number(line - 4))h18")
      } else {
        dots([(x + 9, line - 4)], entry.color, tips: nil, &pen)
      }
      pen.text("name", entry.name, x + 24, line, room: full - x - 24)
      x += room + 16
    }
    return line + 14
  }

  /// The horizontal axis's marks and name.
  ///
  /// - Returns: where the picture ends.
  private func marks(below base: Double, _ pen: inout Pen) -> Double {
    var bottom = base + 22
    if let bandNames {
      bandNames.draw(left: left, base: base + 2, &pen)
      bottom = base + 2 + bandNames.height
    } else {
      for tick in axes.xMarks(across: plotWidth) {
        guard let place = x(tick.value) else { continue }
        pen.line("base", place, base, place, base + 5)
        // Below its mark, unless that would cut it off.
        let half = Pen.width(tick.label) / 2 + 2
        pen.text(
          "tick", tick.label, max(half, min(place, width - half)), base + 20, anchor: "middle")
      }
    }
    let name = axes.names.x
    if !name.isEmpty {
      let middle = left + plotWidth / 2
      pen.text(
        "name", name, middle, bottom + 18, anchor: "middle",
        room: 2 * min(middle, width - middle) - 16)
      bottom += 22
    }
    return bottom + 10
  }

  // MARK: Marks

  private func draw(_ mark: Mark, _ top: Double, _ pen: inout Pen) {
    switch mark {
    case .line(let series):
      let places = series.points.map { point in
        x(point.x).flatMap { x in y(point.y, top).map { (x: x, y: $0) } }
      }
      pen.path(AxesSVG.curveClass(series.color), AxesSVG.path(Thinning.curve(places)))
      // A few points can be told one by one; more would hide the curve.
      if places.count <= 30 { dots(places, series.color, tips: series, &pen) }
    case .points(let series):
      let places = Thinning.dots(
        series.points.map { point in
          x(point.x).flatMap { x in y(point.y, top).map { (x: x, y: $0) } }
        })
      if axes.hasRegions {
        pen.path("rim" + AxesSVG.capClass(series.color), AxesSVG.dotPath(places))
      }
      dots(places, series.color, tips: nil, &pen)
    case .bars, .histogram, .regions, .cells, .pictures, .row: break
    }
  }

  private func dots(
    _ places: [(x: Double, y: Double)?], _ color: Int, tips series: Series?, _ pen: inout Pen
  ) {
    let kind = "dot s\(color % Palette.count)" + AxesSVG.capClass(color)
    if let series {
      for (place, point) in zip(places, series.points) {
        guard let place else { continue }
        let name = series.name.isEmpty ? "" : "\(series.name), "
        let x = "\(plot.xLabel.isEmpty ? "x" : plot.xLabel) \(Axis.wholeLabel(point.x))"
        pen.path(kind, AxesSVG.dotPath([place]), tip: "\(name)\(x): \(point.y.short)")
      }
    } else {
      pen.path(kind, AxesSVG.dotPath(places))
    }
    if color / Palette.count % 2 == 1 {
      pen.path("hole" + AxesSVG.capClass(color), AxesSVG.dotPath(places))
    }
  }

  private func drawBars(_ top: Double, _ pen: inout Pen) {
    // Histograms that cover each other let each other through.
    let isOver = plot.marks.flatMap(\.entries).count > 1
    for mark in plot.marks {
      switch mark {
      case .bars(let names, let groups):
        let band = plotWidth / Double(max(names.count, 1))
        let width = min(0.76 * band / Double(groups.count), 64)
        for (place, group) in groups.enumerated() {
          for (index, value) in group.values.enumerated() {
            let middle = left + (Double(index) + 0.5) * band
            let start = middle + (Double(place) - Double(groups.count) / 2) * width
            let who = [names[index], group.name].filter { !$0.isEmpty }.joined(separator: ", ")
            bar(
              start, start + width - (groups.count > 1 ? 1 : 0), value,
              "f\(group.color % Palette.count)",
              who, top, &pen)
          }
        }
      case .histogram(let edges, let groups):
        for group in groups {
          for (index, value) in group.values.enumerated() where value > 0 {
            guard let start = x(edges[index]), let end = x(edges[index + 1]) else { continue }
            // A hair between bars, if they are wide enough to spare it.
            let gap = end - start > 4 ? 1.0 : 0
            let who = "\(edges[index].short) to \(edges[index + 1].short)"
            let kind = "f\(group.color % Palette.count)" + (isOver ? " over" : "")
            bar(start, end - gap, value, kind, who, top, &pen)
          }
        }
      case .line, .points, .regions, .cells, .pictures, .row: break
      }
    }
  }

  private func bar(
    _ start: Double, _ end: Double, _ value: Double, _ kind: String, _ name: String, _ top: Double,
    _ pen: inout Pen
  ) {
    guard let height = y(value, top) else { return }
    let zero = axes.y.isLogarithmic ? top + plotHeight : y(0, top) ?? top + plotHeight
    pen.rectangle(
      "class=\"\(kind)\"", start, min(height, zero), end - start,
      max(abs(zero - height), 0.5), tip: "\(name): \(value.short)")
  }

  /// The regions as one shape for each class, made of the runs of its rows.
  private func drawRegions(_ top: Double, _ pen: inout Pen) {
    for mark in plot.marks {
      guard case .regions(let grid) = mark, let start = x(grid.xRange.lowerBound),
        let end = x(grid.xRange.upperBound), let high = y(grid.yRange.upperBound, top),
        let low = y(grid.yRange.lowerBound, top)
      else { continue }
      var shapes: [Int: String] = [:]
      for row in 0..<grid.rows {
        var from = 0
        for column in 1...grid.columns {
          let kind = grid.classes[row * grid.columns + from]
          if column < grid.columns && grid.classes[row * grid.columns + column] == kind { continue }
          shapes[kind, default: ""] += "M\(from) \(row)h\(column - from)v1H\(from)z"
          from = column
        }
      }
      let scale = ((end - start) / Double(grid.columns), (low - high) / Double(grid.rows))
      pen.add("<g class=\"region\" shape-rendering=\"crispEdges\" transform=\"")
      pen.add("translate(\(Pen.number(start)) \(Pen.number(high))) ")
      pen.add("scale(\(scale.0.decimal(5)) \(scale.1.decimal(5)))\">\n")
      for (kind, data) in shapes.sorted(by: { $0.key < $1.key }) {
        pen.path("f\(kind % Palette.count)", data)
      }
      pen.add("</g>\n")
    }
  }

  private static func curveClass(_ color: Int) -> String {
    "curve s\(color % Palette.count)"
      + ["", " dashed", " dotted", " dashdot"][color / Palette.count % 4]
  }

  /// Dots of the third and fourth time around the palette are squares.
  private static func capClass(_ color: Int) -> String {
    color / Palette.count % 4 < 2 ? "" : " square"
  }

  private static func dotPath(_ places: [(x: Double, y: Double)?]) -> String {
    places.compactMap { $0 }.map { "M\(Pen.number($0.x)) \(Pen.number($0.y))h0" }.joined()
  }

  /// A curve; nil leaves a gap. A point alone between gaps becomes a dot.
  private static func path(_ points: [(x: Double, y: Double)?]) -> String {
    var data = ""
    var isOpen = false
    for point in points {
      guard let point else {
        isOpen = false
        continue
      }
      data += "\(isOpen ? "L" : "M")\(Pen.number(point.x)) \(Pen.number(point.y))"
      if !isOpen { data += "h0" }
      isOpen = true
    }
    return data
  }
}
