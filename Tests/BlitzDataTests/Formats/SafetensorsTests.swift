import BlitzData
import Foundation
import Testing

@Suite("safetensors")
struct SafetensorsTests {
  // safetensors 0.8.0, PyTorch 2.15.0:
  //   save({'weight': tensor([[1.5,-2],[0.25,3]]), 'double': tensor([0.1], dtype=float64),
  //     'count': tensor(-7), 'int': tensor([1,-2], dtype=int32), 'half': tensor([1.,-2.]).half(),
  //     'brain': tensor([1.,-2.]).bfloat16(), 'byte': tensor([0,255,7], dtype=uint8),
  //     'mask': tensor([True,False]), 'none': zeros(0,3), 'hä "q"\n😀': ones(1)},
  //     metadata={'format': 'pt'}).hex()
  private static let fromPython = bytes(
    ofHex: """
      78020000000000007b225f5f6d657461646174615f5f223a7b22666f726d6174223a227074227d2c22636f756e74
      223a7b226474797065223a22493634222c227368617065223a5b5d2c22646174615f6f666673657473223a5b302c
      385d7d2c22646f75626c65223a7b226474797065223a22463634222c227368617065223a5b315d2c22646174615f
      6f666673657473223a5b382c31365d7d2c2268c3a4205c22715c225c6ef09f9880223a7b226474797065223a2246
      3332222c227368617065223a5b315d2c22646174615f6f666673657473223a5b31362c32305d7d2c226e6f6e6522
      3a7b226474797065223a22463332222c227368617065223a5b302c335d2c22646174615f6f666673657473223a5b
      32302c32305d7d2c22776569676874223a7b226474797065223a22463332222c227368617065223a5b322c325d2c
      22646174615f6f666673657473223a5b32302c33365d7d2c22696e74223a7b226474797065223a22493332222c22
      7368617065223a5b325d2c22646174615f6f666673657473223a5b33362c34345d7d2c22627261696e223a7b2264
      74797065223a2242463136222c227368617065223a5b325d2c22646174615f6f666673657473223a5b34342c3438
      5d7d2c2268616c66223a7b226474797065223a22463136222c227368617065223a5b325d2c22646174615f6f6666
      73657473223a5b34382c35325d7d2c2262797465223a7b226474797065223a225538222c227368617065223a5b33
      5d2c22646174615f6f666673657473223a5b35322c35355d7d2c226d61736b223a7b226474797065223a22424f4f
      4c222c227368617065223a5b325d2c22646174615f6f666673657473223a5b35352c35375d7d7d202020f9ffffff
      ffffffff9a9999999999b93f0000803f0000c03f000000c00000803e0000404001000000feffffff803f00c0003c
      00c000ff070100
      """)

  private static func bytes(ofHex text: String) -> [UInt8] {
    let digits = text.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
  }

  /// A file with this header, its length right, and `size` bytes after it.
  private static func file(_ header: String, size: Int = 0) -> [UInt8] {
    let length = header.utf8.count
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array(header.utf8)
      + [UInt8](repeating: 0, count: size)
  }

  /// A file of one array, `a`.
  private static func array(
    _ dtype: String, _ shape: [Int], at offsets: [Int], size: Int = 0
  ) -> [UInt8] {
    file("{\(entry("a", dtype, shape, at: offsets))}", size: size)
  }

  /// How a header describes an array.
  private static func entry(
    _ name: String, _ dtype: String, _ shape: [Int], at offsets: [Int]
  ) -> String {
    let (shape, offsets) = (list(shape), list(offsets))
    return #""\#(name)":{"dtype":"\#(dtype)","shape":\#(shape),"data_offsets":\#(offsets)}"#
  }

  private static func list(_ numbers: [Int]) -> String {
    "[" + numbers.map { String($0) }.joined(separator: ",") + "]"
  }

