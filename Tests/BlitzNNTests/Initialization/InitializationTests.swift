import Blitz
import Foundation
import Testing

/// Initial weights against PyTorch's; Tests/Reference/initialization.py writes them.
@Suite struct InitializationTests {
  struct Reference: Decodable {
    let command: String
    let versions: [String: String]
    let cases: [Case]
  }

  struct Case: Decodable {
    let row: String
    let shape: [Int]
    let seed: UInt64
    let exact: Bool
    let values: [Double]
  }

  static let stored = Result {
    guard
      let url = Bundle.module.url(
        forResource: "initialization", withExtension: "json", subdirectory: "Reference")
    else { throw CocoaError(.fileNoSuchFile) }
    return try JSONDecoder().decode(Reference.self, from: Data(contentsOf: url))
  }

  static let rows: [(name: String, draw: @Sendable (Shape, Generator) -> Tensor)] = [
    ("kaimingUniform", { .kaimingUniform($0, generator: $1) }),
    (
      "kaimingUniform tanh fanOut",
      { .kaimingUniform($0, nonlinearity: .tanh, mode: .fanOut, generator: $1) }
    ),
    (
      "kaimingUniform leaky",
      { .kaimingUniform($0, nonlinearity: .leakyReLU(slope: 0.3), generator: $1) }
    ),
    ("kaimingNormal", { .kaimingNormal($0, generator: $1) }),
    (
      "kaimingNormal linear fanOut",
      { .kaimingNormal($0, nonlinearity: .linear, mode: .fanOut, generator: $1) }
    ),
    ("xavierUniform", { .xavierUniform($0, generator: $1) }),
    ("xavierUniform selu", { .xavierUniform($0, gain: Nonlinearity.selu.gain, generator: $1) }),
    ("xavierNormal", { .xavierNormal($0, generator: $1) }),
    ("orthogonal", { .orthogonal($0, generator: $1) }),
    ("orthogonal gain 2", { .orthogonal($0, gain: 2, generator: $1) }),
    ("truncatedNormal", { .truncatedNormal($0, generator: $1) }),
    (
      "truncatedNormal narrow",
      { .truncatedNormal($0, mean: 0.5, std: 2, from: -1, to: 1.5, generator: $1) }
    ),
  ]

  @Test("draws PyTorch's numbers", arguments: rows.map(\.name))
  func matchesPyTorch(name: String) throws {
    let row = try #require(Self.rows.first { $0.name == name })
    let cases = try Self.stored.get().cases.filter { $0.row == name }
    #expect(!cases.isEmpty, "no case is stored")
    for stored in cases {
      let tensor = row.draw(Shape(stored.shape), Generator(seed: stored.seed))
      #expect(tensor.shape == Shape(stored.shape))
      #expect(tensor.dtype == .float32)
      let numbers = try tensor.scalars(as: Float.self)
      let wrong = zip(numbers, stored.values).first { a, b in
        stored.exact ? a != Float(b) : abs(Double(a) - b) > 1e-5
      }
      #expect(wrong == nil, "\(stored.shape)")
    }
  }

  @Test("has a row for every stored case")
  func everyCaseHasRow() throws {
    let stored = try Self.stored.get()
    #expect(stored.versions["torch"]?.hasPrefix("2.15") == true)
    #expect(Set(stored.cases.map(\.row)) == Set(Self.rows.map(\.name)))
  }

  @Test("makes columns and rows at right angles")
  func orthogonal() throws {
    for shape: Shape in [[40, 30], [30, 40]] {
      let w = Tensor.orthogonal(shape, gain: 3, generator: Generator(seed: 1), dtype: .float64)
      let square = shape[0] > shape[1] ? w.transposed().matmul(w) : w.matmul(w.transposed())
      let worst = try (square - 9 * Tensor.eye(30, dtype: .float64)).abs().max().item()
      #expect(worst < 1e-12)
    }
  }

  @Test("refuses shapes and bounds without an answer")
  func refusals() {
    #expect(
      Tensor.kaimingUniform([3]).error?.message == """
        kaimingUniform: inputs and outputs are counted on two axes or more, [3] has 1
          help: weights are [outputs, inputs, kernel...]; draw others with uniform or normal
        """)
    #expect(
      Tensor.orthogonal([]).error?.message == """
        orthogonal: right angles need two axes or more, [] has 0
          help: write [outputs, inputs]
        """)
    #expect(
      Tensor.truncatedNormal([3], from: 5, to: 6).error?.message == """
        truncatedNormal: numbers from 5.0 to 6.0 are too rare for mean 0.0, deviation 1.0
          help: give bounds around the mean, or draw with uniform
        """)
    #expect(Tensor.kaimingUniform([3, 0]).shape == [3, 0])
    #expect(Tensor.orthogonal([0, 4]).shape == [0, 4])
  }
}
