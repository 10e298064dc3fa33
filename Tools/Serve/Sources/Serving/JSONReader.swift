import Foundation

/// Numbers in nested arrays, read from JSON as it stands.
package struct Numbers: Sendable, Equatable {
  package var shape: [Int]
  package var values: [Double]

  package init(shape: [Int], values: [Double]) { (self.shape, self.values) = (shape, values) }
}

/// Reads what requests hold out of JSON: objects, strings and arrays of numbers, in one pass.
package struct JSONReader {
  private let bytes: [UInt8]
  private var place = 0

  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The most arrays in one another.
  private static let depthLimit = 16

  /// Goes through the members of an object; `read` must read each one's value.
  package mutating func object(
    _ read: (_ name: String, _ reader: inout JSONReader) throws -> Void
  ) throws {
    try expect("{", "an object")
    if take("}") { return }
    repeat {
      let name = try string()
      try expect(":", "a colon")
      try read(name, &self)
    } while take(",")
    try expect("}", "a comma or }")
  }

  /// Goes through the elements of an array.
  package mutating func array(_ read: (_ reader: inout JSONReader) throws -> Void) throws {
    try expect("[", "an array")
    if take("]") { return }
    repeat { try read(&self) } while take(",")
    try expect("]", "a comma or ]")
  }

  /// A number, or nested arrays whose lengths agree; `true` counts as 1.
  package mutating func numbers() throws -> Numbers {
    var shape: [Int?] = []
    var values: [Double] = []
    var rank: Int?
    try nested(depth: 0, &shape, &rank, &values)
    return Numbers(shape: shape.map { $0 ?? 0 }, values: values)
  }

  private mutating func nested(
    depth: Int, _ shape: inout [Int?], _ rank: inout Int?, _ values: inout [Double]
  ) throws {
    guard next == UInt8(ascii: "[") else {
      if let rank, rank != depth {
        throw failure("a number where the others have \(rank - depth) more arrays around them")
      }
      rank = depth
      values.append(try number())
      return
    }
    guard rank != depth else { throw failure("an array where the others have a number") }
    guard depth < JSONReader.depthLimit else {
      throw failure("more than \(JSONReader.depthLimit) arrays in one another")
    }
    if shape.count == depth { shape.append(nil) }
    var count = 0
    try array { reader in
      count += 1
      try reader.nested(depth: depth + 1, &shape, &rank, &values)
    }
    if let expected = shape[depth], expected != count {
      throw failure("an array of \(count) ends here, the others have \(expected)")
    }
    shape[depth] = count
  }

  /// A string, with its escapes read.
  mutating func string() throws -> String {
    try expect("\"", "a string")
    let start = place
    var isPlain = true
    while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
      if bytes[place] == UInt8(ascii: "\\") {
        isPlain = false
        place += 1
      }
      place += 1
    }
    guard place < bytes.count else { throw failure("a string without end") }
    let inner = bytes[start..<place]
    place += 1
    if isPlain { return String(decoding: inner, as: UTF8.self) }
    let whole = Data([UInt8(ascii: "\"")] + inner + [UInt8(ascii: "\"")])
    guard let text = try? JSONDecoder().decode(String.self, from: whole) else {
      throw failure("a string with a wrong escape")
    }
    return text
  }

  /// A number; `true` and `false` are 1 and 0.
  mutating func number() throws -> Double {
    if take(word: "true") { return 1 }
    if take(word: "false") { return 0 }
    _ = next
    let start = place
    var (mantissa, digits, exponent) = (UInt64(0), 0, 0)
    let isNegative = place < bytes.count && bytes[place] == UInt8(ascii: "-")
    if isNegative { place += 1 }
    func digit(_ place: Int) -> UInt64? {
      guard place < bytes.count, 48...57 ~= bytes[place] else { return nil }
      return UInt64(bytes[place] - 48)
    }
    let whole = place
    while let value = digit(place) {
      if digits < 19 { mantissa = mantissa * 10 + value }
      digits += 1
      place += 1
    }
    guard place > whole else { throw failure(at: start, "\(shown(start)) where a number must be") }
    guard place == whole + 1 || bytes[whole] != UInt8(ascii: "0") else {
      throw failure(at: start, "\(shown(start)) starts with a 0 that no number has")
    }
    if place < bytes.count, bytes[place] == UInt8(ascii: ".") {
      place += 1
      let first = place
      while let value = digit(place) {
        if digits < 19 {
          mantissa = mantissa * 10 + value
          exponent -= 1
        }
        digits += 1
        place += 1
      }
      guard place > first else { throw failure("a number that ends with a point") }
    }
    var isScaled = false
    if place < bytes.count, bytes[place] | 32 == UInt8(ascii: "e") {
      isScaled = true
      place += 1
      if place < bytes.count, [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(bytes[place]) {
        place += 1
      }
      guard digit(place) != nil else { throw failure("a number without its exponent") }
      while digit(place) != nil { place += 1 }
    }
    // Exact: both are whole numbers that a Double holds (W. D. Clinger, 1990).
    if !isScaled, mantissa < 1 << 53, digits <= 19, exponent > -22 {
      let value = Double(mantissa) / JSONReader.powers[-exponent]
      return isNegative ? -value : value
    }
    guard let value = Double(String(decoding: bytes[start..<place], as: UTF8.self)),
      value.isFinite
    else { throw failure(at: start, "\(shown(start)) is beyond what a number can be") }
    return value
  }

  private static let powers = (0...22).map { power in (0..<power).reduce(1.0) { p, _ in p * 10 } }

  /// Finds that nothing follows.
  package mutating func end() throws {
    if next != nil { throw failure("\(shown(place)) after the end") }
  }

  /// The next byte that is no space.
  var next: UInt8? {
    mutating get {
      while place < bytes.count, [32, 9, 10, 13].contains(bytes[place]) { place += 1 }
      return place < bytes.count ? bytes[place] : nil
    }
  }

  private mutating func take(_ sign: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: sign) else { return false }
    place += 1
    return true
  }

  private mutating func take(word: String) -> Bool {
    guard next == word.utf8.first, bytes[place...].starts(with: word.utf8) else { return false }
    place += word.utf8.count
    return true
  }

  private mutating func expect(_ sign: Unicode.Scalar, _ what: String) throws {
    guard take(sign) else { throw failure("\(shown(place)) where \(what) must be") }
  }

  private func shown(_ place: Int) -> String {
    guard place < bytes.count else { return "the end" }
    let end = bytes[place...].prefix(12).prefix { 33..<127 ~= $0 }
    return "'\(String(decoding: end, as: UTF8.self))'"
  }

  private func failure(at place: Int? = nil, _ reason: String) -> Refusal {
    Refusal("byte \(place ?? self.place) of the JSON: \(reason)")
  }
}
