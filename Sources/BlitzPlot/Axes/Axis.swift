import BlitzSystem

/// An axis with marks at round numbers, and the way from a value to a place on it.
struct Axis {
  /// The values at which the axis starts and ends.
  private(set) var range: ClosedRange<Double>
  /// Whether equal steps are equal factors.
  let isLogarithmic: Bool
  /// The marked values, rising, each with its text.
  private(set) var ticks: [(value: Double, label: String)]

  /// An axis over the finite ones of `values`, from a round number to a round number, with about
  /// `count` marks, two at least.
  ///
  /// - Parameters:
  ///   - scale: whether equal steps are equal factors. `.automatic` chooses that if all values are
  ///     positive and span more than a factor of 50, as losses do that fall by decades.
  ///   - counts: mark whole numbers only, as there is no epoch 1.5.
  init(
    over values: some Sequence<Double>, count: Int, scale: Plot.Scale = .linear,
    counts: Bool = false
  ) {
    var low = Double.infinity
    var high = -Double.infinity
    for value in values where value.isFinite && (scale != .logarithmic || value > 0) {
      let value = scale == .logarithmic ? Axis.boundedFactor(value) : Axis.bounded(value)
      low = min(low, value)
      high = max(high, value)
    }
    if low > high { (low, high) = scale == .logarithmic ? (1, 10) : (0, 1) }
    // Values that hardly differ get an axis around them.
    if Axis.isFlat(low, high, counts: counts) {
      (low, high) = low == 0 ? (0, 1) : (low - abs(low) / 2, high + abs(high) / 2)
    }
    if low > 0 && (scale == .logarithmic || scale == .automatic && high / low > 50) {
      self.init(logarithmic: low...high, count: count)
    } else {
      self.init(linear: low...high, count: count, leastStep: counts ? 1 : 0)
    }
  }

  /// An axis that ends where the values do, with marks at the round numbers between, and `margin`
  /// of its length beyond the values at both ends.
  static func tight(
    over values: some Sequence<Double>, count: Int, scale: Plot.Scale = .linear,
    counts: Bool = false, margin: Double = 0
  ) -> Axis {
    let values = values.filter(\.isFinite)
    var axis = Axis(over: values, count: count, scale: scale, counts: counts)
    guard !axis.isLogarithmic, let low = values.min(), let high = values.max(),
      low >= axis.range.lowerBound, high <= axis.range.upperBound,
      !Axis.isFlat(low, high, counts: counts)
    else { return axis }
    let room = (high - low) * margin
    let slack = 1e-9 * (high - low)
    func inner(_ axis: Axis) -> [(value: Double, label: String)] {
      axis.ticks.filter { $0.value >= low - room - slack && $0.value <= high + room + slack }
    }
    axis.range = low - room...high + room
    let few = inner(axis)
    // The marks beyond the ends are lost; finer steps make up for them.
    axis.ticks =
      few.count >= 3 || counts
      ? few : inner(Axis(over: [low, high], count: 2 * count, scale: scale))
    return axis
  }

  /// Marks from a round number at or below the range to one at or above it.
  private init(linear values: ClosedRange<Double>, count: Int, leastStep: Double) {
    let size = max((values.upperBound - values.lowerBound) / Double(count), leastStep)
    let power = pow(10, log10(size).rounded(.down))
    let least = size * (1 - 1e-9)
    let factor: Double = [1, 2, 5].first { $0 * power >= least } ?? 10
    let step = factor * power
    // A hair of room, or rounding adds a mark beyond a range that is round already.
    let first = (values.lowerBound / step + 1e-9).rounded(.down)
    let last = (values.upperBound / step - 1e-9).rounded(.up)
    let places = max(0, -Int((log10(step) + 1e-9).rounded(.down)))
    let indices = Array(stride(from: first, through: last, by: 1))
    let plain = indices.map { ($0 * step).decimal(places) }
    let powers = indices.map { index -> String in
      // As many digits as tell neighbours apart.
      let digits = (log10(abs(index)) + log10(factor) + 1e-9).rounded(.down)
      return index == 0 ? "0" : (index * step).scientific(max(0, Int(digits)))
    }
    func longest(_ labels: [String]) -> Int { labels.map(\.count).max() ?? 0 }
    let largest = max(abs(first), abs(last)) * step
    let isShorter = largest >= 1e15 || longest(powers) < longest(plain)
    let labels = (places > 5 || largest >= 1e6) && isShorter ? powers : plain
    ticks = zip(indices, labels).map { ($0 * step, $1) }
    range = first * step...last * step
    isLogarithmic = false
  }

  /// Marks at powers of ten, or at every second, third ... one; at 1, 2 and 5 times each where
  /// there are few.
  private init(logarithmic values: ClosedRange<Double>, count: Int) {
    let first = Int((log10(values.lowerBound) + 1e-9).rounded(.down))
    let last = max(first + 1, Int((log10(values.upperBound) - 1e-9).rounded(.up)))
    let step = max(1, (last - first + count - 1) / count)
    let top = first + (last - first + step - 1) / step * step
    var ticks: [(value: Double, label: String)] = []
    for exponent in stride(from: first, through: top, by: step) {
      for factor in top - first <= 2 && exponent < top ? [1.0, 2, 5] : [1] {
        let value = factor * pow(10, Double(exponent))
        let label =
          (-3...4).contains(exponent)
          ? value.decimal(max(0, -exponent)) : "\(Int(factor))e\(exponent)"
        ticks.append((value, label))
      }
    }
    self.ticks = ticks
    range = pow(10, Double(first))...pow(10, Double(top))
    isLogarithmic = true
  }

  /// Where `value` is on the axis: 0 at its start, 1 at its end; nil if it is not a finite number
  /// or a logarithmic axis has no place for it.
  func position(of value: Double) -> Double? {
    guard value.isFinite else { return nil }
    if isLogarithmic {
      guard value > 0 else { return nil }
      let low = log10(range.lowerBound)
      return (log10(Axis.boundedFactor(value)) - low) / (log10(range.upperBound) - low)
    }
    return (Axis.bounded(value) - range.lowerBound) / (range.upperBound - range.lowerBound)
  }

  /// Whether values hardly differ: by a few times the rounding of float32. Whole numbers differ or
  /// are the same.
  private static func isFlat(_ low: Double, _ high: Double, counts: Bool) -> Bool {
    high - low <= (counts ? 0 : 1e-6) * max(abs(low), abs(high))
  }

  /// The value, unless arithmetic would overflow with it; nobody reads a plot of such.
  static func bounded(_ value: Double) -> Double {
    abs(value) < 1e-250 ? 0 : min(max(value, -1e250), 1e250)
  }

  /// The same for an axis whose steps are factors.
  private static func boundedFactor(_ value: Double) -> Double { min(max(value, 1e-250), 1e250) }

  /// The text of a value on an axis that counts.
  static func wholeLabel(_ value: Double) -> String {
    value == value.rounded() ? value.decimal(0) : value.short
  }
}
