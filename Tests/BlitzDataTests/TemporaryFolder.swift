import Foundation

/// A folder for a test's files, which goes when the test has ended.
final class TemporaryFolder {
  let path = "\(NSTemporaryDirectory())/blitz-\(UUID().uuidString)"

  init() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
