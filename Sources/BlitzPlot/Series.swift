/// A line of a plot: its name in the legend, and its points from left to right.
struct Series {
  var name: String
  /// Points `(x, y)`; one whose y is not a finite number leaves a gap.
  var points: [(x: Double, y: Double)]

  /// Values at places of their own.
  init(_ name: String, points: [(x: Double, y: Double)]) {
    self.name = name
    self.points = points
  }

  /// Values at x = 1, 2, 3 ...
  init(_ name: String, _ values: [Double]) {
    self.name = name
    points = values.enumerated().map { (Double($0.offset + 1), $0.element) }
  }
}
