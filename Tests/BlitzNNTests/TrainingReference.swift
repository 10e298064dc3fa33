import Blitz
import Foundation
import Testing

/// What PyTorch computed; Tests/Reference/training.py writes it.
struct TrainingReference<Case: Decodable & Sendable>: Decodable, Sendable {
  let command: String
  let versions: [String: String]
  let cases: [Case]

  /// The cases of a file; a file that cannot be read shows as a table without rows, which
  /// `everyFileIsRead` finds.
  static func cases(_ file: String) -> [Case] {
    guard
      let url = Bundle.module.url(
        forResource: file, withExtension: "json", subdirectory: "Reference"),
      let data = try? Data(contentsOf: url),
      let stored = try? JSONDecoder().decode(Self.self, from: data)
    else { return [] }
    return stored.cases
  }
}

/// A tensor as it is stored.
struct StoredTensor: Decodable, Sendable {
  let shape: [Int]
  let dtype: String
  let values: [String]

  var numbers: [Double] { values.map { Double($0)! } }

  var tensor: Tensor {
    Tensor(
      numbers, shape: Shape(shape),
      dtype: dtype == "int64" ? .int64 : dtype == "float32" ? .float32 : .float64)
  }
}

/// Says where numbers differ by more than `relative` of the expected, or of 1.
func expectClose(
  _ found: Tensor, _ expected: StoredTensor, relative: Double = 1e-12, _ what: String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  #expect(found.shape == Shape(expected.shape), "\(what)", sourceLocation: sourceLocation)
  let numbers = try found.detached().cast(to: .float64).scalars(as: Double.self)
  try #require(numbers.count == expected.numbers.count, sourceLocation: sourceLocation)
  for (index, (a, b)) in zip(numbers, expected.numbers).enumerated() {
    let isClose = a == b || (a.isNaN && b.isNaN) || abs(a - b) <= relative * max(1, abs(b))
    #expect(isClose, "\(what) at \(index): \(a) instead of \(b)", sourceLocation: sourceLocation)
    if !isClose { return }
  }
}

/// The names of the public functions or classes in a source folder of BlitzNN.
func publicNames(_ folder: String, _ declaration: String) throws -> Set<String> {
  let sources = URL(filePath: #filePath)
    .appending(path: "../../../Sources/BlitzNN/\(folder)").standardized
  var names: Set<String> = []
  for file in try FileManager.default.contentsOfDirectory(atPath: sources.path)
  where file.hasSuffix(".swift") {
    let text = try String(contentsOf: sources.appending(path: file), encoding: .utf8)
    for line in text.split(separator: "\n") where line.hasPrefix(declaration) {
      names.insert(
        String(line.dropFirst(declaration.count).prefix { $0.isLetter || $0.isNumber }))
    }
  }
  return names
}
