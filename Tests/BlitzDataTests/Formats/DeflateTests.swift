import Foundation
import Testing

@testable import BlitzData

@Suite("deflate")
struct DeflateTests {
  /// Text that compresses, and noise that does not.
  private static let samples: [[UInt8]] = [
    [], [7], Array("abc".utf8), [UInt8](repeating: 0, count: 300_000),
    (0..<200_000).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 13) },
  ]

  private static func compressed(
    _ bytes: [UInt8], _ wrapping: Deflate.Wrapping, level: Int = 6
  ) -> [UInt8] {
    bytes.withUnsafeBytes { Deflate.deflate([$0], wrapping, level: level) }
  }

  private func message(_ body: () throws -> Void) throws -> String {
    try #require(throws: DataError.self, performing: body).description
  }

  @Test("gives back what was compressed", arguments: [Deflate.Wrapping.raw, .zlib, .gzip])
  func roundTrip(wrapping: Deflate.Wrapping) throws {
    for bytes in Self.samples {
      for level in [0, 1, 9] {
        let packed = Self.compressed(bytes, wrapping, level: level)
        #expect(try Deflate.inflate(packed, wrapping, limit: bytes.count, path: "p") == bytes)
      }
    }
  }

  @Test("reads several gzip members, and zeros after the last")
  func members() throws {
    let packed =
      Self.compressed([1, 2], .gzip) + Self.compressed([3], .gzip) + [UInt8](repeating: 0, count: 5)
    #expect(try Deflate.inflate(packed, .gzip, limit: 3, path: "p") == [1, 2, 3])
  }

  @Test("has the checksum of zip files")
  func checksum() {
    // The check value of CRC-32/ISO-HDLC in the catalogue of parametrised CRC algorithms.
    let bytes = Array("123456789".utf8)
    #expect(bytes.withUnsafeBytes { Deflate.crc32($0) } == 0xCBF4_3926)
    let first = bytes[..<4].withUnsafeBytes { Deflate.crc32($0) }
    #expect(bytes[4...].withUnsafeBytes { Deflate.crc32($0, after: first) } == 0xCBF4_3926)
  }

  @Test("names the byte where data is cut off, damaged, or goes on")
  func errors() throws {
    let packed = Self.compressed(Array("hello, hello, hello".utf8), .gzip)
    func inflate(_ bytes: [UInt8], _ wrapping: Deflate.Wrapping = .gzip) throws {
      _ = try Deflate.inflate(bytes, wrapping, limit: 100, path: "a.gz")
    }
    #expect(
      try message { try inflate(Array(packed.dropLast())) }
        == "a.gz: byte \(packed.count - 1): the compressed data is cut off")
    #expect(try message { try inflate([]) } == "a.gz: byte 0: the compressed data is cut off")
    #expect(
      try message { try inflate([1, 2, 3]) }
        == "a.gz: byte 2: the compressed data is damaged: incorrect header check")
    var wrong = packed
    wrong[packed.count - 8] ^= 1
    #expect(
      try message { try inflate(wrong) }
        == "a.gz: byte \(packed.count - 4): the compressed data is damaged: incorrect data check")
    #expect(
      try message { try inflate(packed + [9, 9]) }
        == "a.gz: byte \(packed.count): the compressed data ends here, but 2 bytes follow")
  }

  @Test("stops a bomb at the limit, without taking memory for it")
  func bomb() throws {
    let bomb = Self.compressed([UInt8](repeating: 0, count: 64 << 20), .zlib, level: 9)
    #expect(bomb.count * Deflate.largestRatio >= 64 << 20)
    let text = try message { _ = try Deflate.inflate(bomb, .zlib, limit: 1 << 16, path: "p") }
    #expect(text.hasSuffix(": the compressed data has more than 65536 bytes, the limit"))
    let exact = try Deflate.inflate(bomb, .zlib, limit: 64 << 20, path: "p")
    #expect(exact.count == 64 << 20)
  }

  @Test("reads piece by piece, never more than is asked for")
  func pieces() throws {
    let bytes = Self.samples[4]
    let inflater = try Inflater(
      MappedFile(bytes: Self.compressed(bytes, .raw), path: "p"), .raw)
    var got: [UInt8] = []
    var size = 1
    while got.count < bytes.count {
      var piece = [UInt8](repeating: 0xEE, count: size + 1)
      let count = try piece.withUnsafeMutableBytes {
        try inflater.read(into: UnsafeMutableRawBufferPointer(rebasing: $0[..<size]))
      }
      #expect(piece.last == 0xEE)
      got += piece[..<count]
      size = size * 3 + 1
    }
    #expect(got == bytes)
    #expect(try inflater.isFinished())
  }

  @Test("maps a file, and refuses reads outside it")
  func mapping() throws {
    let path = "\(NSTemporaryDirectory())/blitz-\(UUID().uuidString).bin"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data([1, 2, 3, 4, 5]).write(to: URL(fileURLWithPath: path))
    for file in [try MappedFile(path: path), MappedFile(bytes: [1, 2, 3, 4, 5], path: path)] {
      #expect(file.count == 5)
      #expect(try Array(file.bytes(at: 1, count: 4, "x")) == [2, 3, 4, 5])
      #expect(try file.bytes(at: 5, count: 0, "x").isEmpty)
      #expect(try file.integer(UInt32.self, at: 1, "x") == 0x0504_0302)
      #expect(file.has([4, 5], at: 3))
      #expect(!file.has([4, 5, 6], at: 3))
      #expect(!file.has([1], at: -1))
      #expect(
        try message { _ = try file.bytes(at: 2, count: 4, "the sum") }
          == "\(path): byte 2: the sum takes 4 bytes from byte 2 on, the file ends at 5")
      for (place, count) in [(-1, 1), (6, 0), (0, -1), (Int.max, 1), (1, Int.max)] {
        #expect(throws: DataError.self) { try file.bytes(at: place, count: count, "x") }
      }
    }
    try Data().write(to: URL(fileURLWithPath: path))
    #expect(try MappedFile(path: path).count == 0)
    #expect(
      try message { _ = try MappedFile(path: "/no/file") }
        == "/no/file: cannot be opened: there is no such file or folder")
    #expect(try message { _ = try MappedFile(path: "/") } == "/: is a folder; name a file in it")
  }
}
