import Serving
import Testing

struct JSONReaderTests {
  static func numbers(_ text: String) throws -> Numbers {
    var reader = JSONReader(Array(text.utf8))
    let numbers = try reader.numbers()
    try reader.end()
    return numbers
  }

  @Test(
    "reads nested arrays with their shape",
    arguments: [
      ("3", [], [3]), ("[]", [0], []), ("[1, 2.5,-3e2 ]", [3], [1, 2.5, -300]),
      ("[[1,2],[3,4],[5,6]]", [3, 2], [1, 2, 3, 4, 5, 6]),
      ("[[[true]],[[false]]]", [2, 1, 1], [1, 0]),
      ("[[],[]]", [2, 0], []),
      ("[0.1,1234567890123456,1e-400]", [3], [0.1, 1_234_567_890_123_456, 0]),
      ("[12345678901234567168,-0.0000123]", [2], [12345678901234567168, -0.0000123]),
    ] as [(String, [Int], [Double])])
  func reads(text: String, shape: [Int], values: [Double]) throws {
    #expect(try JSONReaderTests.numbers(text) == Numbers(shape: shape, values: values))
  }

  @Test("reads what Swift writes, bit for bit")
  func exact() throws {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<20_000 {
      let value = Double(bitPattern: random.next())
      guard value.isFinite else { continue }
      #expect(try JSONReaderTests.numbers("\(value)").values == [value])
    }
  }

  @Test(
    "says where and what is wrong",
    arguments: [
      ("", "byte 0 of the JSON: the end where a number must be"),
      ("[1,2", "byte 4 of the JSON: the end where a comma or ] must be"),
      ("[[1,2],[3]]", "byte 10 of the JSON: an array of 1 ends here, the others have 2"),
      ("[1,[2]]", "byte 3 of the JSON: an array where the others have a number"),
      ("[[1],2]", "byte 5 of the JSON: a number where the others have 1 more arrays around them"),
      ("[1] x", "byte 4 of the JSON: 'x' after the end"),
      ("[\"a\"]", "byte 1 of the JSON: '\"a\"]' where a number must be"),
      ("[1.]", "byte 3 of the JSON: a number that ends with a point"),
      ("[1e]", "byte 3 of the JSON: a number without its exponent"),
      ("[1e999]", "byte 1 of the JSON: '1e999]' is beyond what a number can be"),
      ("[null]", "byte 1 of the JSON: 'null]' where a number must be"),
      (
        String(repeating: "[", count: 20), "byte 16 of the JSON: more than 16 arrays in one another"
      ),
    ])
  func refuses(text: String, reason: String) {
    let refusal = #expect(throws: Refusal.self) { try JSONReaderTests.numbers(text) }
    #expect(refusal?.description == reason)
  }
}
