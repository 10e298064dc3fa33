import BlitzData
import BlitzSystem
import BlitzTensor

/// The file that a model is read from, and the files beside it that hold its tensors.
final class ModelSource: Sendable {
  let file: MappedFile
  /// The folder that files of elements must lie in; nil for a model from memory, which has none.
  private let folder: String?
  private let opened = Lock<[String: MappedFile]>([:])

  init(_ file: MappedFile, folder: String?) {
    self.file = file
    self.folder = folder
  }

  /// Opens the model at a path.
  convenience init(path: String) throws(DataError) {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    let folder = parts.dropLast().joined(separator: "/")
    self.init(
      try MappedFile(path: path), folder: parts.count == 1 ? "." : folder.isEmpty ? "/" : folder)
  }

  /// Runs `read` on the bytes of a tensor that lie in a file beside the model's.
  func withExternalBytes<Answer>(
    _ entries: [String: String], count: Int, _ failure: (String) -> DataError,
    _ read: (UnsafeRawBufferPointer) throws(DataError) -> Answer
  ) throws(DataError) -> Answer {
    let location = entries["location"] ?? ""
    func number(_ key: String) throws(DataError) -> Int? {
      guard let text = entries[key] else { return nil }
      guard let number = Int(text), number >= 0 else {
        throw failure("its \(key) in \(JSONText.quoted(location)) is \(JSONText.quoted(text))")
      }
      return number
    }
    let offset = try number("offset") ?? 0
    let length = try number("length") ?? count
    guard length == count else {
      throw failure("it takes \(count) bytes, of \(JSONText.quoted(location)) it has \(length)")
    }
    let file = try external(location, failure)
    let bytes = try file.bytes(at: offset, count: count, "the elements of a tensor")
    defer { file.letGo(bytes) }
    return try read(bytes)
  }

  private func external(
    _ location: String, _ failure: (String) -> DataError
  ) throws(DataError) -> MappedFile {
    if let file = opened.withLock({ $0[location] }) { return file }
    guard let folder else {
      throw failure(
        "its elements are in \(JSONText.quoted(location)), but a model in memory has no folder")
    }
    let parts = location.split(separator: "/", omittingEmptySubsequences: false)
    guard !location.isEmpty, !location.contains("\0"), !parts.contains(".."),
      !location.hasPrefix("/"), !leaves(folder, by: location)
    else {
      throw failure(
        "its elements are said to be in \(JSONText.quoted(location)), which is not in the "
          + "model's folder; move the file there")
    }
    // A pipe would be waited for.
    if let facts = FileSystem.facts(folder + "/" + location), !facts.isFile {
      throw failure("its elements are in \(JSONText.quoted(location)), which is no regular file")
    }
    let file = try MappedFile(path: folder + "/" + location)
    opened.withLock { $0[location] = file }
    return file
  }

  /// Whether a link on the way leads out of the folder.
  private func leaves(_ folder: String, by location: String) -> Bool {
    guard let inside = resolved(folder + "/" + location), let folder = resolved(folder) else {
      // There is no such file: opening it says so.
      return false
    }
    return !inside.hasPrefix(folder == "/" ? folder : folder + "/")
  }

  private func resolved(_ path: String) -> String? {
    guard let start = realpath(path, nil) else { return nil }
    defer { free(start) }
    return String(cString: start)
  }
}
