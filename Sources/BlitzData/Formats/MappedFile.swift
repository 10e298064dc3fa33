import BlitzSystem

/// The bytes of a file, mapped into memory: the system reads the pages that somebody looks at.
///
/// The mapping lasts as long as somebody holds the object. All reads are checked against the
/// file's size at opening. A file that another process shortens while it is mapped is out of
/// scope: the system ends a process that touches a page that is gone. Replacing a file by
/// renaming, as Blitz does, is safe.
///
/// Unchecked: the memory is never written.
package final class MappedFile: @unchecked Sendable {
  /// What errors call the file.
  package let path: String
  /// The file's size in bytes.
  package let count: Int
  private let start: UnsafeRawPointer
  private let owner: Owner

  /// Whose the memory is.
  private enum Owner { case system, file, caller }

  /// Maps the file at `path`; one that cannot be mapped, such as a pipe, is read.
  ///
  /// - Throws: `DataError` if there is no such file, it is a folder, or it cannot be read.
  package convenience init(path: String) throws(DataError) {
    if let (start, count) = try MappedFile.map(path) {
      self.init(start: start, count: count, owner: .system, path: path)
    } else {
      try self.init(bytes: File.read(path), path: path)
    }
  }

  /// Holds a copy of bytes that are already in memory; `path` is what errors call them.
  package convenience init(bytes: [UInt8], path: String) {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 64)
    memory.copyBytes(from: bytes)
    self.init(
      start: UnsafeRawPointer(memory.baseAddress!), count: bytes.count, owner: .file,
      path: path)
  }

  /// Stands for memory of the caller's, which must stay as it is for as long as this is held.
  package convenience init(memory: UnsafeRawBufferPointer, path: String) {
    let start = memory.baseAddress ?? UnsafeRawPointer(bitPattern: 64)!
    self.init(start: start, count: memory.count, owner: .caller, path: path)
  }

  private init(start: UnsafeRawPointer, count: Int, owner: Owner, path: String) {
    self.start = start
    self.count = count
    self.owner = owner
    self.path = path
  }

  deinit {
    switch owner {
    case .system: Mappings.remove(start, count: count)
    case .file: start.deallocate()
    case .caller: break
    }
  }

  /// The mapping of a regular file that is not empty, or nil for anything else that can be read.
  private static func map(_ path: String) throws(DataError) -> (UnsafeRawPointer, Int)? {
    do throws(FileSystem.Failure) {
      let file = try FileSystem.open(path)
      defer { close(file) }
      let facts = try FileSystem.facts(of: file)
      guard facts.isFile, facts.size > 0 else { return nil }
      guard let start = mmap(nil, facts.size, PROT_READ, MAP_PRIVATE, file, 0), start != MAP_FAILED
      else { return nil }
      return (UnsafeRawPointer(start), facts.size)
    } catch {
      throw File.failure(path, error)
    }
  }

  /// The bytes at a place, good for as long as the file is held.
  ///
  /// - Throws: `DataError` if the file ends before; `what` says what the bytes are.
  package func bytes(
    at place: Int, count: Int, _ what: @autoclosure () -> String
  ) throws(DataError) -> UnsafeRawBufferPointer {
    guard place >= 0, count >= 0, place <= self.count, count <= self.count - place else {
      throw failure(
        min(max(place, 0), self.count),
        "\(what()) takes \(count) bytes from byte \(place) on, the file ends at \(self.count)")
    }
    return UnsafeRawBufferPointer(start: start + place, count: count)
  }

  /// Says that bytes were copied: their pages leave this process's memory, and are mapped again
  /// for whoever reads them.
  package func letGo(_ bytes: UnsafeRawBufferPointer) {
    guard case .system = owner, let first = bytes.baseAddress else { return }
    let page = UInt(sysconf(Int32(_SC_PAGESIZE)))
    let (low, high) = (UInt(bitPattern: first), UInt(bitPattern: first) + UInt(bytes.count))
    let (begin, end) = ((low + page - 1) / page * page, high / page * page)
    if begin < end {
      madvise(UnsafeMutableRawPointer(bitPattern: begin), Int(end - begin), MADV_DONTNEED)
    }
  }

  /// Runs `read` on all bytes of the file.
  package func withAllBytes<Answer, Failure: Error>(
    _ read: (UnsafeRawBufferPointer) throws(Failure) -> Answer
  ) throws(Failure) -> Answer {
    defer { withExtendedLifetime(self) {} }
    return try read(UnsafeRawBufferPointer(start: start, count: count))
  }

  /// The little-endian number at a place.
  ///
  /// - Throws: `DataError` if the file ends before; `what` says what the number is.
  package func integer<Number: FixedWidthInteger & BitwiseCopyable>(
    _ type: Number.Type, at place: Int, _ what: @autoclosure () -> String
  ) throws(DataError) -> Number {
    let bytes = try bytes(at: place, count: MemoryLayout<Number>.size, what())
    return Number(littleEndian: bytes.loadUnaligned(as: Number.self))
  }

  /// Whether the file has these bytes at a place.
  package func has(_ expected: [UInt8], at place: Int) -> Bool {
    guard place >= 0, place <= count, expected.count <= count - place else { return false }
    return expected.withUnsafeBytes {
      memcmp(start + place, $0.baseAddress ?? start, $0.count) == 0
    }
  }

  /// An error about the byte at a place.
  @inline(never)
  package func failure(_ place: Int, _ reason: String) -> DataError {
    DataError(path: path, reason: "byte \(place): \(reason)")
  }
}

extension [UInt8] {
  /// `withUnsafeBytes` for readers, which throw one type of error.
  func withBytes<Answer, Failure: Error>(
    _ read: (UnsafeRawBufferPointer) throws(Failure) -> Answer
  ) throws(Failure) -> Answer {
    try withUnsafeBufferPointer { (bytes) throws(Failure) in
      try read(UnsafeRawBufferPointer(bytes))
    }
  }

  /// `withUnsafeMutableBytes` for readers, which throw one type of error.
  mutating func withMutableBytes<Answer, Failure: Error>(
    _ write: (UnsafeMutableRawBufferPointer) throws(Failure) -> Answer
  ) throws(Failure) -> Answer {
    try withUnsafeMutableBufferPointer { (bytes) throws(Failure) in
      try write(UnsafeMutableRawBufferPointer(bytes))
    }
  }
}
