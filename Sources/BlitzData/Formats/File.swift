import BlitzSystem

/// Whole files as bytes, without Foundation, which would double the memory of a small program.
package enum File {
  /// All bytes of the file at `path`, which may be a pipe.
  ///
  /// - Throws: `DataError` if there is no such file, it is a folder, or it cannot be read.
  package static func read(_ path: String) throws(DataError) -> [UInt8] {
    do throws(FileSystem.Failure) { return try FileSystem.read(path) } catch {
      throw failure(path, error)
    }
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
    let old = FileSystem.facts(target)
    let slash = target.utf8.lastIndex(of: UInt8(ascii: "/"))
    let folder = slash.map { String(target[...$0]) } ?? "./"
    let temporary = "\(folder).blitz-\(getpid())-\(UInt32.random(in: 0 ... .max)).tmp"
    // What few may read is never open to more, not even while it is written.
    let file = open(
      temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, old == nil ? 0o666 : 0o600)
    guard file >= 0 else { throw failure(path, "cannot be written", errno) }
    if let old {
      // Changing the owner clears some of the permissions, so that these come after it.
      let (user, group) = old.owner
      if fchown(file, user, group) != 0 { _ = fchown(file, uid_t.max, group) }
      fchmod(file, old.permissions)
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

  /// Finds out whether `path` names a regular file, or nothing yet: a folder or a device is never
  /// replaced.
  package static func checkReplaceable(_ path: String) throws(DataError) {
    if let facts = FileSystem.facts(path), !facts.isFile {
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
    FileSystem.makeFolder(path, permissions: 0o777)
    let code = errno
    guard let facts = FileSystem.facts(path) else { throw failure(path, "cannot be made", code) }
    guard facts.isFolder else {
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

  /// What the system said, as an error that names the file.
  static func failure(_ path: String, _ failure: FileSystem.Failure) -> DataError {
    if failure.code == EISDIR {
      return DataError(path: path, reason: "is a folder; name a file in it")
    }
    return self.failure(path, failure.what, failure.code)
  }

  /// "cannot be opened: no such file or folder", in the system's words.
  package static func failure(_ path: String, _ what: String, _ code: Int32) -> DataError {
    guard code != ENOENT else {
      return DataError(path: path, reason: "\(what): there is no such file or folder")
    }
    var words = String(cString: strerror(code))
    if let first = words.first { words = first.lowercased() + words.dropFirst() }
    return DataError(path: path, reason: "\(what): \(words)")
  }
}

/// Where the bytes of a new file go.
package struct FileSink {
  fileprivate let file: Int32
  fileprivate let path: String

  /// Appends bytes.
  ///
  /// - Throws: `DataError` if the disk is full or broken.
  package func write(_ bytes: UnsafeRawBufferPointer) throws(DataError) {
    do throws(FileSystem.Failure) { try FileSystem.write(bytes, to: file) } catch {
      throw File.failure(path, error)
    }
  }
}
