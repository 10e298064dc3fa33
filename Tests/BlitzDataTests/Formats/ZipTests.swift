import Blitz
import Testing

@testable import BlitzData

@Suite("zip files")
struct ZipTests {
  /// Two members: "a" at byte 0, its data at 31; "b" at 36, its data at 67. The list is at 70,
  /// "a" there at 70 and "b" at 117; the end record at 164.
  private static let good = ZipFixture.zip([("a", [1, 2, 3, 4, 5]), ("b", [6, 7, 8])])

  /// `good` with some bytes replaced.
  private static func patched(_ patches: [(Int, [UInt8])]) -> [UInt8] {
    var bytes = good
    for (place, new) in patches { bytes.replaceSubrange(place..<place + new.count, with: new) }
    return bytes
  }

  private func open(_ bytes: [UInt8]) throws -> ZipArchive {
    try ZipArchive(MappedFile(bytes: bytes, path: "z"))
  }

  private func message(_ body: () throws -> Void) throws -> String {
    try #require(throws: DataError.self, performing: body).reason
  }

  @Test("reads members")
  func reads() throws {
    let archive = try open(Self.good)
    #expect(archive.members.map(\.name) == ["a", "b"])
    let member = try #require(archive["b"])
    #expect(member.range == 67..<70)
    #expect(try archive.contents(of: member, limit: 3) == [6, 7, 8])
    #expect(
      try message { _ = try archive.contents(of: member, limit: 2) }
        == "byte 36: \"b\" has 3 bytes, the limit is 2")
    #expect(try open(ZipFixture.zip([])).members.isEmpty)
    #expect(try open(ZipFixture.zip([("x/", []), ("x/a", [])])).members.map(\.name) == ["x/a"])
  }

  @Test(
    "names the byte where a file lies",
    arguments: [
      ([(164, [0])], "byte 186: the file ends without a zip file's end record; is it cut off?"),
      ([(184, [1, 0])], "byte 186: the file ends without a zip file's end record; is it cut off?"),
      (
        [(174, [3, 0])],
        "byte 164: the end record says 3 members in 94 bytes from byte 70 on, "
          + "but the list would end at 164"
      ),
      (
        [(174, [1, 0])],
        "byte 117: the list of members ends here, not at 164 as the end record says"
      ),
      (
        [(180, [0xFF, 0xFF, 0xFF, 0x7F])],
        "byte 164: the end record says 2 members in 94 bytes from byte 2147483647 on, "
          + "but the list would end at 164"
      ),
      ([(168, [1])], "byte 168: the archive is one of several disks; join them first"),
      ([(117, [0])], "byte 117: a member's entry in the list does not start as it must"),
      ([(98, [0xFF, 0xFF])], "byte 70: a member's entry goes beyond the list's end, 164"),
      ([(116, [0xFF])], "byte 116: a member's name is not UTF-8"),
      ([(78, [1])], "byte 78: \"a\" is encrypted; unpack it first"),
      ([(80, [12])], "byte 80: \"a\" is compressed by method 12; Blitz reads 0 and 8 (deflate)"),
      ([(112, [9])], "byte 112: \"a\" is not at byte 9 as the list says"),
      ([(90, [200])], "byte 90: \"a\" has 200 bytes from 31 on, the list is at 70"),
      ([(30, [0x62])], "byte 30: the name here is not \"a\" as in the list"),
      ([(8, [8])], "byte 8: the method here is not 0 as in the list"),
      ([(94, [6])], "byte 94: \"a\": 5 bytes cannot hold 6"),
      (
        [(8, [8]), (80, [8]), (94, [0xFF, 0xFF, 0xFF, 0x7F])],
        "byte 94: \"a\": 5 bytes cannot hold 2147483647"
      ),
      ([(163, [0x61]), (66, [0x61])], "byte 36: \"a\" is there twice"),
      (
        [(90, [10]), (94, [10])],
        "byte 36: \"b\" starts inside the member before it, which ends at 41"
      ),
      (
        [(94, [0xFF, 0xFF, 0xFF, 0xFF])], "byte 117: the 64-bit sizes of a member are not there"
      ),
    ] as [([(Int, [UInt8])], String)])
  func lies(patches: [(Int, [UInt8])], reason: String) throws {
    #expect(try message { _ = try open(Self.patched(patches)) } == reason)
  }

  @Test("checks what comes out against the list")
  func contents() throws {
    func read(_ bytes: [UInt8]) throws -> String {
      try message {
        let archive = try open(bytes)
        _ = try archive.contents(of: archive.members[0], limit: 100)
      }
    }
    #expect(
      try read(Self.patched([(33, [9])]))
        == "byte 0: the checksum of \"a\" is wrong: the file is damaged")
    let packed = [UInt8](repeating: 7, count: 50).withUnsafeBytes { Deflate.deflate([$0], .raw) }
    var bytes = ZipFixture.zip([("a", packed)])
    let list = 31 + packed.count
    bytes[8] = 8
    bytes[list + 10] = 8
    for (size, text) in [
      (49, "has more bytes than the 49 that the list says"),
      (51, "ends after 50 bytes, not 51 as the list says"), (50, "is damaged"),
    ] {
      bytes[list + 24] = UInt8(size)
      #expect(try read(bytes).hasSuffix("\"a\" \(text)") || text == "is damaged")
    }
    #expect(try read(bytes) == "byte 0: the checksum of \"a\" is wrong: the file is damaged")
  }

  @Test("refuses an array that is larger than its member before it takes memory")
  func lyingHeader() throws {
    let header = NpyHeader.encoded(dtype: .float32, shape: [1 << 40])
    let bytes = ZipFixture.zip([("a.npy", header + [1, 2, 3, 4])])
    let file = try NpzFile(MappedFile(bytes: bytes, path: "z"))
    #expect(
      try message { _ = try file.tensor(named: "a") }
        == "byte 35: in \"a.npy\", byte 132 when unpacked: the file ends, but "
        + "float32[1099511627776] needs 4398046511100 bytes more")
    let other = ZipFixture.zip([("a.npy", header), ("b.txt", [])])
    #expect(
      try message { _ = try NpzFile(MappedFile(bytes: other, path: "z")) }
        == "byte \(35 + header.count): \"b.txt\" is not an npy file; npz has nothing else")
  }

  @Test(
    "names the byte where an npy header breaks a rule",
    arguments: [
      ("", "byte 10: in the header: { is needed"),
      ("{", "byte 11: in the header: a quote is needed"),
      ("{}", "byte 10: in the header: there is no descr"),
      ("{'descr': '<f4'}", "byte 10: in the header: there is no fortran_order"),
      ("{'descr': '<f4', 'descr': '<f4'}", "byte 27: in the header: descr is there twice"),
      (
        "{'order': 1}",
        "byte 11: in the header: \"order\" is not one of descr, fortran_order, shape"
      ),
      ("{'descr': 4}", "byte 20: in the header: a quote is needed"),
      ("{'descr': '<f4", "byte 20: in the header: the quote is never closed"),
      ("{'descr': '\\x3cf4'}", "byte 21: in the header: escapes have no place here"),
      ("{'fortran_order': 0}", "byte 28: in the header: True or False is needed"),
      ("{'shape': (2, -1)}", "byte 24: in the header: a whole number from 0 is needed"),
      ("{'shape': (99999999999999999999,)}", "byte 21: in the header: the number is too large"),
      ("{'shape': (2 3)}", "byte 23: in the header: ) is needed"),
      ("{'shape': __import__('os')}", "byte 20: in the header: ( is needed"),
      (
        "{'descr': '<f4', 'fortran_order': False, 'shape': ()} x",
        "byte 64: in the header: text follows the last }"
      ),
      (
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}",
        "byte 69: the file ends, but float32[2] needs 4 bytes more"
      ),
      (
        "{'descr': '|u1', 'fortran_order': False, 'shape': (2,)}",
        "byte 67: uint8[2] ends here, but the file has 2 bytes more"
      ),
      (
        "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904,)}",
        "byte 83: float32[4611686018427387904] takes more than memory can have"
      ),
      (
        "{'descr': '<f4', 'fortran_order': True, 'shape': (0, 4611686018427387904)}",
        "byte 84: float32[0, 4611686018427387904] ends here, but the file has 4 bytes more"
      ),
    ])
  func npyHeaders(text: String, reason: String) throws {
    let bytes =
      [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(text.utf8.count), 0] + Array(text.utf8)
      + [1, 2, 3, 4]
    #expect(try message { _ = try Npy.load(MappedFile(bytes: bytes, path: "n")) } == reason)
  }

  @Test("names the byte where an npy file's start breaks a rule")
  func npyStart() throws {
    let magic = [0x93] + Array("NUMPY".utf8)
    let rows: [([UInt8], String)] = [
      ([], "byte 0: an npy file starts with \\x93NUMPY"),
      (magic + [1], "byte 7: the file ends in its header"),
      (magic + [2, 0, 1, 0], "byte 10: the file ends in its header"),
      (magic + [4, 0, 1, 0], "byte 6: the format's version is 4.0; Blitz reads 1.0 to 3.0"),
      (
        magic + [1, 0, 9, 0],
        "byte 10: the header takes 9 bytes from byte 10 on, the file ends at 10"
      ),
      (
        magic + [2, 0, 0xFF, 0xFF, 0xFF, 0xFF],
        "byte 8: the header's length is 4294967295, the limit is 65536"
      ),
    ]
    for (bytes, reason) in rows {
      #expect(try message { _ = try Npy.load(MappedFile(bytes: bytes, path: "n")) } == reason)
    }
  }
}
