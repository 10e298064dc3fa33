extension Plot {
  /// How values become colours.
  public enum Colors: Sendable {
    /// Diverging if there are values on both sides of 0; otherwise sequential for heat maps and
    /// grey for images.
    case automatic
    /// From dark blue for the smallest over green to yellow for the largest (matplotlib's
    /// "viridis").
    case sequential
    /// Blue below 0, nearly white at 0, orange above, with the same scale on both sides.
    case diverging
    /// From black to white.
    case gray
  }
}

/// Numbers as colours; grey for what is not a number.
package struct ColorMap: Sendable {
  package let kind: Plot.Colors
  /// The numbers that have the first and the last colour, as has whatever is beyond them.
  package let range: ClosedRange<Double>

  package init(_ kind: Plot.Colors, _ range: ClosedRange<Double>) {
    self.kind = kind
    self.range = range
  }

  /// A map for these numbers, from the least to the largest.
  init(_ kind: Plot.Colors, over values: [Double], otherwise usual: Plot.Colors) {
    let finite = values.filter(\.isFinite)
    var (low, high) = (finite.min() ?? 0, finite.max() ?? 1)
    var kind = kind
    if kind == .automatic { kind = low < 0 && high > 0 ? .diverging : usual }
    if kind == .diverging {
      let limit = max(abs(low), abs(high))
      (low, high) = (-limit, limit)
    }
    // Halved first: the largest numbers of a Double are further apart than a Double can say.
    if !(high / 2 - low / 2 > 0) { (low, high) = (low - 0.5, low + 0.5) }
    self.init(kind, low...max(high, low.nextUp))
  }

  /// Where a number is between the ends: 0...1.
  func share(_ value: Double) -> Double {
    let span = range.upperBound / 2 - range.lowerBound / 2
    let share = (value / 2 - range.lowerBound / 2) / span
    return min(max(share, 0), 1)
  }

  package func color(_ value: Double) -> Color {
    guard !value.isNaN else { return Color(0x808080) }
    let share = share(value)
    switch kind {
    case .diverging: return Color.diverging(2 * share - 1)
    case .gray: return Color(0x000000).mixed(with: Color(0xffffff), share)
    case .sequential, .automatic:
      let place = share * Double(ColorMap.stops.count - 1)
      let index = min(Int(place), ColorMap.stops.count - 2)
      return Color(ColorMap.stops[index])
        .mixed(with: Color(ColorMap.stops[index + 1]), place - Double(index))
    }
  }

  /// Viridis at every eighth, by S. van der Walt, N. Smith and E. Firing (public domain, CC0).
  private static let stops = [
    0x440154, 0x472d7b, 0x3b528b, 0x2c728e, 0x21918c, 0x28ae80, 0x5ec962, 0xaddc30, 0xfde725,
  ]

  /// The size that all but the largest half percent of the numbers lie within, so that a single
  /// large one does not make all others pale; above 0.
  package static func limit(of values: some Sequence<Double>) -> Double {
    let sizes = values.filter(\.isFinite).map(\.magnitude).sorted()
    let limit = sizes.isEmpty ? 1 : sizes[(sizes.count - 1) * 199 / 200]
    return limit > 0 ? limit : sizes.last.flatMap { $0 > 0 ? $0 : nil } ?? 1
  }
}
