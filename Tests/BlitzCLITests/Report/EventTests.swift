import BlitzData
import Foundation
import Testing

@testable import BlitzCLI

@Suite("TensorBoard event files")
struct EventTests {
  // RFC 3720, appendix B.4, and the check value of the catalogue of CRC algorithms.
  @Test(
    "gives the checksums of RFC 3720",
    arguments: [
      (Array("123456789".utf8), 0xE306_9283),
      ([UInt8](repeating: 0, count: 32), 0x8A91_36AA),
      ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43),
      (Array(0..<32), 0x46DD_794E),
      (Array((0..<32).reversed()), 0x113F_DB5C),
      (
        [
          0x01, 0xC0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x14, 0, 0, 0, 0, 0, 0x04, 0,
          0, 0, 0, 0x14, 0, 0, 0, 0x18, 0x28, 0, 0, 0, 0, 0, 0, 0, 0x02, 0, 0, 0, 0, 0, 0, 0,
        ], 0xD996_3A56
      ),
      ([], 0),
    ] as [([UInt8], UInt32)])
  func checksums(bytes: [UInt8], checksum: UInt32) {
    #expect(CRC32C.checksum(bytes) == checksum)
  }

  // Made by Tests/Reference/events.py with TensorBoard 2.21.0.
  @Test(
    "writes the bytes that TensorBoard's own writer does",
    arguments: [
      (
        Event(wallTime: 1.5, step: 0, content: .fileVersion),
        "1800000000000000a37f4b2209000000000000f83f1a0d627261696e2e4576656e743a322a28646c"
      ),
      (
        Event(
          wallTime: 1_764_000_000.25, step: 300,
          content: .summary([
            .scalar(tag: "loss/training", 0.25), .scalar(tag: "rate", .nan),
          ])),
        "31000000000000009d8383e909000010402049da4110ac022a230a140a0d6c6f73732f747261696e696e67"
          + "150000803e0a0b0a0472617465150000c07ff1849ac9"
      ),
      (
        Event(wallTime: 2, step: 4, content: .start),
        "0f000000000000006d532b0909000000000000004010043a0208017601b5eb"
      ),
      (
        Event(
          wallTime: 2, step: -1,
          content: .summary([
            .image(
              tag: "w", width: 3, height: 2, channelCount: 1, png: [0x89, 0x50, 0x4E, 0x47])
          ])),
        "290000000000000037ff5f0009000000000000004010ffffffffffffffffff012a130a110a0177220c0802"
          + "10031801220489504e47d7927c28"
      ),
      (
        Event(wallTime: 2, step: 1, content: .summary([.text(tag: "settings", "é")])),
        "3e00000000000000d9d240e709000000000000004010012a310a2f0a1573657474696e67732f746578745f"
          + "73756d6d617279420c08071204120208014202c3a94a080a060a047465787477ea0a77"
      ),
    ])
  func records(event: Event, hexadecimal: String) {
    #expect(event.record.map { String(format: "%02x", $0) }.joined() == hexadecimal)
  }

  @Test("starts a new file each time, in a folder that it makes, and leaves the others alone")
  func files() throws {
    let folder = try TemporaryFolder()
    let directory = "\(folder.path)/logs/run"
    let first = try EventWriter(directory: directory)
    let before = try Data(contentsOf: URL(fileURLWithPath: first.path))
    let second = try EventWriter(directory: directory, resumingAt: 7)
    try second.write([.scalar(tag: "a", 1)], step: 7)
    let names = try FileManager.default.contentsOfDirectory(atPath: directory)
    #expect(names.count == 2 && first.path != second.path)
    let pattern = /events\.out\.tfevents\.\d{10}\..+\.\d+(\.1)?/
    for name in names { #expect(name.wholeMatch(of: pattern) != nil, "\(name)") }
    #expect(try Data(contentsOf: URL(fileURLWithPath: first.path)) == before)
    #expect(try EventTests.events(second.path).count == 3)
  }

  @Test("has each event in the file as soon as it is written")
  func flushing() throws {
    let folder = try TemporaryFolder()
    let writer = try EventWriter(directory: folder.path)
    for step in 1...3 {
      try writer.write([.scalar(tag: "loss", Float(step))], step: step)
      let all = try EventTests.events(writer.path)
      #expect(all.count == step + 1)
      // The tag, the value.
      #expect(all.last?.suffix(11).starts(with: [0x0A, 4] + "loss".utf8) == true)
      #expect(
        all.last?.suffix(4) == [0, 0, step == 1 ? 128 : step == 2 ? 0 : 64, step == 1 ? 63 : 64])
    }
    try writer.write([], step: 4)
    #expect(try EventTests.events(writer.path).count == 4)
  }

  @Test("tells an epoch's figures, the settings and the weights")
  func run() throws {
    let folder = try TemporaryFolder()
    let writer = try EventWriter(directory: folder.path)
    try writer.write(
      RunRecord.Epoch(
        number: 3, stepCount: 30, trainingLoss: 0.5, trainingAccuracy: nil, testLoss: nil,
        testAccuracy: 0.75, rate: 0.1, seconds: 1))
    try writer.write(settings: [("a|b", "x\ny")])
    let weights = RunRecord.WeightPicture(width: 2, height: 1, channelCount: 1, values: [-1, 1])
    try writer.write(
      firstLayer: [weights, .init(width: 9, height: 9, channelCount: 1, values: [])], step: 3)
    let all = try EventTests.events(writer.path).map { String(decoding: $0, as: UTF8.self) }
    try #require(all.count == 4)
    for (tag, isThere) in [
      ("loss/training", true), ("loss/test", false), ("accuracy/training", false),
      ("accuracy/test", true), ("rate", true), ("seconds", true),
    ] { #expect(all[1].contains(tag) == isThere, "\(tag)") }
    #expect(all[2].contains("| a\\|b | x y |\n"))
    #expect(all[3].contains("first layer/0") && all[3].contains("PNG"))
    #expect(!all[3].contains("first layer/1"))
  }

  @Test("ends with a whole event when the disk is full, and goes on when there is room")
  func fullDisk() async {
    await #expect(processExitsWith: .success) {
      let folder = try TemporaryFolder()
      let writer = try EventWriter(directory: folder.path)
      let size = try Data(contentsOf: URL(fileURLWithPath: writer.path)).count
      // A limit on the size of files stops a write in the middle, as a full disk does.
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit()
      getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      var small = limit
      small.rlim_cur = rlim_t(size + 20)
      setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &small)
      let error = #expect(throws: DataError.self) {
        try writer.write([.scalar(tag: "lost", 1)], step: 1)
      }
      #expect(error?.description == "\(writer.path): cannot be written: file too large")
      #expect(try Data(contentsOf: URL(fileURLWithPath: writer.path)).count == size)
      setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      try writer.write([.scalar(tag: "kept", 1)], step: 2)
      #expect(try EventTests.events(writer.path).count == 2)
    }
  }

  @Test("says in one line why a folder cannot be written to")
  func refusal() throws {
    let folder = try TemporaryFolder()
    let file = try folder.file("taken", "")
    let error = #expect(throws: DataError.self) { try EventWriter(directory: file) }
    #expect(error?.description == "\(file): is not a folder; choose another name")
  }

  /// The events of a file, after a look at the lengths and checksums.
  private static func events(_ path: String) throws -> [[UInt8]] {
    let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
    var events: [[UInt8]] = []
    var rest = bytes[...]
    func number(_ bytes: ArraySlice<UInt8>) -> Int {
      bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    }
    while !rest.isEmpty {
      try #require(rest.count >= 16)
      let start = rest.startIndex
      let length = number(rest.prefix(8))
      #expect(number(rest[start + 8..<start + 12]) == Int(CRC32C.masked(rest.prefix(8))))
      try #require(rest.count >= 16 + length)
      let data = rest[start + 12..<start + 12 + length]
      #expect(number(rest[data.endIndex..<data.endIndex + 4]) == Int(CRC32C.masked(data)))
      events.append(Array(data))
      rest = rest.dropFirst(16 + length)
    }
    return events
  }
}
