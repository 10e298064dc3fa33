#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Files and folders by the system's own calls.
enum FileSystem {
  /// The size in bytes and the times of the last change; nil if there is no such file.
  static func facts(_ path: String) -> (size: Int, seconds: Int, nanoseconds: Int)? {
    var facts = stat()
    guard stat(path, &facts) == 0 else { return nil }
    #if canImport(Darwin)
      let time = facts.st_mtimespec
    #else
      let time = facts.st_mtim
    #endif
    return (Int(facts.st_size), time.tv_sec, time.tv_nsec)
  }

  static func exists(_ path: String) -> Bool { facts(path) != nil }

  /// The names in a folder, sorted; empty if it cannot be read.
  static func names(in folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: Unicode.UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// The bytes of a file; nil if they cannot all be read.
  static func read(_ path: String) -> [UInt8]? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var facts = stat()
    guard fstat(file, &facts) == 0 else { return nil }
    // Files of the kernel's say 0 bytes; they are read until their end.
    var bytes = [UInt8](repeating: 0, count: max(Int(facts.st_size), 1 << 16))
    var end = 0
    while true {
      if end == bytes.count { bytes.append(contentsOf: repeatElement(0, count: 1 << 16)) }
      let count = bytes.withUnsafeMutableBytes {
        systemRead(file, $0.baseAddress! + end, $0.count - end)
      }
      if count < 0 { return nil }
      if count == 0 { break }
      end += count
    }
    bytes.removeLast(bytes.count - end)
    return bytes
  }

  /// Writes a new file that only its owner can read; false if that fails.
  static func write(_ parts: [[UInt8]], to path: String) -> Bool {
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { return false }
    var ok = true
    for part in parts where ok {
      part.withUnsafeBytes {
        var start = 0
        while start < $0.count {
          let count = systemWrite(file, $0.baseAddress! + start, $0.count - start)
          if count <= 0 {
            ok = false
            return
          }
          start += count
        }
      }
    }
    if close(file) != 0 { ok = false }
    if !ok { unlink(path) }
    return ok
  }

  /// Makes a folder and those above it, which only the owner can read.
  static func makeFolder(_ path: String) {
    var end = path.startIndex
    while end < path.endIndex {
      end = path[path.index(after: end)...].firstIndex(of: "/") ?? path.endIndex
      mkdir(String(path[..<end]), 0o700)
    }
  }
}

// The methods above have the names of the calls.
private func systemRead(_ file: Int32, _ target: UnsafeMutableRawPointer, _ count: Int) -> Int {
  read(file, target, count)
}
private func systemWrite(_ file: Int32, _ source: UnsafeRawPointer, _ count: Int) -> Int {
  write(file, source, count)
}
