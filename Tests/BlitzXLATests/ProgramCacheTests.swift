import BlitzTensor
import Foundation
import Testing

@testable import BlitzXLA

/// Compiled programs on disk.
@Suite("Program cache")
struct ProgramCacheTests {
  static func cache(_ name: String, limit: Int = 1 << 30) -> ProgramCache {
    ProgramCache(folder: FakePlugin.folder.appending(path: "cache/\(name)").path, limit: limit)
  }

  static func files(_ cache: ProgramCache) -> [URL] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: cache.folder)) ?? []
    return names.sorted().map { URL(filePath: cache.folder).appending(path: $0) }
  }

  @Test("the hash is the one that was published")
  func hash() {
    // FNV-1a of 128 bits of "a" (RFC 9923, appendix C), here followed by its length.
    var expected: UInt128 = 0xd228_cb69_6f1a_8caf_7891_2b70_4e4a_8964
    for byte: UInt8 in [1, 0, 0, 0, 0, 0, 0, 0] {
      expected = (expected ^ UInt128(byte)) &* 0x0000_0000_0100_0000_0000_0000_0000_013b
    }
    #expect(ContentHash([Array("a".utf8)]).value == expected)
    #expect(ProgramCache.key([[1], [2]]) != ProgramCache.key([[1, 2], []]))
  }

  @Test("what was kept is found by its key, by another process's cache too")
  func kept() {
    let cache = Self.cache("kept")
    #expect(cache.bytes(for: "k") == nil)
    let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }
    cache.store(bytes, for: "k")
    cache.store([], for: "empty")
    #expect(Self.cache("kept").bytes(for: "k") == bytes)
    #expect(cache.bytes(for: "empty") == [])
    #expect(cache.bytes(for: "other") == nil)
  }

  @Test("a damaged file counts as none and is written anew", arguments: [0, 10, 30, 60, -1])
  func damaged(place: Int) throws {
    let cache = Self.cache("damaged\(place)")
    cache.store(Array(0..<100), for: "k")
    let file = try #require(Self.files(cache).first)
    var bytes = try Data(contentsOf: file)
    if place < 0 { bytes.removeLast() } else { bytes[place] ^= 1 }
    try bytes.write(to: file)
    #expect(cache.bytes(for: "k") == nil)
    cache.store(Array(0..<100), for: "k")
    #expect(cache.bytes(for: "k") == Array(0..<100))
  }

  @Test("past the bound, what was not used for longest goes")
  func bound() throws {
    let cache = Self.cache("bound", limit: 3500)
    let bytes = [UInt8](repeating: 7, count: 1000)
    for (age, key) in ["a", "b", "c"].enumerated() {
      cache.store(bytes, for: key)
      let old = Date(timeIntervalSinceNow: Double(age) - 100)
      try FileManager.default.setAttributes(
        [.modificationDate: old], ofItemAtPath: "\(cache.folder)/\(key).program")
    }
    #expect(cache.bytes(for: "a") == bytes)  // now the last one used
    cache.store(bytes, for: "d")
    #expect(Self.files(cache).map(\.lastPathComponent) == ["a.program", "c.program", "d.program"])
    cache.store([UInt8](repeating: 0, count: 4000), for: "large")
    #expect(cache.bytes(for: "large") == nil)
  }

  @Test("many writers and readers at once see whole files only")
  func writers() {
    let cache = Self.cache("writers", limit: 20_000)
    let wrong = Lock(0)
    DispatchQueue.concurrentPerform(iterations: 200) { index in
      let other = ProgramCache(folder: cache.folder, limit: cache.limit)
      let key = "\(index % 5)"
      let bytes = [UInt8](repeating: UInt8(index % 5), count: 5000)
      other.store(bytes, for: key)
      if let found = other.bytes(for: key), found != bytes { wrong.withLock { $0 += 1 } }
    }
    #expect(wrong.withLock { $0 } == 0)
    #expect(Self.files(cache).allSatisfy { $0.pathExtension == "program" })
    #expect(Self.files(cache).count <= 3)
  }

  @Test("what XLA reads from the environment tells programs apart")
  func flags() throws {
    let client = try FakePlugin.backend("good").client
    let plain = ProgramCache.identity(of: client, flags: "")
    #expect(plain != ProgramCache.identity(of: client, flags: "--xla_dump_to=/tmp/x"))
    #expect(plain == ProgramCache.identity(of: client, flags: ""))
  }

  @Test("a program is compiled once and found by the next run", .enabled(if: RealPlugin.isFound))
  func programs() throws {
    let cache = Self.cache("programs")
    func run(_ text: String = RealPluginTests.donating.text) throws -> (Int, Int) {
      let backend = try RealPlugin.backend(cache: cache)
      var program = RealPluginTests.donating
      program.text = text
      let compiled = try backend.compile(program, on: .single(0))
      let a = try backend.client.upload([1, 2, 3, 4, 5, 6] as [Float], [2, 3])
      let b = try backend.client.upload([1, 1, 1, 1, 1, 1] as [Float], [2, 3])
      #expect(try compiled.run([a, b], keeping: [])[0].values() == [2, 3, 4, 5, 6, 7] as [Float])
      #expect(a.isConsumed)
      #expect(compiled.wasKept == (backend.compilations.reloaded == 1))
      return backend.compilations
    }
    #expect(try run() == (1, 0))
    #expect(try run() == (0, 1))
    let file = try #require(Self.files(cache).first)
    try Data("rubbish".utf8).write(to: file)
    #expect(try run() == (1, 0))
    #expect(try run() == (0, 1))
    #expect(try run(RealPluginTests.donating.text + "\n") == (1, 0))
    #expect(Self.files(cache).count == 2)
  }

  @Test("bytes that a plugin cannot load are compiled anew", .enabled(if: RealPlugin.isFound))
  func unloadable() throws {
    let cache = Self.cache("unloadable")
    let first = try RealPlugin.backend(cache: cache)
    _ = try first.compile(RealPluginTests.add, on: .single(0))
    let name = try #require(Self.files(cache).first).deletingPathExtension().lastPathComponent
    cache.store(Array("whole, but no program".utf8), for: name)
    let second = try RealPlugin.backend(cache: cache)
    _ = try second.compile(RealPluginTests.add, on: .single(0))
    #expect(second.compilations == (1, 0))
  }
}
