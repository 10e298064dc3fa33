import Foundation

@testable import BlitzTensor

/// What PyTorch computed for the op table; Tests/Reference/ops.py writes it.
struct OpReference: Decodable {
  let command: String
  let versions: [String: String]
  let cases: [Case]

  struct Case: Decodable, Sendable {
    let row: String
    let inputs: [Numbers]
    let outputs: [Numbers]
    let gradients: [[String]?]
    let smooth: Bool

    /// The row and the inputs, as the test's report shows them.
    var testDescription: String {
      row + " of " + inputs.map { "\($0.dtype)\($0.shape)" }.joined(separator: ", ")
    }
  }

  /// A tensor as it is stored: numbers are text, so that NaN and infinities survive.
  struct Numbers: Decodable, Sendable {
    let dtype: String
    let shape: [Int]
    let values: [String]

    var type: DType { DType.allCases.first { "\($0)" == dtype }! }

    func tensor(requiresGrad: Bool = false) -> Tensor {
      let shape = Shape(shape)
      if type == .float32 {
        return Tensor(values.map { Float($0)! }, shape: shape, requiresGrad: requiresGrad)
      }
      if type.isFloating {
        return Tensor(
          values.map { Double($0)! }, shape: shape, dtype: type, requiresGrad: requiresGrad)
      }
      if type == .bool { return Tensor(values.map { $0 == "1" }, shape: shape) }
      return Tensor(values.map { Int($0)! }, shape: shape).cast(to: type)
    }
  }

  /// The file, read once; an error shows in every test that asks.
  static let stored = Result {
    guard
      let url = Bundle.module.url(
        forResource: "ops", withExtension: "json", subdirectory: "Reference")
    else { throw CocoaError(.fileNoSuchFile) }
    return try JSONDecoder().decode(OpReference.self, from: Data(contentsOf: url))
  }
}

/// How far two numbers are apart, against what is allowed.
struct Comparison {
  let absolute: Double
  let relative: Double

  init(absolute: Double, relative: Double) {
    self.absolute = absolute
    self.relative = relative
  }

  init(_ dtype: DType) {
    (absolute, relative) =
      dtype == .float64 ? (1e-12, 1e-11) : dtype == .float32 ? (2e-6, 1e-5) : (0, 0)
  }

  /// The worst of the places where numbers differ by more than is allowed, in words; nil if
  /// there is none.
  func mismatch(_ found: [Double], _ expected: [Double]) -> String? {
    if found.count != expected.count {
      return "\(found.count) elements instead of \(expected.count)"
    }
    var worst: (excess: Double, text: String)?
    for (index, (a, b)) in zip(found, expected).enumerated() {
      if a == b || (a.isNaN && b.isNaN) { continue }
      let excess = abs(a - b) - (absolute + relative * abs(b))
      let size = excess.isNaN ? .infinity : excess
      if size > 0 && size > worst?.excess ?? 0 {
        worst = (size, "at \(index): \(a) instead of \(b)")
      }
    }
    return worst?.text
  }
}
