import BlitzSystem
import BlitzTensor
import Synchronization

/// A folder of compiled programs, found by the text and settings that they were compiled from.
///
/// Each file holds one program: a mark, the number of bytes, their hash, the bytes. A file is
/// written under another name and then renamed, so several processes may write at once. A file that
/// does not match its hash is ignored and written anew.
package final class ProgramCache: Sendable {
  /// The path of the folder.
  package let folder: String
  /// The most bytes that are kept; beyond it, the programs unused for longest are deleted.
  package let limit: Int
  private let writes = Atomic<Int>(0)

  private static let mark = Array("Blitz program 1\n".utf8)
  private static let headSize = mark.count + 8 + 16

  /// The cache of this user: `$XDG_CACHE_HOME/blitz` or `~/.cache/blitz`, of at most 1 GiB.
  ///
  /// `BLITZ_CACHE=off` turns it off, any other value is the path of the folder; `BLITZ_CACHE_BYTES`
  /// sets the limit.
  package static let standard: ProgramCache? = {
    let limit =
      Environment.value(of: "BLITZ_CACHE_BYTES", takes: "a whole number of 0 or more") {
        Int($0).flatMap { $0 >= 0 ? $0 : nil }
      } ?? 1 << 30
    switch Environment["BLITZ_CACHE"] {
    case "off": return nil
    case let folder?: return ProgramCache(folder: folder, limit: limit)
    case nil:
      guard
        let caches = Environment["XDG_CACHE_HOME"]
          ?? Environment["HOME"].map({ $0 + "/.cache" })
      else { return nil }
      return ProgramCache(folder: caches + "/blitz", limit: limit)
    }
  }()

  /// Makes a cache in a folder, which is created when the first program is kept.
  package init(folder: String, limit: Int) {
    self.folder = folder
    self.limit = limit
  }

  /// The bytes kept under a key; nil if there are none or if they are damaged.
  func bytes(for key: String) -> [UInt8]? {
    let path = path(of: key)
    guard let file = try? FileSystem.read(path), file.count >= Self.headSize,
      file.starts(with: Self.mark)
    else { return nil }
    let bytes = Array(file[Self.headSize...])
    guard Self.head(of: bytes).elementsEqual(file[..<Self.headSize]) else { return nil }
    // The time of the last use is what the bound goes by.
    utimes(path, nil)
    return bytes
  }

  /// Keeps bytes under a key; does nothing if the disk is full or not writable.
  func store(_ bytes: [UInt8], for key: String) {
    guard bytes.count + Self.headSize <= limit else { return }
    FileSystem.makeFolder(folder, permissions: 0o700)
    let number = writes.add(1, ordering: .relaxed).newValue
    let temporary = folder + "/.\(getpid())-\(number).writing"
    guard (try? FileSystem.create(temporary, of: [Self.head(of: bytes), bytes])) != nil else {
      return
    }
    if rename(temporary, path(of: key)) != 0 { unlink(temporary) }
    trim()
  }

  /// Removes what was not used for longest until the rest fits, and what writers left behind.
  private func trim() {
    var files: [(path: String, size: Int, used: (Int, Int))] = []
    var total = 0
    for name in FileSystem.names(in: folder) {
      let path = folder + "/" + name
      guard let facts = FileSystem.facts(path) else { continue }
      if name.hasSuffix(".program") {
        files.append((path, facts.size, facts.changed))
        total += facts.size
      } else if name.hasSuffix(".writing"), facts.changed.seconds < time(nil) - 3600 {
        unlink(path)
      }
    }
    guard total > limit else { return }
    for file in files.sorted(by: { $0.used < $1.used }) where total > limit {
      unlink(file.path)
      total -= file.size
    }
  }

  private func path(of key: String) -> String { "\(folder)/\(key).program" }

  private static func head(of bytes: [UInt8]) -> [UInt8] {
    var head = mark
    withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { head.append(contentsOf: $0) }
    withUnsafeBytes(of: ContentHash([bytes]).value.littleEndian) { head.append(contentsOf: $0) }
    return head
  }

  /// The name of a program, made from everything that it is compiled from.
  static func key(_ parts: [[UInt8]]) -> String {
    let digits = String(ContentHash(parts).value, radix: 16)
    return String(repeating: "0", count: 32 - digits.count) + digits
  }

  /// Everything besides its text that a compiled program depends on: the build of the plugin, the
  /// devices, the processor's instructions, and the settings that XLA reads from the environment.
  static func identity(
    of client: Client, flags: String = Environment["XLA_FLAGS"] ?? ""
  ) -> [UInt8] {
    let plugin = client.plugin
    var words = [
      plugin.path, "\(plugin.version)", client.platform, client.platformVersion, processor,
      flags,
    ]
    words += client.devices.map(\.kind)
    if let facts = FileSystem.facts(plugin.path) {
      words.append("\(facts.size) \(facts.changed.seconds) \(facts.changed.nanoseconds)")
    }
    return Array(words.joined(separator: "\n").utf8)
  }

  /// The processor's name and instructions, as the kernel tells them.
  private static let processor: String = {
    let text = String(
      decoding: (try? FileSystem.read("/proc/cpuinfo")) ?? [], as: Unicode.UTF8.self)
    let wanted = ["model name", "flags", "Features", "CPU implementer", "CPU part"]
    var found: [String] = []
    for line in text.split(separator: "\n") {
      if line.hasPrefix("processor"), !found.isEmpty { break }  // the next core
      if wanted.contains(where: { line.hasPrefix($0) }) { found.append(String(line)) }
    }
    return found.joined(separator: "\n")
  }()
}

/// A hash of 128 bits that is the same in every process, to name contents by: FNV-1a
/// (Fowler, Noll, Vo; RFC 9923). It keeps damage apart from data, not forgers.
struct ContentHash {
  private(set) var value: UInt128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d

  /// Hashes parts and where each of them ends.
  init(_ parts: [[UInt8]]) {
    for part in parts {
      for byte in part { add(byte) }
      withUnsafeBytes(of: UInt64(part.count).littleEndian) { for byte in $0 { add(byte) } }
    }
  }

  private mutating func add(_ byte: UInt8) {
    value = (value ^ UInt128(byte)) &* 0x0000_0000_0100_0000_0000_0000_0000_013b
  }
}
