#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Whole files as bytes, without Foundation, which would double the memory of a small program.
package enum File {
  /// All bytes of the file at `path`, which may be a pipe.
  ///
  /// - Throws: `DataError` if there is no such file, it is a folder, or it cannot be read.
  package static func read(_ path: String) throws(DataError) -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw failure(path, "cannot be opened", errno) }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { throw failure(path, "cannot be read", errno) }
    if status.st_mode & S_IFMT == S_IFDIR {
      throw DataError(path: path, reason: "is a folder; name a file in it")
    }
    // One byte more than the size, so that a regular file ends within the first piece; a pipe,
    // whose size is 0, comes in pieces.
    var room = max(Int(status.st_size) + 1, 1 << 16)
    var bytes = try piece(of: file, path: path, room: room)
    var got = bytes.count
    while got == room {
      room = 1 << 20
      let next = try piece(of: file, path: path, room: room)
      got = next.count
      bytes += next
    }
    return bytes
  }

  /// At most `room` bytes from an open file; fewer only at its end.
  private static func piece(of file: Int32, path: String, room: Int) throws(DataError) -> [UInt8] {
    var code: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: room) { buffer, filled in
      while filled < room {
        let size = platformRead(file, buffer.baseAddress! + filled, room - filled)
        if size < 0 && errno == EINTR { continue }
        if size < 0 { code = errno }
        if size <= 0 { break }
        filled += size
      }
    }
    guard code == 0 else { throw failure(path, "cannot be read", code) }
    return bytes
  }

  /// Puts `pieces`, one after another, in the place of the file at `path`, all or nothing.
  ///
  /// They are written to a new file in the same folder, which is forced to disk and then takes the
  /// name: whoever reads meanwhile, or after a crash, finds the old file or the new one, whole.
  ///
  /// - Throws: `DataError` if the folder is missing or not writable, the disk is full, or `path`
  ///   names something that is not a regular file.
  package static func replace(
    _ path: String, with pieces: [ArraySlice<UInt8>]
  ) throws(DataError) {
    do {
      try replace(path) { sink in
        for piece in pieces { try piece.withUnsafeBytes { try sink.write($0) } }
      }
    } catch let error as DataError {
      throw error
    } catch {
      throw DataError(path: path, reason: "cannot be written: \(error)")
    }
  }

  /// Puts what `write` gives to the sink in the place of the file at `path`, all or nothing; see
  /// `replace(_:with:)`. The new file has the permissions of the old one and, as far as the system
  /// lets it, its owner; a symbolic link stays, and the file that it names is replaced or made.
  ///
  /// - Throws: also what `write` throws; then the file stays as it was.
  package static func replace(_ path: String, _ write: (FileSink) throws -> Void) throws {
    let target = try resolved(path)
    try checkReplaceable(path)
    var old = stat()
    let isThere = stat(target, &old) == 0
    let slash = target.utf8.lastIndex(of: UInt8(ascii: "/"))
    let folder = slash.map { String(target[...$0]) } ?? "./"
    let temporary = "\(folder).blitz-\(getpid())-\(UInt32.random(in: 0 ... .max)).tmp"
    // What few may read is never open to more, not even while it is written.
    let file = open(
      temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, isThere ? 0o600 : 0o666)
    guard file >= 0 else { throw failure(path, "cannot be written", errno) }
    if isThere {
      // Changing the owner clears some of the permissions, so that these come after it.
      if fchown(file, old.st_uid, old.st_gid) != 0 { _ = fchown(file, uid_t.max, old.st_gid) }
      fchmod(file, old.st_mode & 0o7777)
    }
    do {
      try write(FileSink(file: file, path: path))
    } catch {
      close(file)
      unlink(temporary)
      throw error
    }
    var code: Int32 = 0
    if fsync(file) != 0 { code = errno }
    if close(file) != 0 && code == 0 { code = errno }
    if code == 0 && rename(temporary, target) != 0 { code = errno }
    if code != 0 {
      unlink(temporary)
      throw failure(path, "cannot be written", code)
    }
    // The new name is on disk only when the folder is; a file system that refuses loses nothing.
    let directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if directory >= 0 {
      fsync(directory)
      close(directory)
    }
  }

  /// Whether there is anything at `path`.
  package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Finds out whether `path` names a regular file, or nothing yet: a folder or a device is never
  /// replaced.
  package static func checkReplaceable(_ path: String) throws(DataError) {
    var status = stat()
    if stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG {
      throw DataError(path: path, reason: "is not a regular file; choose another name")
    }
  }

  /// Puts `text` in the place of the file at `path`; see `replace(_:with:)` for bytes.
  package static func replace(_ path: String, with text: String) throws(DataError) {
    try replace(path, with: [ArraySlice(text.utf8)])
  }

  /// Makes the folder `path` and those above it, and finds out whether a file can be made in it.
  ///
  /// - Throws: `DataError` if something in the way is not a folder, or writing is refused.
  package static func prepareFolder(_ path: String) throws(DataError) {
    for end in path.indices where end != path.startIndex && path[end] == "/" {
      mkdir(String(path[..<end]), 0o777)
    }
    mkdir(path, 0o777)
    let code = errno
    var status = stat()
    guard stat(path, &status) == 0 else { throw failure(path, "cannot be made", code) }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw DataError(path: path, reason: "is not a folder; choose another name")
    }
    // Only an attempt tells: permissions, a read-only mount and a full disk all count.
    let probe = "\(path)/.blitz-\(getpid())-\(UInt32.random(in: 0 ... .max)).tmp"
    let file = open(probe, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard file >= 0 else { throw failure(path, "cannot be written to", errno) }
    close(file)
    unlink(probe)
  }

  /// Where symbolic links lead, also to what is not there yet, so that the file is replaced and not
  /// the link to it.
  ///
  /// - Throws: `DataError` if links lead in a circle.
  private static func resolved(_ path: String) throws(DataError) -> String {
    var path = path
    // As many as Linux follows.
    for _ in 0..<40 {
      var target = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
      let size = readlink(path, &target, target.count - 1)
      guard size >= 0 else { return path }
      let link = String(decoding: target[..<size].map(UInt8.init(bitPattern:)), as: UTF8.self)
      let folder = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path[...$0] } ?? ""
      path = link.hasPrefix("/") ? link : folder + link
    }
    throw failure(path, "cannot be written", ELOOP)
  }

  /// "cannot be opened: no such file or folder", in the system's words.
  static func failure(_ path: String, _ what: String, _ code: Int32) -> DataError {
    guard code != ENOENT else {
      return DataError(path: path, reason: "\(what): there is no such file or folder")
    }
    var words = String(cString: strerror(code))
    if let first = words.first { words = first.lowercased() + words.dropFirst() }
    return DataError(path: path, reason: "\(what): \(words)")
  }
}

/// The system's `read`, which `File.read` would otherwise hide.
private func platformRead(_ file: Int32, _ bytes: UnsafeMutableRawPointer, _ size: Int) -> Int {
  read(file, bytes, size)
}

/// Where the bytes of a new file go.
package struct FileSink {
  fileprivate let file: Int32
  fileprivate let path: String

  /// Appends bytes.
  ///
  /// - Throws: `DataError` if the disk is full or broken.
  package func write(_ bytes: UnsafeRawBufferPointer) throws(DataError) {
    var rest = bytes[...]
    while let start = UnsafeRawBufferPointer(rebasing: rest).baseAddress, !rest.isEmpty {
      let size = platformWrite(file, start, rest.count)
      if size < 0 && errno == EINTR { continue }
      if size < 0 { throw File.failure(path, "cannot be written", errno) }
      rest = rest.dropFirst(size)
    }
  }
}

/// The system's `write`, which `FileSink.write` would otherwise hide.
private func platformWrite(_ file: Int32, _ bytes: UnsafeRawPointer, _ size: Int) -> Int {
  write(file, bytes, size)
}
