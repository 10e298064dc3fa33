import Blitz
import Foundation
import Testing

@testable import BlitzData

/// Feeds every reader damaged files: each must be an error, or an answer of the right shape, and
/// nothing may be read or allocated past the limits.
///
/// In a process of its own, since a trap ends it, and since its memory is counted.
@Suite("damaged files")
struct FuzzTests {
  /// A reader of files, and files to damage. To test another one, add a line to `all`.
  struct Reader: Sendable {
    let name: String
    let seeds: @Sendable () throws -> [[UInt8]]
    /// Makes a file of a damaged seed, with checksums that are right.
    var wrap: (@Sendable ([UInt8]) -> [UInt8])?
    let read: @Sendable (MappedFile) throws -> Void

    static let all: [Reader] = [
      Reader(name: "safetensors", seeds: safetensorsSeeds) { try check(SafetensorsFile($0)) },
      Reader(name: "npy", seeds: { try npySeeds + [small("big-endian-column.npy")] }) {
        try check(Npy.load($0), of: $0)
      },
      Reader(name: "npz", seeds: { [npz(isDeflated: false), npz(isDeflated: true)] }) {
        try check(NpzFile($0))
      },
      Reader(
        name: "npy in npz", seeds: { npySeeds }, wrap: { ZipFixture.zip([("a.npy", $0)]) }
      ) { try check(NpzFile($0)) },
      Reader(name: "pt", seeds: { try [small("tensor.pt"), small("big-endian.pt")] }) {
        try check(TorchFile($0, maximumViewByteCount: 1 << 16))
      },
      Reader(
        name: "pickle in pt", seeds: { try pickles },
        wrap: {
          ZipFixture.zip([("a/data.pkl", $0), ("a/data/0", [UInt8](repeating: 1, count: 24))])
        }
      ) { try check(TorchFile($0, maximumViewByteCount: 1 << 16)) },
      Reader(name: "any", seeds: { try npySeeds + [npz(isDeflated: true)] + safetensorsSeeds() }) {
        for (_, tensor) in try TensorFile.load($0) { try check(tensor, of: $0) }
      },
      Reader(
        name: "csv",
        seeds: {
          [
            Array("a,b,c\n5.1,3.5,0\n6.2e-3,\"2.9\",1\n".utf8),
            Array(";a;b\n0;\"x \"\"\";True\n1;y;False\n#\n2;x;True\n".utf8),
          ]
        }
      ) {
        let csv = try CSV(bytes: $0.withAllBytes { Array($0) }, path: $0.path)
        try require(csv.features.count == csv.rowCount * csv.columnCount)
      },
      Reader(name: "gzip", seeds: { [packed(.gzip) + packed(.gzip)] }) {
        try require(Deflate.inflate($0, .gzip, limit: 1000).count <= 1000)
      },
      Reader(name: "zlib", seeds: { [packed(.zlib)] }) {
        try require(Deflate.inflate($0, .zlib, limit: 1000).count <= 1000)
      },
      Reader(name: "deflate", seeds: { [packed(.raw)] }) {
        try require(Deflate.inflate($0, .raw, limit: 1000).count <= 1000)
      },
      Reader(name: "idx", seeds: { [idxSeed] }) { try check(IDX($0).tensor, of: $0) },
      Reader(name: "idx in gzip", seeds: { [idxSeed] }, wrap: { gzip($0) }) {
        try check(IDX($0).tensor, of: nil)
      },
      Reader(name: "cifar-10", seeds: { [CIFAR10Tests.image(1) + CIFAR10Tests.image(9)] }) {
        let set = try CIFAR10.read([$0])
        try require(set.labels.allSatisfy { $0 < 10 } && set.pixels.byteCount == 3072 * set.count)
      },
      Reader(name: "png", seeds: { pictures("png") }) { try check(picture: $0) },
      Reader(name: "png, checksums right", seeds: { pictures("png") }, wrap: { pngChecksums($0) }) {
        try check(picture: $0)
      },
      Reader(name: "jpeg", seeds: { pictures("jpeg") }) { try check(picture: $0) },
      Reader(name: "bmp", seeds: { others("bmp") }) { try check(picture: $0) },
      Reader(name: "netpbm", seeds: { others("ppm") + others("pgm") }) { try check(picture: $0) },
      // In a build without their traits, what is refused are only damaged ones.
      Reader(name: "webp", seeds: { ImageFormat.webp.isRead ? others("webp") : others("ppm") }) {
        try check(picture: $0)
      },
      Reader(name: "tiff", seeds: { ImageFormat.tiff.isRead ? others("tiff") : others("pgm") }) {
        try check(picture: $0)
      },
    ]
  }

