import BlitzNN
import BlitzTensor

extension Plot {
  /// Points of the plane in the colours of their classes, over the regions of the classes that a
  /// model predicts.
  ///
  ///     Plot.decisionBoundary(network, over: points, labels: labels)
  ///
  /// - Parameters:
  ///   - model: the model, which is called as it is: write `network.eval()` first if it has dropout
  ///     or batch normalisation. It is given `[count, 2]` in the dtype and on the device of
  ///     `points`, and returns a score for each class, `[count, classes]`, or one score, `[count]`
  ///     or `[count, 1]`, that is above 0 for class 1. No gradient is recorded.
  ///   - points: the points, `[count, 2]`, x and y.
  ///   - labels: the class of each point, an integer from 0.
  ///   - names: the names of the classes in the legend; "class 0" and so on if left out.
  ///   - resolution: the number of positions across at which the model is called, 2 to 1000; there
  ///     are 7 down for 10 across.
  /// - Returns: a plot that carries an error if points, labels or the model's output have another
  ///   shape, or if the output carries an error.
  public static func decisionBoundary(
    _ model: some Layer, over points: Tensor, labels: some PlotValues, names: [String] = [],
    resolution: Int = 240
  ) -> Plot {
    decisionBoundary(over: points, labels: labels, names: names, resolution: resolution) {
      model.callAsFunction($0)
    }
  }

  /// Points over the regions of a function; see
  /// ``decisionBoundary(_:over:labels:names:resolution:)``.
  ///
  ///     Plot.decisionBoundary(over: points, labels: labels) { x in
  ///       x.matmul(w1).relu().matmul(w2)
  ///     }
  public static func decisionBoundary(
    over points: Tensor, labels: some PlotValues, names: [String] = [], resolution: Int = 240,
    model: (Tensor) -> Tensor
  ) -> Plot {
    making { () throws(TensorError) in
      let op = "Plot.decisionBoundary"
      if let error = points.error { throw error }
      guard points.rank == 2, points.shape[1] == 2 else {
        throw TensorError(
          op, "takes points of [count, 2]", operands: [("points", points.signature)],
          help: "pick the two columns to draw by index")
      }
      guard (2...1000).contains(resolution) else {
        throw TensorError(op, "a resolution of \(resolution)", help: "give 2 to 1000")
      }
      let numbers: [Double] = try points.cast(to: .float64).scalars()
      let pairs = stride(from: 0, to: numbers.count, by: 2).map {
        (x: numbers[$0], y: numbers[$0 + 1])
      }
      let dots = try dots(op, pairs, classes: labels.plotted(), names: names)
      guard let xRange = range(pairs.map(\.x)), let yRange = range(pairs.map(\.y)) else {
        throw nothing(op)
      }
      var grid = RegionGrid(
        classes: [], columns: resolution, rows: max(2, resolution * 7 / 10), xRange: xRange,
        yRange: yRange)
      grid.classes = try classes(op, grid, like: points, model)
      return Plot([.regions(grid)] + dots)
    }
  }

  /// The finite numbers' range and a twelfth of it on both sides.
  private static func range(_ values: [Double]) -> ClosedRange<Double>? {
    let finite = values.filter(\.isFinite).map(Axis.bounded)
    guard let low = finite.min(), let high = finite.max() else { return nil }
    let room = high > low ? (high - low) / 12 : max(abs(low) / 2, 0.5)
    return low - room...high + room
  }

  /// The class at the middle of each cell.
  private static func classes(
    _ op: String, _ grid: RegionGrid, like points: Tensor, _ model: (Tensor) -> Tensor
  ) throws(TensorError) -> [Int] {
    var places: [Double] = []
    places.reserveCapacity(2 * grid.columns * grid.rows)
    func place(_ index: Int, _ count: Int, _ range: ClosedRange<Double>) -> Double {
      range.lowerBound
        + (Double(index) + 0.5) / Double(count) * (range.upperBound - range.lowerBound)
    }
    for row in 0..<grid.rows {
      let y = place(grid.rows - 1 - row, grid.rows, grid.yRange)
      for column in 0..<grid.columns {
        places.append(place(column, grid.columns, grid.xRange))
        places.append(y)
      }
    }
    let count = grid.columns * grid.rows
    let input = Tensor(places, shape: [count, 2], dtype: points.dtype, device: .cpu).to(
      points.device)
    let scores = noGrad { model(input) }
    if let error = scores.error { throw error }
    let sizes = scores.shape.sizes
    guard sizes == [count] || sizes.count == 2 && sizes[0] == count && sizes[1] > 0 else {
      throw TensorError(
        op, "the model returned another shape for \(count) points",
        operands: [("points", input.signature), ("output", scores.signature)],
        help: "return [count, classes], [count, 1] or [count]")
    }
    if sizes.count == 2 && sizes[1] > 1 {
      return try scores.argmax(axis: 1).scalars(as: Int.self)
    }
    return try scores.cast(to: .float64).scalars(as: Double.self).map { $0 > 0 ? 1 : 0 }
  }
}
