import Blitz
import Foundation
import Testing

/// Files that the formats' own libraries wrote, and what is in them: of Tests/Reference/formats.py.
enum FormatReference {
  /// A tensor as Python describes it, its numbers as texts.
  struct Stored: Decodable, Sendable {
    let dtype: String
    let shape: [Int]
    let values: [String]
  }

  static let files: [String: [String: Stored]] = {
    do {
      let data = try Data(contentsOf: URL(fileURLWithPath: path("formats.json")))
      return try JSONDecoder().decode([String: [String: Stored]].self, from: data)
    } catch {
      return [:]
    }
  }()

  /// Where a file is.
  static func path(_ name: String) -> String {
    Bundle.module.resourceURL?.appendingPathComponent("Reference/\(name)").path ?? name
  }

  /// The bytes of a file.
  static func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: path(name))))
  }

  /// Compares tensors with those that Python put into a file.
  static func check(
    _ tensors: [String: Tensor], are file: String, location: SourceLocation = #_sourceLocation
  ) throws {
    let stored = try #require(files[file], sourceLocation: location)
    #expect(tensors.keys.sorted() == stored.keys.sorted(), sourceLocation: location)
    for (name, expected) in stored {
      let tensor = try #require(tensors[name], sourceLocation: location)
      #expect("\(tensor.dtype)" == expected.dtype, "\(name)", sourceLocation: location)
      #expect(tensor.shape.sizes == expected.shape, "\(name)", sourceLocation: location)
      if tensor.dtype.isFloating {
        let numbers = try tensor.scalars(as: Double.self).map(\.bitPattern)
        // NaN comes in many patterns; Python writes one.
        let wanted = expected.values.map { Double($0) ?? 0 }
          .map { $0.isNaN ? Double.nan.bitPattern : $0.bitPattern }
        let seen = numbers.map { Double(bitPattern: $0).isNaN ? Double.nan.bitPattern : $0 }
        #expect(seen == wanted, "\(name)", sourceLocation: location)
      } else {
        let numbers = try tensor.scalars(as: Int.self)
        #expect(numbers == expected.values.map { Int($0) }, "\(name)", sourceLocation: location)
      }
    }
  }
}
