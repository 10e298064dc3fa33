import BlitzTensor

/// The header of an npy file: a Python dictionary, of which just the one form that NumPy writes is
/// read, by a parser that can do nothing else.
///
///     \x93NUMPY 1 0 <length> {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }
///
/// The format is described in NumPy's `numpy/lib/format.py`.
struct NpyHeader: Sendable {
  /// How the elements are stored.
  let elements: StoredElements
  /// Where they start, in bytes from the start of the npy file.
  let dataStart: Int

  /// The bytes that tell how long the header is, and at most how many those are.
  static let prefixSize = 12
  /// More than any real header takes, so that a damaged length is found out.
  static let largestSize = 1 << 16

  /// Where the header's text is, from the first `prefixSize` bytes of the file (fewer if it has
  /// no more).
  static func textRange(
    _ prefix: UnsafeRawBufferPointer, _ failure: (Int, String) -> DataError
  ) throws(DataError) -> Range<Int> {
    guard prefix.starts(with: [0x93] + Array("NUMPY".utf8)) else {
      throw failure(0, "an npy file starts with \\x93NUMPY")
    }
    guard prefix.count >= 10 else { throw failure(prefix.count, "the file ends in its header") }
    guard (1...3).contains(prefix[6]), prefix[7] == 0 else {
      throw failure(6, "the format's version is \(prefix[6]).\(prefix[7]); Blitz reads 1.0 to 3.0")
    }
    if prefix[6] == 1 {
      return 10..<10 + Int(prefix[8]) + Int(prefix[9]) << 8
    }
    guard prefix.count >= 12 else { throw failure(prefix.count, "the file ends in its header") }
    let length = UInt32(littleEndian: prefix.loadUnaligned(fromByteOffset: 8, as: UInt32.self))
    guard length <= largestSize else {
      throw failure(8, "the header's length is \(length), the limit is \(largestSize)")
    }
    return 12..<12 + Int(length)
  }

  /// Reads the text, whose first byte is at `start` in the file.
  init(
    _ text: UnsafeRawBufferPointer, at start: Int, _ failure: (Int, String) -> DataError
  ) throws(DataError) {
    var parser = NpyHeaderParser(text: [UInt8](text))
    do throws(NpyHeaderParser.Failure) {
      elements = try parser.elements()
    } catch {
      throw failure(start + error.place, "in the header: \(error.reason)")
    }
    dataStart = start + text.count
  }
}

/// Reads the dictionary.
private struct NpyHeaderParser {
  struct Failure: Error {
    var place: Int
    var reason: String
  }

  let text: [UInt8]
  var position = 0

  init(text: [UInt8]) { self.text = text }

  mutating func elements() throws(Failure) -> StoredElements {
    var type: (dtype: DType, isBigEndian: Bool)?
    var isFortran: Bool?
    var shape: [Int]?
    try expect("{")
    while !accept("}") {
      let place = position  // accept has skipped spaces
      let key = try string()
      try expect(":")
      switch key {
      case "descr" where type == nil: type = try elementType()
      case "fortran_order" where isFortran == nil: isFortran = try bool()
      case "shape" where shape == nil: shape = try sizes()
      case "descr", "fortran_order", "shape":
        throw Failure(place: place, reason: "\(key) is there twice")
      default:
        let name = JSONText.quoted(DataError.excerpt(key.utf8))
        throw Failure(
          place: place, reason: "\(name) is not one of descr, fortran_order, shape")
      }
      if !accept(",") {
        try expect("}")
        break
      }
    }
    skipSpace()
    guard position == text.count else { throw failure("text follows the last }") }
    guard let type, let isFortran, let shape else {
      let missing = type == nil ? "descr" : isFortran == nil ? "fortran_order" : "shape"
      throw Failure(place: 0, reason: "there is no \(missing)")
    }
    var elements = StoredElements(
      type: type.dtype, shape: shape, isBigEndian: type.isBigEndian)
    if isFortran { elements.strides = StoredElements.columnMajor(shape) }
    return elements
  }

