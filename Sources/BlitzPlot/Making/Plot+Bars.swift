import BlitzSystem
import BlitzTensor

extension Plot {
  /// A bar chart with a bar for each name.
  ///
  ///     Plot.bar(["loop", "mask"], [seconds, maskSeconds]).labeled(y: "seconds")
  ///
  /// - Returns: a plot that carries an error if the number of values is not that of names, or if no
  ///   value is finite. A value that is not finite leaves a gap.
  public static func bar(_ names: [String], _ values: some PlotValues) -> Plot {
    making { () throws(TensorError) in try bars(names, [("", values)]) }
  }

  /// A bar chart with groups: for each name one bar of each group, named in the legend.
  ///
  ///     Plot.bar(["64", "256"], ["Blitz": ours, "PyTorch": theirs])
  ///
  /// - Returns: as ``bar(_:_:)-(_,PlotValues)``.
  public static func bar(
    _ names: [String], _ groups: KeyValuePairs<String, any PlotValues>
  ) -> Plot {
    making { () throws(TensorError) in try bars(names, groups.map { ($0.key, $0.value) }) }
  }

  private static func bars(
    _ names: [String], _ groups: [(name: String, values: any PlotValues)]
  ) throws(TensorError) -> Plot {
    var drawn: [BarGroup] = []
    for (name, values) in groups {
      let numbers = try values.plotted()
      guard numbers.count == names.count else {
        throw TensorError(
          "Plot.bar", "\(names.count) names, but \(numbers.count) values",
          help: "give a value for each name")
      }
      drawn.append(BarGroup(name: name, values: numbers, color: drawn.count))
    }
    guard drawn.contains(where: { $0.values.contains(where: \.isFinite) }) else {
      throw nothing("Plot.bar")
    }
    return Plot([.bars(names: names, groups: drawn)])
  }

  /// A histogram: how many values fall into each of some bins of equal width.
  ///
  /// - Parameters:
  ///   - values: the values that are counted.
  ///   - bins: the number of bins. If left out, it is the larger of two rules, at most 100:
  ///     Sturges' for small data, `log2(n) + 1`, and Freedman's and Diaconis', a width of
  ///     `2 IQR / n^(1/3)`. Bins of integers then each hold equally many of them, one if there is
  ///     room.
  ///   - name: the name of the values in the legend.
  /// - Returns: a plot that carries an error if no value is finite, or if `bins` is not 1 to
  ///   10,000. Values that are not finite are left out.
  public static func histogram(
    _ values: some PlotValues, bins: Int? = nil, name: String = ""
  ) -> Plot {
    making { () throws(TensorError) in
      let numbers = try values.plotted().filter { $0.isFinite }.map(Axis.bounded)
      guard let low = numbers.min(), let high = numbers.max() else {
        throw nothing("Plot.histogram")
      }
      guard (1...10_000).contains(bins ?? 1) else {
        throw TensorError(
          "Plot.histogram", "\(bins ?? 0) bins", help: "give 1 to 10000, or leave it out")
      }
      // Numbers that are all the same get a bin around them.
      let isFlat = high - low <= 1e-12 * max(abs(low), abs(high))
      var count = isFlat ? 1 : bins ?? binCount(numbers, low...high)
      // Half of one may be less than a large number's last digit.
      let half = max(0.5, 1e-9 * max(abs(low), abs(high)))
      var (start, end) = isFlat ? (low - half, high + half) : (low, high)
      if bins == nil, !isFlat, high - low < 1e6, numbers.allSatisfy({ $0 == $0.rounded() }) {
        // Or bins of three and of four would stand beside each other.
        let width = max(1, ((high - low + 1) / Double(count)).rounded(.up))
        count = Int(((high - low + 1) / width).rounded(.up))
        (start, end) = (low - 0.5, low - 0.5 + width * Double(count))
      }
      let width = (end - start) / Double(count)
      var counts = [Double](repeating: 0, count: count)
      for number in numbers {
        let place = min((number - start) / width, Double(count - 1))
        counts[place > 0 ? Int(place) : 0] += 1
      }
      let edges = (0...count).map { $0 == count ? end : start + width * Double($0) }
      var plot = Plot([
        .histogram(edges: edges, groups: [BarGroup(name: name, values: counts, color: 0)])
      ])
      plot.yLabel = "count"
      return plot
    }
  }

  private static func binCount(_ numbers: [Double], _ range: ClosedRange<Double>) -> Int {
    let sorted = numbers.sorted()
    let count = Double(sorted.count)
    let sturges = log2(count).rounded(.up) + 1
    let spread = sorted[sorted.count * 3 / 4] - sorted[sorted.count / 4]
    let width = 2 * spread / cbrt(count)
    let fine = width > 0 ? ((range.upperBound - range.lowerBound) / width).rounded(.up) : 0
    return Int(min(max(sturges, fine, 1), 100))
  }
}
