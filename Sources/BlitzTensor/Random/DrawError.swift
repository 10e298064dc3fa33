/// Why a random draw was refused.
///
/// The fill functions throw it before they draw anything, so that a refused draw leaves the
/// generator as it was. The `check` functions hold the rules, for a caller that must know before
/// it allocates; the tensor words turn the error into a `TensorError`.
enum DrawError: Error, Equatable, Sendable {
  /// The bounds of a uniform draw are reversed, not a number, or too far apart.
  case bounds(from: Double, to: Double)
  /// The standard deviation of a normal draw is negative or not a number.
  case deviation(Double)
  /// A range of integers holds no number.
  case emptyRange(low: Int64, high: Int64)
  /// A range of integers reaches past what the element type holds.
  case outside(low: Int64, high: Int64, type: String)
  /// A probability is not in 0...1.
  case probability(Double)
  /// A negative number of elements.
  case count(Int)
  /// What makes numbers normal is not linked in.
  case noBackend

  /// Checks the bounds of a uniform draw: `from <= to`, and `to - from` finite in `T`.
  static func checkBounds<T: BinaryFloatingPoint>(from: T, to: T) throws(DrawError) {
    guard from <= to, (to - from).isFinite else {
      throw .bounds(from: Double(from), to: Double(to))
    }
  }

  /// Checks the standard deviation of a normal draw: not negative, not NaN.
  static func checkDeviation(_ std: Double) throws(DrawError) {
    guard std >= 0 else { throw .deviation(std) }
  }

  /// Checks a range of integers: `low < high`, and all of `low..<high` is in `type`.
  static func checkRange<T: FixedWidthInteger>(
    low: Int64, high: Int64, type: T.Type
  ) throws(DrawError) {
    guard low < high else { throw .emptyRange(low: low, high: high) }
    guard T(exactly: low) != nil, T(exactly: high - 1) != nil else {
      throw .outside(low: low, high: high, type: "\(type)".lowercased())
    }
  }

  /// Checks a probability: 0 to 1, not NaN.
  static func checkProbability(_ p: Double) throws(DrawError) {
    guard p >= 0, p <= 1 else { throw .probability(p) }
  }

  /// Checks the number of elements of a permutation: not negative.
  static func checkCount(_ count: Int) throws(DrawError) {
    guard count >= 0 else { throw .count(count) }
  }
}

extension DrawError: CustomStringConvertible {
  /// What is wrong, with the values.
  var rule: String {
    switch self {
    case .bounds(let from, let to) where from > to:
      "the bounds are reversed: from is \(from), to is \(to)"
    case .bounds(let from, let to):
      "the bounds \(from) and \(to) have no finite distance"
    case .deviation(let std):
      "the standard deviation is \(std)"
    case .emptyRange(let low, let high):
      "no integer is at least \(low) and below \(high)"
    case .outside(let low, let high, let type):
      "the integers from \(low) up to, not including, \(high) do not all fit \(type)"
    case .probability(let p):
      "the probability is \(p)"
    case .count(let count):
      "the number of elements is \(count)"
    case .noBackend:
      "no backend for the device cpu is linked in"
    }
  }

  /// What to write instead.
  var help: String {
    switch self {
    case .bounds(let from, let to) where from > to: "write from: \(to), to: \(from)"
    case .bounds: "give two finite numbers closer together"
    case .deviation, .count: "give 0 or more"
    case .emptyRange: "give a high above low"
    case .outside: "narrow the range or take int64"
    case .probability: "give a number from 0 to 1"
    case .noBackend: "import Blitz, not one of its parts"
    }
  }

  /// The rule and the help on one line.
  var description: String { "\(rule); \(help)" }
}