  private mutating func elementType() throws(Failure) -> (dtype: DType, isBigEndian: Bool) {
    skipSpace()
    let place = position
    if position < text.count, text[position] == UInt8(ascii: "[") {
      throw failure("arrays of records cannot be tensors; save each field on its own")
    }
    let name = try string()
    let order = name.first
    let isBigEndian = order == ">"
    let kind = order.map { "<>=|".contains($0) } == true ? String(name.dropFirst()) : name
    guard let dtype = NpyHeader.types[kind] else {
      // Raw bytes, which `V2` is, are nothing that astype makes of numbers.
      let names = NpyHeader.types.keys.filter { $0 != "V2" }.sorted().joined(separator: " ")
      throw Failure(
        place: place,
        reason: "Blitz has no tensors of \(JSONText.quoted(DataError.excerpt(name.utf8))); "
          + "before saving, use astype with one of \(names)"
      )
    }
    return (dtype, isBigEndian)
  }

  private mutating func sizes() throws(Failure) -> [Int] {
    try expect("(")
    var sizes: [Int] = []
    while !accept(")") {
      sizes.append(try integer())
      if !accept(",") {
        try expect(")")
        break
      }
    }
    return sizes
  }

  private mutating func integer() throws(Failure) -> Int {
    skipSpace()
    let start = position
    var value = 0
    while position < text.count, case let digit = text[position] &- UInt8(ascii: "0"), digit <= 9 {
      let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflowToo) = tenfold.addingReportingOverflow(Int(digit))
      if overflow || overflowToo {
        throw Failure(place: start, reason: "the number is too large")
      }
      value = sum
      position += 1
    }
    guard position > start else { throw failure("a whole number from 0 is needed") }
    // Python 2 wrote some sizes as 3L.
    if position < text.count, text[position] == UInt8(ascii: "L") { position += 1 }
    return value
  }

  private mutating func bool() throws(Failure) -> Bool {
    skipSpace()
    for (word, value) in [("True", true), ("False", false)]
    where text[position...].starts(with: word.utf8) {
      position += word.utf8.count
      return value
    }
    throw failure("True or False is needed")
  }

  private mutating func string() throws(Failure) -> String {
    skipSpace()
    let start = position
    guard position < text.count,
      text[position] == UInt8(ascii: "'") || text[position] == UInt8(ascii: "\"")
    else { throw failure("a quote is needed") }
    let quote = text[position]
    position += 1
    while position < text.count, text[position] != quote {
      guard text[position] != UInt8(ascii: "\\") else {
        throw failure("escapes have no place here")
      }
      position += 1
    }
    guard position < text.count else {
      throw Failure(place: start, reason: "the quote is never closed")
    }
    position += 1
    return String(decoding: text[start + 1..<position - 1], as: UTF8.self)
  }

  private mutating func skipSpace() {
    while position < text.count, [0x20, 0x09, 0x0A, 0x0D].contains(text[position]) { position += 1 }
  }

  private mutating func accept(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard position < text.count, text[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(Failure) {
    guard accept(character) else { throw failure("\(character) is needed") }
  }

  private func failure(_ reason: String) -> Failure { Failure(place: position, reason: reason) }
}

extension NpyHeader {
  /// NumPy's names of the types, without the byte order.
  ///
  /// NumPy has no bfloat16. The libraries that add one write its two bytes as raw data, `V2`.
  static let types: [String: DType] = [
    "f4": .float32, "f8": .float64, "f2": .float16, "V2": .bfloat16, "b1": .bool,
    "i1": .int8, "i2": .int16, "i4": .int32, "i8": .int64,
    "u1": .uint8, "u2": .uint16, "u4": .uint32, "u8": .uint64,
    "c8": .complex64, "c16": .complex128,
  ]

  /// The header that NumPy would write for a row-major tensor, in little-endian order.
  static func encoded(dtype: DType, shape: [Int]) -> [UInt8] {
    let name = types.first { $0.value == dtype }?.key ?? ""
    let order = dtype.byteCount == 1 || dtype == .bfloat16 ? "|" : "<"
    let sizes = shape.count == 1 ? "\(shape[0])," : shape.map(String.init).joined(separator: ", ")
    var text = Array(
      "{'descr': '\(order)\(name)', 'fortran_order': False, 'shape': (\(sizes)), }".utf8)
    // Spaces and a line's end, so that the data starts at a multiple of 64.
    while (10 + text.count + 1) % 64 != 0 { text.append(UInt8(ascii: " ")) }
    text.append(UInt8(ascii: "\n"))
    return [0x93] + Array("NUMPY".utf8)
      + [1, 0, UInt8(text.count & 0xFF), UInt8(text.count >> 8)] + text
  }
}