  /// `BLITZ_TEST_FULL=1`, which `.ci/run` sets, tries a hundred times as many files, for minutes.
  static let count =
    ProcessInfo.processInfo.environment["BLITZ_TEST_FULL"] == "1" ? 100_000 : 1_000

  @Test("damaged files of each format trap no reader", arguments: Reader.all.map(\.name))
  func damaged(name: String) async {
    await #expect(processExitsWith: .success) { [name] in
      let reader = try #require(Reader.all.first { $0.name == name })
      let seeds = try reader.seeds()
      let memory = GuardedMemory(size: 1 << 16)
      let before = residentBytes()
      Memory.resetPeak()
      var damage = Damage(seeds: seeds)
      // The undamaged ones are read, or the test would test nothing.
      for seed in seeds {
        try reader.read(MappedFile(memory: memory.hold(reader.wrap?(seed) ?? seed), path: "f"))
      }
      var successes = 0
      for _ in 0..<FuzzTests.count {
        let seed = damage.next()
        let file = MappedFile(memory: memory.hold(reader.wrap?(seed) ?? seed), path: "f")
        do {
          try reader.read(file)
          successes += 1
        } catch let error as DataError {
          if error.reason.isEmpty { throw error }
        }
      }
      print("\(name): \(successes) of \(FuzzTests.count) were read")
      #expect(successes < FuzzTests.count)
      #expect(Memory.peakBytes < 64 << 20)
      #expect(residentBytes() - before < 64 << 20)
    }
  }
}

// MARK: - Damage

/// Damaged copies of files, the same ones in every run.
private struct Damage {
  private let seeds: [[UInt8]]
  private var state: UInt64 = 1

  init(seeds: [[UInt8]]) { self.seeds = seeds }

  mutating func next() -> [UInt8] {
    var bytes = seeds[below(seeds.count)]
    for _ in 0...below(3) { harm(&bytes) }
    return bytes
  }

  private mutating func harm(_ bytes: inout [UInt8]) {
    let place = below(bytes.count + 1)
    let length = below(min(bytes.count - place, 16) + 1)
    switch below(8) {
    case 0: bytes.removeLast(bytes.count - place)
    case 1: bytes.removeSubrange(place..<place + length)
    case 2:
      let other = seeds[below(seeds.count)]
      let start = below(other.count + 1)
      let end = start + below(min(other.count - start, 64) + 1)
      bytes.replaceSubrange(place..<place + length, with: other[start..<end])
    case 3, 4:
      let extremes: [UInt64] = [
        0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF,
        0x7FFF_FFFF_FFFF_FFFF, 0x8000_0000_0000_0000, .max, UInt64(bytes.count),
      ]
      let number = extremes[below(extremes.count)] &+ UInt64(below(3)) &- 1
      for index in 0..<(1 << below(4)) where place + index < bytes.count {
        bytes[place + index] = UInt8(truncatingIfNeeded: number >> (8 * index))
      }
    case 5:
      // In texts, numbers.
      guard let digit = bytes[place...].firstIndex(where: { (0x30...0x39).contains($0) }) else {
        return
      }
      let numbers = ["0", "-1", "9223372036854775807", "99999999999999999999", "1e400", "16777216"]
      bytes.replaceSubrange(digit...digit, with: numbers[below(numbers.count)].utf8)
    default:
      guard place < bytes.count else { return }
      bytes[place] ^= 1 << UInt8(below(8))
    }
  }

  /// SplitMix64, by Steele, Lea and Flood.
  private mutating func below(_ bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
  }
}

/// Memory whose last byte is followed by one that nobody may touch.
private final class GuardedMemory {
  private let start: UnsafeMutableRawPointer
  private let size: Int

