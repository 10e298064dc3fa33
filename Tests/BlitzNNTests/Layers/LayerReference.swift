import Blitz
import Foundation

/// What PyTorch's layers computed; Tests/Reference/layers.py writes it.
struct LayerReference: Decodable {
  let command: String
  let versions: [String: String]
  let cases: [Case]

  struct Case: Decodable, Sendable {
    let row: String
    let seed: UInt64
    let eval: Bool
    let seeded: Bool
    let drawn: Drawn
    let initial: [Named]
    let start: [Named]?
    let inputs: [Numbers]
    let outputs: [Numbers]
    let inputGradients: [[Double]?]
    let gradients: [Named]
    let updated: [Named]

    var testDescription: String {
      row + " of " + inputs.map { "\($0.dtype)\($0.shape)" }.joined(separator: ", ")
        + (eval ? " in use" : "")
    }
  }

  /// How near the initial weights of the same seed are.
  enum Drawn: String, Decodable { case bits, close, copies }

  struct Named: Decodable, Sendable {
    let name: String
    let tensor: Numbers
  }

  struct Numbers: Decodable, Sendable {
    let dtype: String
    let shape: [Int]
    let values: [Double]

    /// The tensor, floating ones in the given dtype.
    func tensor(_ floating: DType = .float64, requiresGrad: Bool = false) -> Tensor {
      switch dtype {
      case "int64": return Tensor(values.map { Int($0) }, shape: Shape(shape))
      case "bool": return Tensor(values.map { $0 != 0 }, shape: Shape(shape))
      default:
        let tensor = Tensor(values, shape: Shape(shape), dtype: floating)
        return requiresGrad ? tensor.detached().requiringGrad() : tensor
      }
    }
  }

  /// The files, read once; an error shows in every test that asks.
  static let stored = Result {
    try ["layers", "images", "stacks", "more"].map { name in
      guard
        let url = Bundle.module.url(
          forResource: name, withExtension: "json", subdirectory: "Reference")
      else { throw CocoaError(.fileNoSuchFile) }
      return try JSONDecoder().decode(LayerReference.self, from: Data(contentsOf: url))
    }
  }

  /// The cases of all files.
  static var cases: [Case] { get throws { try stored.get().flatMap(\.cases) } }
}

/// Where numbers differ by more than is allowed, in words; nil if they do not.
func mismatch(
  _ found: Tensor, _ expected: LayerReference.Numbers, absolute: Double, relative: Double
) throws -> String? {
  if let error = found.error { return "\(error)" }
  if found.shape != Shape(expected.shape) {
    return "the shape is \(found.shape) instead of \(expected.shape)"
  }
  let numbers = try found.detached().cast(to: .float64).scalars(as: Double.self)
  for (index, (a, b)) in zip(numbers, expected.values).enumerated() {
    if a == b || (a.isNaN && b.isNaN) { continue }
    if !(abs(a - b) <= absolute + relative * abs(b)) { return "at \(index): \(a) instead of \(b)" }
  }
  return nil
}
