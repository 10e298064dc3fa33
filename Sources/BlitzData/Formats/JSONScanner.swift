/// Walks over the bytes of a JSON text: the marks, texts and lists that all readers of JSON need.
///
/// Errors name the byte, counted as the slice counts.
package struct JSONScanner {
  package let bytes: ArraySlice<UInt8>
  package var position: Int
  private let path: String
  /// What follows the byte's number in errors if the bytes are not the whole file:
  /// `, in the header`.
  private let part: String

  package init(_ bytes: ArraySlice<UInt8>, path: String, part: String = "") {
    (self.bytes, self.path, self.part) = (bytes, path, part)
    position = bytes.startIndex
  }

  /// The byte that comes next; nil at the end.
  package var next: UInt8? { position < bytes.endIndex ? bytes[position] : nil }

  package func failure(_ reason: String, at place: Int? = nil) -> DataError {
    DataError(path: path, reason: "byte \(place ?? position)\(part): \(reason)")
  }

  package mutating func skipSpace() {
    while let next, [0x20, 0x09, 0x0A, 0x0D].contains(next) { position += 1 }
  }

  package mutating func accept(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard next == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  package mutating func expect(_ character: Unicode.Scalar) throws(DataError) {
    if accept(character) { return }
    throw failure(next == nil && part.isEmpty ? "the file ends" : "\(character) is needed")
  }

  /// Reads an object, giving each key and its byte to `read`, which reads the value.
  package mutating func members(
    _ read: (inout JSONScanner, _ key: String, _ place: Int) throws(DataError) -> Void
  ) throws(DataError) {
    try expect("{")
    if accept("}") { return }
    repeat {
      skipSpace()
      let place = position
      let key = try string()
      try expect(":")
      skipSpace()
      try read(&self, key, place)
    } while accept(",")
    try expect("}")
  }

  /// Reads an array, each element of which `read` reads.
  package mutating func elements(
    _ read: (inout JSONScanner) throws(DataError) -> Void
  ) throws(DataError) {
    try expect("[")
    if accept("]") { return }
    repeat { try read(&self) } while accept(",")
    try expect("]")
  }

  /// Reads a text.
  package mutating func string() throws(DataError) -> String {
    try expect("\"")
    let start = position
    var text: [UInt8] = []
    while let byte = next {
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: text, as: UTF8.self) else {
          throw failure("the text is not UTF-8", at: start)
        }
        return string
      case UInt8(ascii: "\\"): text += try escape()
      case 0..<0x20:
        throw failure("text needs \\u escapes for control characters", at: position - 1)
      default: text.append(byte)
      }
    }
    throw failure("the quote is never closed", at: start - 1)
  }

  /// What a backslash and the letter after it stand for, in UTF-8.
  private mutating func escape() throws(DataError) -> [UInt8] {
    let place = position - 1
    guard let letter = next else { throw failure("the escape is not finished", at: place) }
    position += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [letter]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "u"):
      var units = [try codeUnit()]
      // The first half of a pair needs the second, as another escape.
      if UTF16.isLeadSurrogate(units[0]), bytes[position...].starts(with: [0x5C, 0x75]) {
        position += 2
        units.append(try codeUnit())
      }
      guard let text = String(validating: units, as: UTF16.self) else {
        throw failure("the escape is half of a surrogate pair", at: place)
      }
      return [UInt8](text.utf8)
    default: throw failure("the escape is unknown", at: place)
    }
  }

  /// The four hexadecimal digits of a `\u` escape.
  private mutating func codeUnit() throws(DataError) -> UInt16 {
    let digits = bytes[position...].prefix(4)
    guard digits.count == 4, digits.allSatisfy({ UnicodeScalar($0).properties.isASCIIHexDigit }),
      let value = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw failure("four hexadecimal digits are needed") }
    position += 4
    return value
  }
}