  init(size: Int) {
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    self.size = size
    start = mmap(nil, size + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    mprotect(start + size, page, PROT_NONE)
  }

  /// Puts bytes at the very end.
  func hold(_ bytes: [UInt8]) -> UnsafeRawBufferPointer {
    let place = start + (size - bytes.count)
    bytes.withUnsafeBytes { bytes in
      if let source = bytes.baseAddress { place.copyMemory(from: source, byteCount: bytes.count) }
    }
    return UnsafeRawBufferPointer(start: place, count: bytes.count)
  }
}

/// The most memory that this process has had.
private func residentBytes() -> Int {
  var usage = rusage()
  getrusage(0, &usage)  // RUSAGE_SELF, of several types
  return usage.ru_maxrss * 1024
}

// MARK: - Answers

private struct WrongAnswer: Error {}

private func require(_ isRight: Bool) throws {
  if !isRight { throw WrongAnswer() }
}

/// Reads all tensors of a file; an error about one ends it.
private func check(_ file: some NamedTensors) throws {
  for (_, tensor) in try file.tensors() { try check(tensor, of: nil) }
}

/// A tensor has numbers for its shape, no more than the file could hold, and true or false in it
/// if it says so.
private func check(_ tensor: Tensor, of file: MappedFile?) throws {
  try require(tensor.error == nil)
  let size = tensor.shape.sizes.reduce(tensor.dtype.byteCount, *)
  if let file { try require(size <= file.count * Deflate.largestRatio) }
  try tensor.withBytes { bytes in
    try require(bytes.count == size)
    if tensor.dtype == .bool { try require(bytes.allSatisfy { $0 <= 1 }) }
  }
}

// MARK: - Seeds

private func small(_ name: String) throws -> [UInt8] { try FormatReference.bytes(name) }

@Sendable private func safetensorsSeeds() throws -> [[UInt8]] {
  let entries = [
    SafetensorsEntry(name: "a", dtype: .float32, shape: [2, 1], bytes: [1, 2, 3, 4, 5, 6, 7, 8]),
    SafetensorsEntry(name: "b", dtype: .bool, shape: [3], bytes: [1, 0, 2]),
    SafetensorsEntry(name: "c", dtype: .int8, shape: [], bytes: [1]),
  ]
  return [
    try Safetensors(entries: Array(entries.prefix(2)), metadata: ["k": "é"]).encoded(path: "f"),
    try Safetensors(entries: [entries[0]]).encoded(path: "f"),
  ]
}

private let npySeeds: [[UInt8]] = {
  let plain = NpyHeader.encoded(dtype: .float32, shape: [2, 3]) + [UInt8](0..<24)
  let column = String(decoding: plain[10..<127], as: UTF8.self)
    .replacingOccurrences(of: "False", with: "True ").replacingOccurrences(of: "<f4", with: ">i4")
  let text = Array("{'descr':'|b1','fortran_order':False,'shape':(3,)}".utf8)
  let versionTwo = Array(plain[..<6]) + [2, 0, UInt8(text.count), 0, 0, 0] + text + [0, 1, 2]
  return [
    plain, Array(plain[..<10]) + Array(column.utf8) + Array(plain[127...]), versionTwo,
  ]
}()

private func npz(isDeflated: Bool) -> [UInt8] {
  let path = "\(NSTemporaryDirectory())/blitz-\(UUID().uuidString).npz"
  defer { try? FileManager.default.removeItem(atPath: path) }
  try? Npz.save(
    ["a": Tensor.zeros([3, 2]), "b": Tensor([true])], to: path, isCompressed: isDeflated)
  return (try? File.read(path)) ?? []
}

private var pickles: [[UInt8]] {
  get throws {
    try ["seed-2.pt", "seed-4.pt"].map { name in
      let archive = try ZipArchive(MappedFile(bytes: small(name), path: name))
      let member = try #require(archive.members.first { $0.name.hasSuffix("data.pkl") })
      return try archive.contents(of: member, limit: 10_000)
    }
  }
}

private func packed(_ wrapping: Deflate.Wrapping) -> [UInt8] {
  Array("hello, hello, hello, and a few words that do not come twice".utf8).withUnsafeBytes {
    Deflate.deflate([$0], wrapping)
  }
}

// MARK: - Pictures and idx files

private let idxSeed = IDXTests.header(13, 3, 2) + [UInt8](repeating: 0x3F, count: 24)

/// The stored files whose names start so.
private func pictures(_ name: String) -> [[UInt8]] {
  LoadingReference.stored.images.filter { $0.name.hasPrefix(name) }.map { Array($0.file) }
}

/// Those of the further formats.
private func others(_ name: String) -> [[UInt8]] {
  PictureReference.pictures(name).map { Array($0.file) }
}

private func check(picture file: MappedFile) throws {
  let image = try Image(
    bytes: file.withAllBytes { Array($0) }, path: file.path, maximumPixelCount: 1 << 16)
  try require(image.pixels.count == image.width * image.height * image.channelCount)
}

/// A PNG file with the right checksum behind each chunk, so that what is in them is looked at.
private func pngChecksums(_ bytes: [UInt8]) -> [UInt8] {
  var bytes = bytes
  var place = 8
  while place + 12 <= bytes.count {
    let length = bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
    guard length <= bytes.count - place - 12 else { break }
    let end = place + 8 + length
    let checksum = bytes.withUnsafeBytes {
      Deflate.crc32(UnsafeRawBufferPointer(rebasing: $0[place + 4..<end]))
    }
    withUnsafeBytes(of: checksum.bigEndian) { bytes.replaceSubrange(end..<end + 4, with: $0) }
    place = end + 4
  }
  return bytes
}
