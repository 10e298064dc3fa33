import Blitz
import BlitzModels
import Foundation

/// What torchvision and Hugging Face computed; Tests/Reference/pretrained.py writes it.
struct Stored: Decodable {
  let versions: [String: String]
  let training: Training
  let cases: [Case]

  struct Case: Decodable, Sendable {
    let name: String
    let full: Bool
    /// Names and shapes of the state dict, in order; none of the published sizes.
    let names: [String]
    let parameters: Int
    let outputs: [Numbers]
  }

  /// Three steps of training, and the output afterwards.
  struct Training: Decodable {
    let losses: [Double]
    let after: Numbers
  }

  /// The first numbers of a tensor.
  struct Numbers: Decodable, Sendable {
    let shape: [Int]
    let values: [Double]

    /// How far a tensor's numbers are from these, in parts of the largest; infinity for another
    /// shape.
    func distance(to tensor: Tensor) throws -> Double {
      guard tensor.error == nil, tensor.shape == Shape(shape) else {
        return try tensor.error.map { throw $0 } ?? .infinity
      }
      let found = try tensor.detached().cast(to: .float64).scalars(as: Double.self)
      let largest = values.map(abs).max() ?? 0
      return zip(found, values).map { abs($0 - $1) }.reduce(0) { $0 > $1 ? $0 : $1 }
        / max(largest, 1e-3)
    }
  }

  static let file = Result {
    // Beside this file, where links lead, so that a program finds it, too.
    let source = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
    let stored = source.appending(path: "Reference/networks.json")
    return try JSONDecoder().decode(Stored.self, from: Data(contentsOf: stored))
  }

  static func cases(full: Bool) -> [Case] {
    ((try? file.get().cases) ?? []).filter { $0.full == full }
  }

  /// `count` numbers from -1 to 1, others for each key, as `numbers` of pretrained.py makes them.
  static func numbers(_ shape: Shape, key: Int) -> Tensor {
    let i = Tensor.arange(shape.elementCount)
    let mixed = (i * i % 65537 * 31 + i * 48271 + key * 69621) % 65537
    return (mixed.cast(to: .float64) / 32768.5 - 1).reshaped(to: shape)
  }

  /// A network's state by the names' order, as `filled` of pretrained.py makes it.
  static func filled(_ model: any Module) throws -> [String: Tensor] {
    var state: [String: Tensor] = [:]
    for (place, entry) in model.state.sorted(by: { $0.name < $1.name }).enumerated() {
      let (name, shape) = (entry.name, entry.tensor.shape)
      var u = numbers(shape, key: place + 1)
      if name.hasSuffix("num_batches_tracked") {
        u = Tensor(3)
      } else if name.hasSuffix("running_var") || (shape.rank == 1 && name.hasSuffix("weight")) {
        u = 1 + 0.3 * u
      } else if shape.rank < 2 {
        u = 0.2 * u
      } else {
        u = u * (3 * Double(shape[0]) / Double(shape.elementCount)).squareRoot()
      }
      state[name] = u.cast(to: entry.tensor.dtype)
    }
    try eval(Array(state.values))
    return state
  }

  static func pictures(_ shape: Shape) -> Tensor { numbers(shape, key: 99).cast(to: .float32) * 2 }

  static func words(_ count: Int, _ shape: Shape) -> Tensor {
    ((numbers(shape, key: 7) + 1) / 2 * count).cast(to: .int64)
  }
}
