/// Files and folders by the system's own calls, without Foundation, which would double the memory
/// of a small program.
package enum FileSystem {
  /// What the system says of a file or folder.
  package struct Facts {
    private let status: stat

    fileprivate init(_ status: stat) { self.status = status }

    /// In bytes; 0 for a pipe.
    package var size: Int { Int(status.st_size) }
    /// The time of the last change.
    package var changed: (seconds: Int, nanoseconds: Int) {
      #if canImport(Darwin)
        let time = status.st_mtimespec
      #else
        let time = status.st_mtim
      #endif
      return (time.tv_sec, time.tv_nsec)
    }
    /// Whether it is a folder.
    package var isFolder: Bool { status.st_mode & S_IFMT == S_IFDIR }
    /// Whether it is a regular file.
    package var isFile: Bool { status.st_mode & S_IFMT == S_IFREG }
    /// Who may do what with it.
    package var permissions: mode_t { status.st_mode & 0o7777 }
    /// Its user and group.
    package var owner: (user: uid_t, group: gid_t) { (status.st_uid, status.st_gid) }
  }

  /// Why a file could not be opened or read.
  package struct Failure: Error {
    /// Such as `cannot be opened`.
    package let what: String
    /// The system's number for the reason.
    package let code: Int32
  }

  /// What a path names, links followed; nil if there is nothing.
  package static func facts(_ path: String) -> Facts? {
    var status = stat()
    return stat(path, &status) == 0 ? Facts(status) : nil
  }

  /// What an open file is.
  package static func facts(of file: Int32) throws(Failure) -> Facts {
    var status = stat()
    guard fstat(file, &status) == 0 else { throw Failure(what: "cannot be read", code: errno) }
    return Facts(status)
  }

  /// Whether there is anything at `path`.
  package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// The names in a folder, sorted; none if it cannot be read.
  package static func names(in folder: String) -> [String] {
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

  /// Makes the folders on the way to `path`, and `path` itself, as far as they are not there.
  package static func makeFolder(_ path: String, permissions: mode_t) {
    for end in path.indices where end != path.startIndex && path[end] == "/" {
      mkdir(String(path[..<end]), permissions)
    }
    mkdir(path, permissions)
  }
}

extension FileSystem {
  /// A file, open to be read.
  package static func open(_ path: String) throws(Failure) -> Int32 {
    let file = BlitzSystem.open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw Failure(what: "cannot be opened", code: errno) }
    return file
  }

  /// All bytes of the file at `path`, which may be a pipe.
  ///
  /// - Throws: also for a folder, with `EISDIR`.
  package static func read(_ path: String) throws(Failure) -> [UInt8] {
    let file = try open(path)
    defer { close(file) }
    let facts = try facts(of: file)
    if facts.isFolder { throw Failure(what: "cannot be read", code: EISDIR) }
    // One byte more than the size, so that a regular file ends within the first piece; a pipe,
    // whose size is 0, comes in pieces.
    var room = max(facts.size + 1, 1 << 16)
    var bytes = try piece(of: file, room: room)
    var got = bytes.count
    while got == room {
      room = 1 << 20
      let next = try piece(of: file, room: room)
      got = next.count
      bytes += next
    }
    return bytes
  }

  /// At most `room` bytes from an open file; fewer only at its end.
  private static func piece(of file: Int32, room: Int) throws(Failure) -> [UInt8] {
    var code: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: room) { buffer, filled in
      while filled < room {
        let size = BlitzSystem.read(file, buffer.baseAddress! + filled, room - filled)
        if size < 0 && errno == EINTR { continue }
        if size < 0 { code = errno }
        if size <= 0 { break }
        filled += size
      }
    }
    guard code == 0 else { throw Failure(what: "cannot be read", code: code) }
    return bytes
  }

  /// Writes all bytes to an open file.
  package static func write(_ bytes: UnsafeRawBufferPointer, to file: Int32) throws(Failure) {
    var rest = bytes[...]
    while let start = UnsafeRawBufferPointer(rebasing: rest).baseAddress, !rest.isEmpty {
      let size = BlitzSystem.write(file, start, rest.count)
      if size < 0 && errno == EINTR { continue }
      if size < 0 { throw Failure(what: "cannot be written", code: errno) }
      rest = rest.dropFirst(size)
    }
  }

  /// Writes a new file that only its owner can read, or none if that fails.
  package static func create(_ path: String, of parts: [[UInt8]]) throws(Failure) {
    let file = BlitzSystem.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw Failure(what: "cannot be written", code: errno) }
    do throws(Failure) {
      for part in parts {
        // The closure of the library's function has no typed error.
        let result: Result<Void, Failure> = part.withUnsafeBytes { bytes in
          do throws(Failure) { return .success(try write(bytes, to: file)) } catch {
            return .failure(error)
          }
        }
        try result.get()
      }
    } catch {
      close(file)
      unlink(path)
      throw error
    }
    if close(file) != 0 {
      let code = errno
      unlink(path)
      throw Failure(what: "cannot be written", code: code)
    }
  }
}
