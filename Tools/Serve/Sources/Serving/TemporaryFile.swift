import Foundation

/// Lends a path where nothing is; what is put there is gone afterwards.
func withTemporaryFile<Value>(
  ending: String, _ body: (_ path: String) throws -> Value
) throws -> Value {
  let path = FileManager.default.temporaryDirectory.path + "/blitz-\(UUID()).\(ending)"
  defer { try? FileManager.default.removeItem(atPath: path) }
  return try body(path)
}
