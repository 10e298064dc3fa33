/// A pickle's bytes, read from the first to the last.
struct PickleCursor {
  private let bytes: [UInt8]
  private let failure: (Int, String) -> DataError
  /// The next byte to read.
  private(set) var position = 0

  init(_ bytes: [UInt8], _ failure: @escaping (Int, String) -> DataError) {
    self.bytes = bytes
    self.failure = failure
  }

  mutating func take(_ count: Int) throws(DataError) -> ArraySlice<UInt8> {
    guard count <= bytes.count - position else {
      throw failure(
        bytes.count, "the pickle ends, but \(count) bytes are needed from its byte \(position) on")
    }
    position += count
    return bytes[position - count..<position]
  }

  mutating func byte() throws(DataError) -> UInt8 { try integer(UInt8.self) }

  /// A little-endian number.
  mutating func integer<Number: FixedWidthInteger>(_ type: Number.Type) throws(DataError) -> Number
  {
    var value: Number = 0
    for digit in try take(MemoryLayout<Number>.size).reversed() {
      value = value << 8 | Number(truncatingIfNeeded: digit)
    }
    return value
  }

  /// How many bytes follow, which are as many as memory could have.
  mutating func count<Number: FixedWidthInteger>(_ type: Number.Type) throws(DataError) -> Int {
    Int(clamping: try integer(type))
  }

  /// A signed number of some bytes, lowest first; nil if it does not fit into 64 bits.
  mutating func longInteger(_ count: Int) throws(DataError) -> Int? {
    var digits = try take(count)
    let isNegative = digits.last.map { $0 >= 0x80 } == true
    // What only repeats the sign is no digit.
    while digits.count > 8, digits.last == (isNegative ? 0xFF : 0) { digits.removeLast() }
    guard digits.count <= 8 else { return nil }
    var value = isNegative ? -1 : 0
    for digit in digits.reversed() { value = value << 8 | Int(digit) }
    return (value < 0) == isNegative ? value : nil
  }

  mutating func text(_ count: Int) throws(DataError) -> String {
    let place = position
    guard let text = String(validating: try take(count), as: UTF8.self) else {
      throw failure(place, "the text is not UTF-8")
    }
    return text
  }

  /// Text up to the end of the line.
  mutating func line() throws(DataError) -> String {
    guard let end = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) else {
      throw failure(position, "the line never ends")
    }
    let text = try text(end - position)
    position += 1
    return text
  }
}
