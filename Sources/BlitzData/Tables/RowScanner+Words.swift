import CKernels

extension RowScanner {
  /// The number that the whole of `text` spells, `-1.5e3`, `.5`, `inf`; nil if it spells none.
  static func number(_ text: UnsafeBufferPointer<UInt8>, point: UInt8) -> Cell? {
    guard let base = text.baseAddress else { return nil }
    var value = 0.0
    var isWhole = false
    let length = blz_decimal(base, base + text.count, point, &value, &isWhole)
    if abs(length) == text.count {
      if length < 0 {
        let bytes = text.map { $0 == point ? UInt8(ascii: ".") : $0 }
        guard let number = Double(String(decoding: bytes, as: UTF8.self)) else { return nil }
        value = number
      }
      return value.isFinite ? .number(value, isWhole: isWhole) : .infinity
    }
    guard text.count <= 9 else { return nil }
    switch String(decoding: text, as: UTF8.self).lowercased() {
    case "inf", "+inf", "-inf", "infinity", "+infinity", "-infinity": return .infinity
    default: return nil
    }
  }

  /// Whether a cell's text stands for no value: the words of pandas' `read_csv`, and "?", which
  /// many tables of the UCI repository have.
  static func isMissing(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    text.count <= 8 && missingWords.contains(String(decoding: text, as: UTF8.self))
  }

  private static let missingWords: Set<String> = [
    "?", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN",
    "<NA>", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null",
  ]

  /// A text as Swift has it. Bytes that are not UTF-8 are read as Latin-1.
  func string(_ range: Range<Int>, isEscaped: Bool) -> String {
    let text = bytes[range]
    let string =
      String(validating: text, as: UTF8.self)
      ?? String(String.UnicodeScalarView(text.map { Unicode.Scalar($0) }))
    guard isEscaped else { return string }
    var scalars = String.UnicodeScalarView()
    var isSecond = false
    for scalar in string.unicodeScalars {
      isSecond = scalar == "\"" && !isSecond
      // The first of two is kept.
      if scalar != "\"" || isSecond { scalars.append(scalar) }
    }
    return String(scalars)
  }
}
