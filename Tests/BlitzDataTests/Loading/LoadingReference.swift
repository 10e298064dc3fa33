import BlitzTensor
import Foundation
import Testing

/// What Tests/Reference/loading.py wrote.
struct LoadingReference: Decodable, Sendable {
  struct Loader: Decodable, Sendable, CustomTestStringConvertible {
    var count, batchSize: Int
    var seed: UInt64
    var shuffles, own, dropLast: Bool
    var epochs: [[[Int]]]
    var next: Int
    var testDescription: String {
      "\(count) by \(batchSize), seed \(seed), \(own ? "own" : "shared") generator"
        + (shuffles ? ", shuffled" : "") + (dropLast ? ", last dropped" : "")
    }
  }
  struct Split: Decodable, Sendable {
    var count: Int
    var fractions: [Double]
    var seed: UInt64
    var own: Bool
    var parts: [[Int]]
  }
  struct Spirals: Decodable, Sendable {
    var arms, points: Int
    var noise: Double
    var seed: UInt64
    var rows: [Double]
  }
  struct Resize: Decodable, Sendable, CustomTestStringConvertible {
    var width, height, channels: Int
    var pixels: Data
    var newWidth, newHeight: Int
    var values: [Double]
    var testDescription: String { "\(width) x \(height) to \(newWidth) x \(newHeight)" }
  }
  struct Picture: Decodable, Sendable, CustomTestStringConvertible {
    var name: String
    var file: Data
    var width, height, channels: Int
    var pixels, grey: Data
    var testDescription: String { name }
  }

  var loaders: [Loader]
  var splits: [Split]
  var spirals: [Spirals]
  var resizes: [Resize]
  var images: [Picture]
  var normalised: Data

  /// Read once; a file that is missing fails every test that uses it.
  static let stored: LoadingReference = {
    do {
      guard
        let url = Bundle.module.url(
          forResource: "loading", withExtension: "json", subdirectory: "Reference")
      else { fatalError("there is no Reference/loading.json") }
      return try JSONDecoder().decode(LoadingReference.self, from: Data(contentsOf: url))
    } catch { fatalError("Reference/loading.json: \(error)") }
  }()

  /// The file of one of the pictures.
  static func file(_ name: String) -> [UInt8] {
    stored.images.first { $0.name == name }.map { Array($0.file) } ?? []
  }
}

extension TemporaryFolder {
  /// Writes a file, with the folders on its way, and gives its path.
  func file(_ name: String, _ bytes: [UInt8]) throws -> String {
    let url = URL(fileURLWithPath: "\(path)/\(name)")
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
    return url.path
  }
}

/// The error that `body` throws, or nil. `#require(throws:)` would describe it, for which a
/// `TensorError` looks up its line: that takes a second in a debug build.
func tensorError<Answer>(_ body: () throws -> Answer) -> TensorError? {
  do { _ = try body() } catch { return error as? TensorError }
  return nil
}
