import BlitzSystem

/// Lays out numbers as PyTorch does (torch/_tensor_str.py, version 2.15), but for whole floating
/// numbers, which get a zero behind the point as in Swift.
struct TensorText {
  private let numbers: UnsafeRawPointer
  private let shape: Shape
  private let dtype: DType
  private let strides: [Int]
  /// How many elements are shown at either end of a long axis, nil if all are shown.
  private let edge: Int?
  private var style = Style.whole
  private var width = 1

  private static let lineWidth = 80
  /// Tensors of more elements than this are summarised.
  private static let longest = 1000
  /// However many axes there are, about this many numbers are shown.
  private static let mostShown = 10_000

  /// How a floating number is written.
  private enum Style {
    case whole
    case fixed
    case exponent
  }

  init(_ numbers: UnsafeRawPointer, _ shape: Shape, _ dtype: DType) {
    self.numbers = numbers
    self.shape = shape
    self.dtype = dtype
    strides = shape.strides
    edge = TensorText.edge(of: shape)
    if shape.elementCount == 0 { return }
    let shown = shownPlaces(axis: 0, offset: 0)
    if dtype.isFloating { style = TensorText.style(shown.map(value)) }
    if dtype.isComplex {
      style = TensorText.style(shown.flatMap { [complex($0).real, complex($0).imag] })
    }
    width = shown.reduce(1) { max($0, word($1).utf8.count) }
  }

  /// The elements in brackets.
  var text: String {
    shape.elementCount == 0 ? "[]" : text(axis: 0, offset: 0)
  }

  private func text(axis: Int, offset: Int) -> String {
    if axis == shape.rank { return word(offset) }
    let indent = String(repeating: " ", count: axis + 1)
    let last = shape.rank - 1
    var parts = places(axis).map { place in
      axis == last
        ? padded(word(offset + place * strides[axis]))
        : text(axis: axis + 1, offset: offset + place * strides[axis])
    }
    if let edge, shape[axis] > 2 * edge { parts.insert(axis == last ? " ..." : "...", at: edge) }
    if axis < last {
      let separator = "," + String(repeating: "\n", count: last - axis) + indent
      return "[" + parts.joined(separator: separator) + "]"
    }
    let perLine = max(1, (TensorText.lineWidth - axis) / (width + 2))
    let lines = stride(from: 0, to: parts.count, by: perLine).map { start in
      parts[start..<min(start + perLine, parts.count)].joined(separator: ", ")
    }
    return "[" + lines.joined(separator: ",\n" + indent) + "]"
  }

  /// The places of an axis that are shown.
  private func places(_ axis: Int) -> [Int] {
    let size = shape[axis]
    guard let edge, size > 2 * edge else { return Array(0..<size) }
    return Array(0..<edge) + Array((size - edge)..<size)
  }

  private func shownPlaces(axis: Int, offset: Int) -> [Int] {
    if axis == shape.rank { return [offset] }
    return places(axis).flatMap {
      shownPlaces(axis: axis + 1, offset: offset + $0 * strides[axis])
    }
  }

  private static func edge(of shape: Shape) -> Int? {
    if shape.elementCount <= longest { return nil }
    return (1...3).reversed().first { edge in
      shape.reduce(1.0) { $0 * Double(min($1, 2 * edge)) } <= Double(mostShown)
    } ?? 1
  }

  private func complex(_ place: Int) -> Complex { dtype.complex(numbers, at: place) ?? Complex(0) }

  private func value(_ place: Int) -> Double { dtype.number(numbers, at: place).double }

  private func padded(_ word: String) -> String {
    String(repeating: " ", count: max(0, width - word.utf8.count)) + word
  }

  /// One number.
  private func word(_ place: Int) -> String {
    if dtype == .uint64 { return "\(numbers.assumingMemoryBound(to: UInt64.self)[place])" }
    if dtype.isComplex {
      let z = complex(place)
      let imag = TensorText.word(z.imag, style)
      return Complex.text(
        TensorText.word(z.real, style), imag, isNegative: z.imag.sign == .minus)
    }
    return switch dtype.number(numbers, at: place) {
    case .integer(let value): dtype == .bool ? (value == 0 ? "false" : "true") : "\(value)"
    case .real(let value): TensorText.word(value, style)
    }
  }

  private static func word(_ value: Double, _ style: Style) -> String {
    // C writes the sign of a NaN, which means nothing.
    if value.isNaN { return "nan" }
    if value.isInfinite { return value < 0 ? "-inf" : "inf" }
    let format =
      switch style {
      case .whole: "%.1f"
      case .fixed: "%.4f"
      case .exponent: "%.4e"
      }
    return withVaList([value]) { arguments in
      // Whole and fixed numbers are below 1e8 here, so that the longest has an exponent.
      withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
        vsnprintf(buffer.baseAddress!, buffer.count, format, arguments)
        return String(cString: buffer.baseAddress!)
      }
    }
  }

  private static func style(_ values: [Double]) -> Style {
    let sizes = values.filter { $0.isFinite && $0 != 0 }.map { Swift.abs($0) }
    guard let least = sizes.min(), let most = sizes.max() else { return .whole }
    if most / least > 1000 || most > 1e8 || least < 1e-4 { return .exponent }
    return sizes.allSatisfy { $0 == $0.rounded(.up) } ? .whole : .fixed
  }
}