  @Test("reads a file that Python wrote")
  func readsPython() throws {
    let file = try Safetensors(bytes: Self.fromPython, path: "p")
    #expect(file.metadata == ["format": "pt"])
    #expect(file.entries.count == 10)
    func check(_ name: String, _ dtype: SafetensorsDType, _ shape: [Int], _ bytes: [UInt8]) {
      #expect(
        file[name]
          == SafetensorsEntry(name: name, dtype: dtype, shape: shape, bytes: bytes[...]))
    }
    check("count", .int64, [], [0xF9, 255, 255, 255, 255, 255, 255, 255])
    check("double", .float64, [1], [0x9A, 0x99, 0x99, 0x99, 0x99, 0x99, 0xB9, 0x3F])
    check(
      "weight", .float32, [2, 2],
      [0, 0, 0xC0, 0x3F, 0, 0, 0, 0xC0, 0, 0, 0x80, 0x3E, 0, 0, 0x40, 0x40])
    check("int", .int32, [2], [1, 0, 0, 0, 0xFE, 255, 255, 255])
    check("half", .float16, [2], [0, 0x3C, 0, 0xC0])
    check("brain", .bfloat16, [2], [0x80, 0x3F, 0, 0xC0])
    check("byte", .uint8, [3], [0, 255, 7])
    check("mask", .bool, [2], [1, 0])
    check("none", .float32, [0, 3], [])
    check("hä \"q\"\n😀", .float32, [1], [0, 0, 0x80, 0x3F])
    #expect(file["Weight"] == nil)
  }

  @Test("writes the bytes that Python writes, whatever the order of the arrays")
  func writesPython() throws {
    var file = try Safetensors(bytes: Self.fromPython, path: "p")
    file.entries.shuffle()
    #expect(try file.encoded(path: "p") == Self.fromPython)
  }

  @Test("writes a file and reads it back, replacing the one that was there")
  func roundTrip() throws {
    let path = "\(NSTemporaryDirectory())/blitz-\(UUID().uuidString).safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    var file = Safetensors(entries: [], metadata: ["a\u{1}\\\"/\u{7F}": "\n\r\t\u{2028}é"])
    try file.write(to: path)
    #expect(try Safetensors(path: path) == file)
    for (index, dtype) in SafetensorsDType.allCases.enumerated() {
      let bytes = (0..<dtype.bitSize).map { _ in UInt8.random(in: 0...255) }
      file.entries.append(
        SafetensorsEntry(name: "t\(index)", dtype: dtype, shape: [2, 1, 4], bytes: bytes[...]))
    }
    try file.write(to: path)
    let back = try Safetensors(path: path)
    #expect(back.metadata == file.metadata)
    #expect(back.entries.count == file.entries.count)
    for entry in file.entries { #expect(back[entry.name] == entry) }
  }

  @Test("refuses to write what could not be read")
  func refusesToWrite() throws {
    let entry = SafetensorsEntry(name: "a", dtype: .float32, shape: [2], bytes: [1, 2, 3, 4])
    func message(_ entries: [SafetensorsEntry]) throws -> String {
      try #require(throws: DataError.self) {
        try Safetensors(entries: entries).write(to: "/no/f")
      }.description
    }
    #expect(try message([entry]) == "/no/f: \"a\" has 4 bytes, but F32[2] takes 8")
    var other = entry
    other.shape = [1]
    #expect(
      try message([other]) == "/no/f: cannot be written: there is no such file or folder")
    #expect(try message([other, other]) == "/no/f: two arrays are called \"a\"")
    other.name = "__metadata__"
    #expect(
      try message([other])
        == "/no/f: no array may be called \"__metadata__\", the header's own key")
    other.name = "b"
    other.shape = [Int.max, 3]
    #expect(
      try message([other])
        == "/no/f: \"b\" has 4 bytes, but F32[9223372036854775807, 3] takes no size")
  }

  private static let unknownDType = """
    byte 9: "a" is C9, which is none of BOOL F4 F6_E2M3 F6_E3M2 U8 I8 F8_E5M2 F8_E4M3 F8_E8M0 \
    F8_E4M3FNUZ F8_E5M2FNUZ I16 U16 F16 BF16 I32 U32 F32 C64 F64 I64 U64; SafetensorsFile reads \
    the others
    """

  private static let broken: [([UInt8], String)] = [
    (
      array("F32", [2], at: [0, 4], size: 4),
      "byte 9: \"a\" has 4 bytes, but F32[2] takes 8"
    ),
    (
      array("U8", [2], at: [1, 3], size: 3),
      "byte 9: \"a\" starts at 1, but the array before it ends at 0: "
        + "bytes between them belong to none"
    ),
    (
      file(
        "{\(entry("a", "U8", [2], at: [0, 2])),\(entry("b", "U8", [2], at: [1, 3]))}", size: 3),
      "byte 61: \"b\" starts at 1, but the array before it ends at 2: they overlap"
    ),
    (
      array("U8", [0], at: [2, 0], size: 2),
      "byte 9: \"a\" ends at 0, before its start 2"
    ),
    (
      array("U8", [3], at: [0, 3], size: 1),
      "byte 62: the file ends, but \"a\" needs 2 bytes more"
    ),
    (
      array("U8", [1], at: [0, 1], size: 3),
      "byte 62: the last array ends here, but the file has 2 bytes more"
    ),
    (
      array("C9", [1], at: [0, 1], size: 1),
      unknownDType
    ),
    (
      array("U8", [-1], at: [0, 1], size: 1),
      "byte 36, in the header: a whole number from 0 is needed"
    ),
    (
      file(#"{"a":{"dtype":"U8","shape":[99999999999999999999]}}"#),
      "byte 36, in the header: the number is too large"
    ),
    (
      array("F64", [4611686018427387904, 4], at: [0, 0]),
      "byte 9: \"a\" has 0 bytes, but F64[4611686018427387904, 4] takes more than memory can have"
    ),
    (
      file(#"{"a":{"dtype":"U8","shape":[1]}}"#),
      "byte 9, in the header: \"a\" has no data_offsets"
    ),
    (
      file(#"{"a":{"dtype":"U8","data_offsets":[0]}}"#),
      "byte 42, in the header: data_offsets needs two numbers"
    ),
    (
      file(#"{"a":{"dtype":"U8","size":[1]}}"#),
      "byte 27, in the header: \"size\" is not one of dtype, shape, data_offsets"
    ),
    (
      file(#"{"a":{"shape":[],"shape":[]}}"#),
      "byte 25, in the header: shape is there twice"
    ),
    (
      file(#"{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"\u0061":{}}"#),
      "byte 61, in the header: \"a\" is there twice"
    ),
    (
      file(#"{"__metadata__":{"k":1}}"#), "byte 29, in the header: \" is needed"
    ),
    (file(" {}"), "byte 8, in the header: it must start with {"),
    (file(""), "byte 8, in the header: it must start with {"),
    (file("{} x"), "byte 11, in the header: text follows its last }"),
    (file(#"{"a"#), "byte 9, in the header: the quote is never closed"),
    (
      file(#"{"\ud800":{}}"#),
      "byte 10, in the header: the escape is half of a surrogate pair"
    ),
    (
      file(#"{"\u+123":{}}"#),
      "byte 12, in the header: four hexadecimal digits are needed"
    ),
    (file(#"{"\x":{}}"#), "byte 10, in the header: the escape is unknown"),
    ([1, 2, 3], "byte 3: the file ends; eight bytes of header length are needed"),
    (
      [9, 0, 0, 0, 0, 0, 0, 0, 0x7B],
      "byte 9: the file ends inside its header, which has 9 bytes"
    ),
    (
      [UInt8](repeating: 255, count: 9),
      "byte 0: the header's length is 18446744073709551615, the limit is 100000000; "
        + "is this a safetensors file?"
    ),
  ]

  @Test("names the byte where a file breaks a rule", arguments: broken)
  func errors(bytes: [UInt8], reason: String) throws {
    let error = try #require(throws: DataError.self) {
      try Safetensors(bytes: bytes, path: "f.safetensors")
    }
    #expect(error.description == "f.safetensors: \(reason)")
  }

  @Test("refuses the file cut at any byte")
  func truncated() {
    for size in 0..<Self.fromPython.count {
      #expect(throws: DataError.self, "cut at \(size)") {
        try Safetensors(bytes: Array(Self.fromPython[..<size]), path: "p")
      }
    }
  }

  @Test("survives any flipped bit: an error, or arrays whose sizes fit")
  func flipped() throws {
    var refused = 0
    for index in Self.fromPython.indices {
      for bit in 0..<8 {
        var bytes = Self.fromPython
        bytes[index] ^= 1 << bit
        guard let file = try? Safetensors(bytes: bytes, path: "p") else {
          refused += 1
          continue
        }
        // What was accepted is a whole file: it can be written again.
        #expect(throws: Never.self, "bit \(bit) of byte \(index)") {
          try file.encoded(path: "p")
        }
      }
    }
    #expect(refused > Self.fromPython.count)
  }
}
