import Foundation
import Testing

/// What Tests/Reference/generator.py wrote.
struct RandomReference: Decodable {
  struct Step: Decodable {
    var op: String
    var dtype: String?
    var n: Int?
    var seed: String?
    var low: String?
    var high: String?
    var floats: String?
    var all: String?
    var first: String?
    var last: String?
    var hash: String?
    var sum: Double?

    var isNormal: Bool { op == "normal" || op == "randn" }

    /// The stored numbers' bits: all of them, or the first and last eight.
    var words: [UInt64] {
      (all ?? "\(first ?? "") \(last ?? "")").split(separator: " ").compactMap {
        UInt64($0, radix: 16)
      }
    }

    /// Argument `i`, a float.
    subscript(i: Int) -> Double {
      let words = (floats ?? "").split(separator: " ").compactMap { UInt64($0, radix: 16) }
      return i < words.count ? Double(bitPattern: words[i]) : .nan
    }
  }

  struct Case: Decodable, CustomTestStringConvertible {
    var name: String
    var steps: [Step]
    var testDescription: String { name }
  }

  var command: String
  var torch: String
  var cases: [Case]

  static func load() throws -> RandomReference {
    let url = try #require(
      Bundle.module.url(forResource: "random", withExtension: "json", subdirectory: "Reference"))
    return try JSONDecoder().decode(RandomReference.self, from: Data(contentsOf: url))
  }
}

extension Double {
  /// The float with these bits, widened.
  init(float bits: UInt64) {
    self = Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
  }
}
