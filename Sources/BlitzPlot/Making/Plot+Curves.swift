import BlitzTensor

extension Plot {
  /// A curve of values over 0, 1, 2, ..., such as losses by step.
  ///
  ///     Plot.line(losses).labeled(x: "step", y: "loss")
  ///
  /// A value that is not finite leaves a gap. The scale of the vertical axis is `.automatic`.
  ///
  /// - Parameters:
  ///   - y: the values, in order.
  ///   - name: the name of the curve in the legend; without one there is no legend.
  ///   - start: the position of the first value; 1 for epochs that count from 1.
  /// - Returns: a plot that carries an error if there are no values, or none that is finite.
  public static func line(
    _ y: some PlotValues, name: String = "", startingAt start: Int = 0
  ) -> Plot {
    making { () throws(TensorError) in try curves([(name, y)], start: start) }
  }

  /// The same of an array, also of `[]`, which has no type of its own.
  @_documentation(visibility: internal)
  public static func line(
    _ y: [Double], name: String = "", startingAt start: Int = 0
  ) -> Plot {
    making { () throws(TensorError) in try curves([(name, y)], start: start) }
  }

  /// Several curves over 0, 1, 2, ..., each with its name in the legend.
  ///
  ///     Plot.line(["training": losses, "test": testLosses])
  ///
  /// - Returns: as ``line(_:name:startingAt:)``; curves may have different lengths.
  public static func line(
    _ curves: KeyValuePairs<String, any PlotValues>, startingAt start: Int = 0
  ) -> Plot {
    making { () throws(TensorError) in
      try self.curves(curves.map { ($0.key, $0.value) }, start: start)
    }
  }

  /// A curve through points, in their order.
  ///
  /// - Returns: a plot that carries an error if `x` and `y` differ in length, or if no point has
  ///   two finite coordinates.
  public static func line(
    _ x: some PlotValues, _ y: some PlotValues, name: String = ""
  ) -> Plot {
    making { () throws(TensorError) in
      let points = try points("Plot.line", x, y)
      return automatic([.line(Series(name: name, points: points, color: 0))])
    }
  }

  /// A scatter plot: a dot for each point.
  ///
  /// - Returns: a plot that carries an error if `x` and `y` differ in length, or if no point has
  ///   two finite coordinates.
  public static func scatter(
    _ x: some PlotValues, _ y: some PlotValues, name: String = ""
  ) -> Plot {
    making { () throws(TensorError) in
      let points = try points("Plot.scatter", x, y)
      return Plot([.points(Series(name: name, points: points, color: 0))])
    }
  }

  /// A scatter plot with a colour for each class.
  ///
  ///     Plot.scatter(points[..., 0], points[..., 1], classes: labels)
  ///
  /// - Parameters:
  ///   - x: the horizontal coordinate of each dot.
  ///   - y: the vertical coordinate of each dot.
  ///   - classes: the class of each dot, an integer from 0.
  ///   - names: the names of the classes in the legend; "class 0" and so on if left out.
  /// - Returns: a plot that carries an error as ``scatter(_:_:name:)`` does, or if there are not as
  ///   many classes as dots, or if one is not an integer from 0 to 999.
  public static func scatter(
    _ x: some PlotValues, _ y: some PlotValues, classes: some PlotValues, names: [String] = []
  ) -> Plot {
    making { () throws(TensorError) in
      let points = try points("Plot.scatter", x, y)
      return Plot(try dots("Plot.scatter", points, classes: classes.plotted(), names: names))
    }
  }

  /// A mark for each class that there is.
  static func dots(
    _ op: String, _ points: [(x: Double, y: Double)], classes: [Double], names: [String]
  ) throws(TensorError) -> [Mark] {
    guard classes.count == points.count else {
      throw TensorError(
        op, "\(points.count) points, but \(classes.count) classes",
        help: "give the class of each point")
    }
    var members: [Int: [(x: Double, y: Double)]] = [:]
    for (point, number) in zip(points, classes) {
      guard let index = Int(exactly: number), (0..<1000).contains(index) else {
        throw TensorError(
          op, "\(number) is no class", help: "number the classes 0, 1, 2 ..., at most 999")
      }
      members[index, default: []].append(point)
    }
    return members.sorted { $0.key < $1.key }.map { index, points in
      let name = names.indices.contains(index) ? names[index] : "class \(index)"
      return .points(Series(name: name, points: points, color: index))
    }
  }

  /// Curves over 1, 2, 3 ... whose names and number only the program's run tells, NaN for gaps.
  package static func lines(_ curves: [(name: String, values: [Double])]) -> Plot {
    lines(
      through: curves.map { curve in
        (
          name: curve.name,
          points: curve.values.enumerated().map { (x: Double($0.offset + 1), y: $0.element) }
        )
      })
  }

  /// Curves through points; empty axes if there is no finite number.
  package static func lines(
    through curves: [(name: String, points: [(x: Double, y: Double)])]
  ) -> Plot {
    automatic(
      curves.enumerated().map { index, curve in
        .line(Series(name: curve.name, points: curve.points, color: index))
      })
  }

  private static func curves(
    _ curves: [(name: String, values: any PlotValues)], start: Int
  ) throws(TensorError) -> Plot {
    var marks: [Mark] = []
    var isAnyFinite = false
    for (name, values) in curves {
      let numbers = try values.plotted()
      isAnyFinite = isAnyFinite || numbers.contains(where: \.isFinite)
      let points = numbers.enumerated().map {
        (x: Double(start) + Double($0.offset), y: $0.element)
      }
      marks.append(.line(Series(name: name, points: points, color: marks.count)))
    }
    guard isAnyFinite else { throw nothing("Plot.line") }
    return automatic(marks)
  }

  private static func automatic(_ marks: [Mark]) -> Plot {
    var plot = Plot(marks)
    plot.yScale = .automatic
    return plot
  }

  static func points(
    _ op: String, _ x: some PlotValues, _ y: some PlotValues
  ) throws(TensorError) -> [(x: Double, y: Double)] {
    let (xs, ys) = (try x.plotted(), try y.plotted())
    guard xs.count == ys.count else {
      throw TensorError(
        op, "\(xs.count) x, but \(ys.count) y", help: "give one y for each x")
    }
    guard zip(xs, ys).contains(where: { $0.isFinite && $1.isFinite }) else { throw nothing(op) }
    return Array(zip(xs, ys)).map { (x: $0.0, y: $0.1) }
  }

  static func nothing(_ op: String) -> TensorError {
    TensorError(op, "there is no finite number to draw", help: "give one or more")
  }
}
