/// Decimal numbers in bytes, rounded correctly.
enum CSVNumber {
  /// The number that the whole of `text` spells, or nil if it spells none: `-1.5e3`, `.5`, `nan`.
  static func parse(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Double? {
    let bytes = UnsafeBufferPointer(rebasing: text)
    if let (value, end) = prefix(of: bytes, from: 0), end == bytes.count { return value }
    // NaN and infinities, so that they can be refused as what they are.
    switch String(decoding: bytes, as: UTF8.self).lowercased() {
    case "nan", "+nan", "-nan": return .nan
    case "inf", "+inf", "infinity", "+infinity": return .infinity
    case "-inf", "-infinity": return -.infinity
    default: return nil
    }
  }

  /// The decimal number that starts at `start`, and where it ends; nil if none starts there.
  static func prefix(
    of text: UnsafeBufferPointer<UInt8>, from start: Int
  ) -> (value: Double, end: Int)? {
    var index = start
    let isNegative = skipSign(text, &index)
    var digits: UInt64 = 0
    let whole = skipDigits(text, &index, into: &digits)
    var fraction = 0
    if index < text.count && text[index] == UInt8(ascii: ".") {
      index += 1
      fraction = skipDigits(text, &index, into: &digits)
    }
    guard whole + fraction > 0 else { return nil }
    var scale = -fraction
    if index < text.count, text[index] | 0x20 == UInt8(ascii: "e") {
      var end = index + 1
      let isNegative = skipSign(text, &end)
      var exponent: UInt64 = 0
      if skipDigits(text, &end, into: &exponent) > 0 {
        // A huge one decides nothing but zero or infinity.
        let size = Int(min(exponent, 1 << 40))
        scale += isNegative ? -size : size
        index = end
      }
    }
    // With 18 digits at most nothing overflowed, and if the digits and the power of ten are both
    // exact in Double, one operation rounds once (W. D. Clinger, PLDI 1990).
    if whole + fraction <= 18 && digits <= 1 << 53 && scale >= -22 && scale <= 22 {
      let size = Double(digits)
      let value = scale < 0 ? size / powersOfTen[-scale] : size * powersOfTen[scale]
      return (isNegative ? -value : value, index)
    }
    let spelling = String(decoding: text[start..<index], as: UTF8.self)
    return Double(spelling).map { ($0, index) }
  }

  private static func skipSign(_ text: UnsafeBufferPointer<UInt8>, _ index: inout Int) -> Bool {
    guard index < text.count else { return false }
    let isNegative = text[index] == UInt8(ascii: "-")
    if isNegative || text[index] == UInt8(ascii: "+") { index += 1 }
    return isNegative
  }

  /// Appends the digits at `index` to `value`, which stays at its largest if they are too many.
  ///
  /// - Returns: how many digits there are.
  @inline(__always)
  private static func skipDigits(
    _ text: UnsafeBufferPointer<UInt8>, _ index: inout Int, into value: inout UInt64
  ) -> Int {
    let start = index
    while index < text.count {
      let digit = text[index] &- UInt8(ascii: "0")
      guard digit <= 9 else { break }
      let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
      value = overflow || tenfold > .max - UInt64(digit) ? .max : tenfold + UInt64(digit)
      index += 1
    }
    return index - start
  }

  /// 10^0 to 10^22, the powers that Double holds exactly.
  private static let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]
}
