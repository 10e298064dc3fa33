import Blitz
import BlitzPlot

extension Values {
  fileprivate mutating func doubles() -> [Double] {
    (0..<pick([0, 1, 2, 5, 40])).map { _ in isOneIn(3) ? double() : Double(int() % 100) }
  }
}

extension Row {
  /// A plot of whatever comes, drawn in every way.
  private static func plot(
    _ names: String..., make: @escaping @Sendable (inout Values) throws -> Plot
  ) -> Row {
    var row = Row("Plot.svg(theme:)", "Plot.terminal(width:height:color:unicode:)") {
      let plot = try make(&$0)
      return (
        plot.svg(theme: $0.pick([.automatic, .light, .dark])),
        plot.terminal(
          width: $0.isOneIn(4) ? $0.int() : 40, height: $0.isOneIn(4) ? $0.int() : 8,
          color: $0.bool(), unicode: $0.bool())
      )
    }
    row.names += names
    return row
  }

  static let plots: [Row] = [
    plot("Plot.line(_:name:startingAt:)") {
      $0.bool()
        ? .line($0.doubles(), name: $0.string(), startingAt: $0.int()) : .line($0.tensor())
    },
    plot("Plot.line(_:startingAt:)") {
      .line(["a": $0.doubles(), "b": $0.tensor()], startingAt: $0.int())
    },
    plot("Plot.line(_:_:name:)") { .line($0.doubles(), $0.doubles(), name: $0.string()) },
    plot("Plot.scatter(_:_:name:)") {
      $0.bool() ? .scatter($0.doubles(), $0.doubles()) : .scatter($0.tensor(), $0.tensor())
    },
    plot("Plot.scatter(_:_:classes:names:)") {
      .scatter([1, $0.double()], [2, $0.double()], classes: $0.ints(), names: $0.strings())
    },
    plot("Plot.bar(_:_:)") {
      $0.bool()
        ? .bar($0.strings(), $0.doubles())
        : .bar($0.strings(), ["a": $0.doubles(), "b": [$0.double()]])
    },
    plot("Plot.histogram(_:bins:name:)") {
      .histogram($0.doubles(), bins: $0.bool() ? nil : $0.int(), name: $0.string())
    },
    plot("Plot.heatMap(_:rows:columns:colors:)") {
      $0.bool()
        ? .heatMap(
          $0.tensor(), rows: $0.strings(), columns: $0.strings(),
          colors: $0.pick([.automatic, .sequential, .diverging, .gray]))
        : .heatMap([$0.doubles(), $0.doubles()], rows: $0.strings())
    },
    plot("Plot.images(_:columns:captions:colors:)") {
      .images(
        $0.pictures(), columns: $0.bool() ? nil : $0.int(), captions: $0.strings(),
        colors: $0.pick([.automatic, .sequential, .diverging, .gray]))
    },
    plot("Plot.images(_:columns:captions:)") { values in
      let image = try Image(width: 2, height: 1, channelCount: 1, pixels: [0, 255])
      let images = [Image](repeating: image, count: values.pick([0, 1, 3]))
      return .images(images, columns: values.int(), captions: values.strings())
    },
    plot("Plot.decisionBoundary(_:over:labels:names:resolution:)") {
      .decisionBoundary(
        Linear($0.size(), 3), over: $0.tensor(), labels: $0.ints(), names: $0.strings(),
        resolution: $0.bool() ? 4 : $0.int())
    },
    plot("Plot.decisionBoundary(over:labels:names:resolution:model:)") {
      let answer = $0.tensor()
      return .decisionBoundary(
        over: $0.bool() ? $0.tensor() : Tensor([[$0.double(), 1], [0, 1]]),
        labels: $0.bool() ? [0, 1] : $0.ints(), resolution: $0.bool() ? 4 : $0.int()
      ) { _ in answer }
    },
    plot(
      "Plot.labeled(_:x:y:)", "Plot.overlaid(with:)", "Plot.scaled(x:y:)", "Plot.row(_:title:)"
    ) { values in
      let scales: [Plot.Scale?] = [nil, .linear, .logarithmic, .automatic]
      let plots = (0..<values.pick([0, 1, 3])).map { _ in
        Plot.line(values.doubles()).overlaid(with: .line(values.doubles(), values.doubles()))
          .labeled(values.string(), x: values.string(), y: values.string())
          .scaled(x: values.pick(scales), y: values.pick(scales))
      }
      return plots.count == 1 ? plots[0] : .row(plots, title: values.string())
    },
    Row(
      "ProgressLine.init(epochs:batches:done:curves:)", "ProgressLine.step(_:)",
      "ProgressLine.endEpoch(_:)", "ProgressLine.finish()"
    ) {
      let terminal = Terminal(
        isInteractive: $0.bool(), columns: 40, hasColor: false, hasUnicode: true)
      var (text, time) = ("", 0.0)
      var line = ProgressLine(
        epochs: $0.int(), batches: $0.int(), done: $0.int(), curves: $0.bool() ? ["a"] : [],
        terminal: terminal, write: { text += $0 },
        clock: {
          time += 0.3; return time
        })
      for _ in 0..<6 { line.step(["a": $0.double()]) }
      line.endEpoch(["a": $0.double()])
      line.endEpoch(["b": $0.double()])
      line.finish()
      return line.plot.error.map { Tensor(error: $0) } ?? text
    },
    Row("Plot.pngData(theme:)", "Plot.write(to:theme:)") {
      if !$0.isOneIn(10) { return 0 }
      let plot = Plot.line($0.doubles(), startingAt: $0.int())
      try? plot.write(to: "/nowhere/a.png")
      return try plot.pngData(theme: .dark)
    },
    Row(
      "PlotValues.plotted()", "Tensor.plotted()", "Array.plotted()", "ArraySlice.plotted()",
      "Range.plotted()", "ClosedRange.plotted()"
    ) {
      let x = $0.tensor()
      _ = ($0.ints().plotted(), $0.ints()[...].plotted(), (-3..<3).plotted(), (0...2).plotted())
      return x.elementCount > 1000 ? 0 : try x.plotted()
    },
  ]
}
