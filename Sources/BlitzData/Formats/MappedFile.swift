#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

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
  private let isMapped: Bool

  /// Maps the file at `path`; one that cannot be mapped, such as a pipe, is read.
  ///
  /// - Throws: `DataError` if there is no such file, it is a folder, or it cannot be read.
  package convenience init(path: String) throws(DataError) {
    if let (start, count) = try MappedFile.map(path) {
      self.init(start: start, count: count, isMapped: true, path: path)
    } else {
      try self.init(bytes: File.read(path), path: path)
    }
  }

  /// Holds a copy of bytes that are already in memory; `path` is what errors call them.
  package convenience init(bytes: [UInt8], path: String) {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 64)
    memory.copyBytes(from: bytes)
    self.init(
      start: UnsafeRawPointer(memory.baseAddress!), count: bytes.count, isMapped: false,
      path: path)
  }

  private init(start: UnsafeRawPointer, count: Int, isMapped: Bool, path: String) {
    self.start = start
    self.count = count
    self.isMapped = isMapped
    self.path = path
  }

  deinit {
    if isMapped {
      munmap(UnsafeMutableRawPointer(mutating: start), count)
    } else {
      start.deallocate()
    }
  }

  /// The mapping of a regular file that is not empty, or nil for anything else that can be read.
  private static func map(_ path: String) throws(DataError) -> (UnsafeRawPointer, Int)? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw File.failure(path, "cannot be opened", errno) }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { throw File.failure(path, "cannot be read", errno) }
    let size = Int(status.st_size)
    guard status.st_mode & S_IFMT == S_IFREG, size > 0 else { return nil }
    guard let start = mmap(nil, size, PROT_READ, MAP_PRIVATE, file, 0), start != MAP_FAILED else {
      return nil
    }
    return (UnsafeRawPointer(start), size)
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
    return UnsafeRawBufferPointer(start: start + place, count: expected.count)
      .elementsEqual(expected)
  }

  /// An error about the byte at a place.
  package func failure(_ place: Int, _ reason: String) -> DataError {
    DataError(path: path, reason: "byte \(place): \(reason)")
  }
}
