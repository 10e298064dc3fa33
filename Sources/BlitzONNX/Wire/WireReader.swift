import BlitzData

/// A field of a message: its number and what follows it.
struct WireField {
  /// What can follow a field's number.
  enum Content {
    case varint(UInt64)
    case fixed64(UInt64)
    case fixed32(UInt32)
    case bytes(Range<Int>)
  }

  let number: Int
  let content: Content
  /// Where the field starts in the file.
  let place: Int
}

/// Reads the fields of a protobuf message, one after the other, from a mapped file.
///
/// Every length is checked against the message that it is in, and messages lie in each other to
/// a depth of 100.
struct WireReader {
  let file: MappedFile
  /// The next byte to read.
  private(set) var place: Int
  private let end: Int
  private let depth: Int
  // Good for as long as the file is held.
  private let bytes: UnsafeRawBufferPointer

  /// Reads the message that a whole file is.
  init(_ file: MappedFile) throws(DataError) {
    self.file = file
    (place, end, depth) = (0, file.count, 0)
    bytes = try file.bytes(at: 0, count: file.count, "the message")
  }

  private init(in parent: WireReader, _ range: Range<Int>) {
    (file, bytes) = (parent.file, parent.bytes)
    (place, end, depth) = (range.lowerBound, range.upperBound, parent.depth + 1)
  }

  /// The next field; nil at the message's end.
  @inline(never)
  mutating func next() throws(DataError) -> WireField? {
    if place == end { return nil }
    let start = place
    let key = try varint("the key of a field")
    guard key >> 3 > 0, key >> 3 < 1 << 29 else {
      throw file.failure(
        start, "field number \(key >> 3) is none: the file is damaged, or not ONNX")
    }
    let content: WireField.Content
    switch key & 7 {
    case 0: content = .varint(try varint("a number"))
    case 1: content = .fixed64(try fixed(UInt64.self))
    case 2: content = .bytes(try range())
    case 5: content = .fixed32(try fixed(UInt32.self))
    default:
      throw file.failure(
        start, "wire type \(key & 7), which no field of ONNX has: the file is damaged, or not ONNX")
    }
    return WireField(number: Int(key >> 3), content: content, place: start)
  }

  @inline(never)
  private mutating func varint(_ what: String) throws(DataError) -> UInt64 {
    let start = place
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while place < end, shift < 70 {
      let byte = bytes[place]
      place += 1
      value |= UInt64(byte & 0x7f) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
    let reason = shift < 70 ? "the message ends at byte \(end)" : "it goes on after ten bytes"
    throw file.failure(start, "\(what) does not end: \(reason)")
  }

  private mutating func fixed<Number: FixedWidthInteger & BitwiseCopyable>(
    _ type: Number.Type
  ) throws(DataError) -> Number {
    let size = MemoryLayout<Number>.size
    guard size <= end - place else {
      throw file.failure(place, "a number of \(size) bytes, but the message ends at byte \(end)")
    }
    defer { place += size }
    return Number(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: Number.self))
  }

  private mutating func range() throws(DataError) -> Range<Int> {
    let start = place
    let length = try varint("a length")
    guard length <= UInt64(end - place) else {
      throw file.failure(
        start, "a length of \(length) bytes, but the message ends at byte \(end)")
    }
    defer { place += Int(length) }
    return place..<place + Int(length)
  }
}

// What a field holds, by the type that its message says.
extension WireReader {
  private func wrong(_ field: WireField, _ type: String) -> DataError {
    file.failure(
      field.place, "field \(field.number) is not \(type): the file is damaged, or not ONNX")
  }

  /// A whole number.
  func int(_ field: WireField) throws(DataError) -> Int {
    guard case .varint(let bits) = field.content else { throw wrong(field, "a whole number") }
    return Int(truncatingIfNeeded: bits)
  }

  /// A float.
  func float(_ field: WireField) throws(DataError) -> Float {
    guard case .fixed32(let bits) = field.content else { throw wrong(field, "a float") }
    return Float(bitPattern: bits)
  }

  /// Where the bytes of a field are.
  func range(_ field: WireField) throws(DataError) -> Range<Int> {
    guard case .bytes(let range) = field.content else { throw wrong(field, "bytes") }
    return range
  }

  /// A text; bytes that are not UTF-8 are replaced.
  @inline(never)
  func text(_ field: WireField) throws(DataError) -> String {
    String(decoding: bytes[try range(field)], as: UTF8.self)
  }

  /// A reader of the message that a field is.
  func message(_ field: WireField) throws(DataError) -> WireReader {
    let range = try range(field)
    if depth == 100 { throw file.failure(field.place, "messages lie in each other over 100 deep") }
    return WireReader(in: self, range)
  }

  /// Adds the whole numbers of a repeated field, packed or one by one.
  func ints(_ field: WireField, to numbers: inout [Int]) throws(DataError) {
    switch field.content {
    case .varint(let bits): numbers.append(Int(truncatingIfNeeded: bits))
    case .bytes(let range):
      var packed = WireReader(in: self, range)
      while packed.place < packed.end {
        numbers.append(Int(truncatingIfNeeded: try packed.varint("a number")))
      }
    default: throw wrong(field, "whole numbers")
    }
  }

  /// Adds the floats of a repeated field, packed or one by one.
  func floats(_ field: WireField, to numbers: inout [Float]) throws(DataError) {
    switch field.content {
    case .fixed32(let bits): numbers.append(Float(bitPattern: bits))
    case .bytes(let range):
      var packed = WireReader(in: self, range)
      while packed.place < packed.end {
        numbers.append(Float(bitPattern: try packed.fixed(UInt32.self)))
      }
    default: throw wrong(field, "floats")
    }
  }

  /// Adds the doubles of a repeated field, packed or one by one.
  func doubles(_ field: WireField, to numbers: inout [Double]) throws(DataError) {
    switch field.content {
    case .fixed64(let bits): numbers.append(Double(bitPattern: bits))
    case .bytes(let range):
      var packed = WireReader(in: self, range)
      while packed.place < packed.end {
        numbers.append(Double(bitPattern: try packed.fixed(UInt64.self)))
      }
    default: throw wrong(field, "doubles")
    }
  }
}
