/// Reads the JSON of a safetensors header: just the two shapes of object that may be there.
///
/// Errors name the byte in the file. Nothing nests deeper than the format does, so no header can
/// exhaust the stack.
struct SafetensorsHeader {
  /// The format's limit, which keeps a damaged length from asking for all memory.
  static let largestSize = 100_000_000

  /// What the header says of one array.
  struct Field {
    var name: String
    /// The dtype's name; a dtype newer than this reader has no case.
    var dtypeName: String
    var dtype: SafetensorsDType? { SafetensorsDType(rawValue: dtypeName) }
    var shape: [Int]
    /// Where its bytes start and end, counted from the end of the header.
    var start: Int
    var end: Int
    /// The byte of the file where its name stands.
    var place: Int
  }

  private(set) var fields: [Field] = []
  private(set) var metadata: [String: String] = [:]
  private let bytes: ArraySlice<UInt8>
  private let path: String
  private var position: Int

  init(bytes: ArraySlice<UInt8>, path: String) {
    self.bytes = bytes
    self.path = path
    position = bytes.startIndex
  }

  /// Reads the whole header into `fields` and `metadata`.
  mutating func parse() throws(DataError) {
    // The format asks for the brace at once, and allows only spaces at the end.
    guard bytes.first == UInt8(ascii: "{") else { throw failure("it must start with {") }
    var names: Set<ExactName> = []
    try members { (header, name, place) throws(DataError) in
      guard names.insert(ExactName(name)).inserted else {
        throw header.failure("\(JSONText.quoted(name)) is there twice", at: place)
      }
      if name == "__metadata__" {
        try header.members { (header, key, place) throws(DataError) in
          guard header.metadata[key] == nil else {
            throw header.failure("\(JSONText.quoted(key)) is there twice", at: place)
          }
          header.metadata[key] = try header.string()
        }
      } else {
        header.fields.append(try header.field(name, at: place))
      }
    }
    while position < bytes.endIndex, bytes[position] == UInt8(ascii: " ") { position += 1 }
    guard position == bytes.endIndex else { throw failure("text follows its last }") }
  }

  private mutating func field(_ name: String, at place: Int) throws(DataError) -> Field {
    var dtype: String?
    var shape: [Int]?
    var offsets: [Int]?
    try members { (header, key, keyPlace) throws(DataError) in
      let valuePlace = header.position
      switch key {
      case "dtype" where dtype == nil: dtype = try header.string()
      case "shape" where shape == nil: shape = try header.integers()
      case "data_offsets" where offsets == nil:
        offsets = try header.integers()
        if offsets?.count != 2 {
          throw header.failure("data_offsets needs two numbers", at: valuePlace)
        }
      case "dtype", "shape", "data_offsets":
        throw header.failure("\(key) is there twice", at: keyPlace)
      default:
        throw header.failure(
          "\(JSONText.quoted(key)) is not one of dtype, shape, data_offsets", at: keyPlace)
      }
    }
    guard let dtype, let shape, let offsets else {
      let missing = dtype == nil ? "dtype" : shape == nil ? "shape" : "data_offsets"
      throw failure("\(JSONText.quoted(name)) has no \(missing)", at: place)
    }
    return Field(
      name: name, dtypeName: dtype, shape: shape, start: offsets[0], end: offsets[1], place: place)
  }

  // MARK: - JSON

  /// Reads an object, giving each key and its byte to `read`, which reads the value.
  private mutating func members(
    _ read: (inout SafetensorsHeader, String, Int) throws(DataError) -> Void
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

  private mutating func integers() throws(DataError) -> [Int] {
    var values: [Int] = []
    try expect("[")
    if accept("]") { return values }
    repeat { values.append(try integer()) } while accept(",")
    try expect("]")
    return values
  }

  private mutating func integer() throws(DataError) -> Int {
    skipSpace()
    let start = position
    var value = 0
    while position < bytes.endIndex {
      let digit = bytes[position] &- UInt8(ascii: "0")
      guard digit <= 9 else { break }
      let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflowToo) = tenfold.addingReportingOverflow(Int(digit))
      if overflow || overflowToo { throw failure("the number is too large", at: start) }
      value = sum
      position += 1
    }
    guard position > start else { throw failure("a whole number from 0 is needed") }
    if position - start > 1 && bytes[start] == UInt8(ascii: "0") {
      throw failure("numbers do not start with 0", at: start)
    }
    return value
  }

  private mutating func string() throws(DataError) -> String {
    try expect("\"")
    let start = position
    var text: [UInt8] = []
    while position < bytes.endIndex {
      let byte = bytes[position]
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
    guard position < bytes.endIndex else { throw failure("the escape is not finished", at: place) }
    let letter = bytes[position]
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

  private mutating func skipSpace() {
    while position < bytes.endIndex, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) {
      position += 1
    }
  }

  private mutating func accept(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard position < bytes.endIndex, bytes[position] == UInt8(ascii: character) else {
      return false
    }
    position += 1
    return true
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(DataError) {
    guard accept(character) else { throw failure("\(character) is needed") }
  }

  private func failure(_ reason: String, at place: Int? = nil) -> DataError {
    DataError(path: path, reason: "byte \(place ?? position), in the header: \(reason)")
  }
}
