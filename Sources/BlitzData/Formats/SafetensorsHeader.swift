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

  init(bytes: ArraySlice<UInt8>, path: String) {
    self.bytes = bytes
    self.path = path
  }

  /// Reads the whole header into `fields` and `metadata`.
  mutating func parse() throws(DataError) {
    var scanner = JSONScanner(bytes, path: path, part: ", in the header")
    // The format asks for the brace at once, and allows only spaces at the end.
    guard bytes.first == UInt8(ascii: "{") else { throw scanner.failure("it must start with {") }
    var names: Set<ExactName> = []
    try scanner.members { (scanner, name, place) throws(DataError) in
      guard names.insert(ExactName(name)).inserted else {
        throw scanner.failure("\(JSONText.quoted(name)) is there twice", at: place)
      }
      if name == "__metadata__" {
        try scanner.members { (scanner, key, place) throws(DataError) in
          guard metadata[key] == nil else {
            throw scanner.failure("\(JSONText.quoted(key)) is there twice", at: place)
          }
          metadata[key] = try scanner.string()
        }
      } else {
        fields.append(try SafetensorsHeader.field(name, at: place, &scanner))
      }
    }
    while scanner.next == UInt8(ascii: " ") { scanner.position += 1 }
    guard scanner.next == nil else { throw scanner.failure("text follows its last }") }
  }

  private static func field(
    _ name: String, at place: Int, _ scanner: inout JSONScanner
  ) throws(DataError) -> Field {
    var dtype: String?
    var shape: [Int]?
    var offsets: [Int]?
    try scanner.members { (scanner, key, keyPlace) throws(DataError) in
      let valuePlace = scanner.position
      switch key {
      case "dtype" where dtype == nil: dtype = try scanner.string()
      case "shape" where shape == nil: shape = try integers(&scanner)
      case "data_offsets" where offsets == nil:
        offsets = try integers(&scanner)
        if offsets?.count != 2 {
          throw scanner.failure("data_offsets needs two numbers", at: valuePlace)
        }
      case "dtype", "shape", "data_offsets":
        throw scanner.failure("\(key) is there twice", at: keyPlace)
      default:
        throw scanner.failure(
          "\(JSONText.quoted(key)) is not one of dtype, shape, data_offsets", at: keyPlace)
      }
    }
    guard let dtype, let shape, let offsets else {
      let missing = dtype == nil ? "dtype" : shape == nil ? "shape" : "data_offsets"
      throw scanner.failure("\(JSONText.quoted(name)) has no \(missing)", at: place)
    }
    return Field(
      name: name, dtypeName: dtype, shape: shape, start: offsets[0], end: offsets[1], place: place)
  }

  private static func integers(_ scanner: inout JSONScanner) throws(DataError) -> [Int] {
    var values: [Int] = []
    try scanner.elements { (scanner) throws(DataError) in values.append(try integer(&scanner)) }
    return values
  }

  private static func integer(_ scanner: inout JSONScanner) throws(DataError) -> Int {
    scanner.skipSpace()
    let start = scanner.position
    var value = 0
    while let byte = scanner.next {
      let digit = byte &- UInt8(ascii: "0")
      guard digit <= 9 else { break }
      let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflowToo) = tenfold.addingReportingOverflow(Int(digit))
      if overflow || overflowToo { throw scanner.failure("the number is too large", at: start) }
      value = sum
      scanner.position += 1
    }
    guard scanner.position > start else {
      throw scanner.failure("a whole number from 0 is needed")
    }
    if scanner.position - start > 1 && scanner.bytes[start] == UInt8(ascii: "0") {
      throw scanner.failure("numbers do not start with 0", at: start)
    }
    return value
  }
}
