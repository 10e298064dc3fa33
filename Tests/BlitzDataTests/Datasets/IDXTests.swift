import Blitz
import BlitzData
import Foundation
import Testing

/// Bytes as gzip packs them.
func gzip(_ bytes: [UInt8]) -> [UInt8] { bytes.withUnsafeBytes { Deflate.deflate([$0], .gzip) } }

@Suite("idx files")
struct IDXTests {
  /// The start of a file: type, sizes.
  static func header(_ type: UInt8, _ sizes: UInt32...) -> [UInt8] {
    var bytes: [UInt8] = [0, 0, type, UInt8(sizes.count)]
    for size in sizes { withUnsafeBytes(of: size.bigEndian) { bytes += $0 } }
    return bytes
  }

  @Test("reads each type, compressed or not")
  func types() throws {
    let words: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFE, 0x01, 0x02, 0x03, 0x04]
    let files: [([UInt8], DType, Shape, [Double])] = [
      (
        Self.header(8, 2, 3) + [0, 1, 2, 253, 254, 255], .uint8, [2, 3], [0, 1, 2, 253, 254, 255]
      ),
      (Self.header(12, 2) + words, .int32, [2], [-2, 16_909_060]),
      (
        Self.header(13, 1, 2) + [0x3F, 0x80, 0, 0, 0xC0, 0x20, 0, 0], .float32, [1, 2], [1, -2.5]
      ),
      (Self.header(14, 1) + [0x3F, 0xF8, 0, 0, 0, 0, 0, 0], .float64, [1], [1.5]),
      (Self.header(8, 0, 28, 28), .uint8, [0, 28, 28], []),
      (Self.header(8, 1, 1, 1, 1, 1) + [9], .uint8, [1, 1, 1, 1, 1], [9]),
    ]
    for (bytes, dtype, shape, numbers) in files {
      for file in [bytes, gzip(bytes)] {
        let idx = try IDX(bytes: file, path: "a.idx")
        #expect(idx.dtype == dtype)
        #expect(idx.shape == shape)
        #expect(try idx.tensor.cast(to: .float64).array() == numbers)
      }
    }
  }

  @Test(
    "names the byte that is wrong",
    arguments: [
      ([], "byte 0: the file ends inside the header of an idx file"),
      ([0, 0, 8], "byte 3: the file ends inside the header of an idx file"),
      ([1, 0, 8, 1, 0, 0], "byte 0: an idx file starts with two zeros, this one with 1 and 0"),
      (
        Array("\u{89}PNG".utf8),
        "byte 0: an idx file starts with two zeros, this one with 194 and 137"
      ),
      ([0, 0, 10, 1], "byte 2: 10 is no idx type; they are 8, 9, 11, 12, 13 and 14"),
      (
        header(9, 1) + [1],
        "byte 2: Blitz has no signed byte, the type of these numbers; write them as 32-bit "
          + "integers (12)"
      ),
      (
        header(11, 1) + [1, 2],
        "byte 2: Blitz has no 16-bit integer, the type of these numbers; write them as 32-bit "
          + "integers (12)"
      ),
      ([0, 0, 8, 0, 1], "byte 3: 0 axes are not from 1 to 16"),
      ([0, 0, 8, 17], "byte 3: 17 axes are not from 1 to 16"),
      ([0, 0, 8, 2, 0, 0, 0, 1], "byte 8: the file ends inside the header of an idx file"),
      (header(8, 3) + [1, 2], "byte 4: uint8[3] takes 3 bytes, but 2 follow the header"),
      (header(8, 3) + [1, 2, 3, 4], "byte 4: uint8[3] takes 3 bytes, but 4 follow the header"),
      (
        header(13, 60_000, 28, 28),
        "byte 4: float32[60000, 28, 28] takes 188160000 bytes, but 0 follow the header"
      ),
      (
        header(14, ~0, ~0, ~0) + [1],
        "byte 4: float64[4294967295, 4294967295, 4294967295] takes too many bytes, but 1 follow "
          + "the header"
      ),
    ] as [([UInt8], String)])
  func errors(bytes: [UInt8], reason: String) throws {
    let error = try #require(throws: DataError.self) { try IDX(bytes: bytes, path: "a.idx") }
    #expect(error.description == "a.idx: \(reason)")
  }

  @Test("names what is wrong with a compressed file, and takes no memory for what it cannot hold")
  func compressed() async throws {
    func reason(_ bytes: [UInt8]) throws -> String {
      let file = gzip(bytes)
      return try #require(throws: DataError.self) { try IDX(bytes: file, path: "a.gz") }.description
    }
    #expect(
      try reason(Self.header(8, 3) + [1, 2])
        == "a.gz, unpacked: byte 10: the file ends; 1 bytes more belong to uint8[3]")
    #expect(
      try reason(Self.header(8, 3) + [1, 2, 3, 4])
        .hasSuffix("more follows the [3] numbers of the idx file"))
    #expect(
      try reason(Self.header(14, 40_000, 50_000))
        .contains("byte 4: float64[40000, 50000] takes 16000000000 bytes, but at most "))
    // In a process of its own, where no other test takes memory.
    await #expect(processExitsWith: .success) {
      let file = gzip(IDXTests.header(14, 40_000, 50_000))
      let live = Memory.liveBytes
      #expect(throws: DataError.self) { try IDX(bytes: file, path: "a.gz") }
      #expect(Memory.peakBytes - live < 1 << 20)
    }
    // Cut off in the middle of the compressed data.
    var cut = gzip(Self.header(8, 100, 100) + (0..<10_000).map { UInt8($0 % 251) })
    cut.removeLast(cut.count / 2)
    #expect(throws: DataError.self) { try IDX(bytes: cut, path: "a.gz") }
  }

  @Test("survives any bytes: 20,000 damaged files end in numbers or an error")
  func damaged() throws {
    var generator = SystemRandomNumberGenerator()
    let whole = Self.header(8, 3, 4) + (0..<12).map { UInt8($0) }
    let starts = [whole, gzip(whole)]
    var (read, refused) = (0, 0)
    for round in 0..<20_000 {
      var bytes = starts[round % 2]
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        bytes[place] = .random(in: 0...255, using: &generator)
      }
      if Bool.random() { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &generator)) }
      do {
        let idx = try IDX(bytes: bytes, path: "d")
        #expect(idx.array.byteCount == idx.shape.elementCount * idx.dtype.byteCount)
        read += 1
      } catch {
        refused += 1
      }
    }
    #expect(read > 0 && refused > 0)
  }
}
