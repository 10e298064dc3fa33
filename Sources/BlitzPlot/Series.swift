/// Points that share a name and a colour: a curve, or a class of dots.
struct Series: Sendable {
  /// What the legend calls it; empty if it is not told apart from others.
  var name: String
  /// Points `(x, y)`; one that is not a pair of finite numbers leaves a gap.
  var points: [(x: Double, y: Double)]
  /// Its colour's place in the palette.
  var color: Int
}

/// Bars beside each other, one for each name or bin.
struct BarGroup: Sendable {
  var name: String
  var values: [Double]
  var color: Int
}

/// What is drawn on the axes, from back to front; or instead of them.
enum Mark: Sendable {
  case line(Series)
  case points(Series)
  /// One band of the horizontal axis a name.
  case bars(names: [String], groups: [BarGroup])
  /// Bars that touch: `edges` has one more than each group has values.
  case histogram(edges: [Double], groups: [BarGroup])
  /// Which class a model gives to each cell of a grid.
  case regions(RegionGrid)
  case cells(CellGrid)
  case pictures(PictureGrid)
  /// Plots side by side.
  case row([Plot])
}

/// Classes on a grid over part of the plane, row by row from the top.
struct RegionGrid: Sendable {
  var classes: [Int]
  var columns: Int
  var rows: Int
  var xRange: ClosedRange<Double>
  var yRange: ClosedRange<Double>
}

/// Numbers as colours, row by row from the top.
struct CellGrid: Sendable {
  var values: [Double]
  var columns: Int
  var rows: Int
  var columnNames: [String]
  var rowNames: [String]
  var colors: ColorMap
}
