import Blitz
import Foundation

/// One call of PyTorch's, and what came of it.
struct Sample: Decodable, Sendable {
  let i: Int
  let `in`: Value
  let args: [Value]
  let kw: [String: Value]
  /// The results; in float64 where the inputs are float32.
  let out: [Value]
  let out64: [Value]?
  /// The weights of the sum whose gradients are stored, one for each result.
  let w: [Value]
  /// The tensors that the gradients are of.
  let wrt: [String?]?
  let grads: [Value]?
  let grads64: [Value]?
}

/// The samples of one name and dtype.
struct Unit: Decodable, Sendable {
  let unit: String
  let op: String
  let dtype: String
  let count: Int

  func samples(in folder: String) throws -> [Sample] {
    let data = try Data(contentsOf: URL(filePath: "\(folder)/\(unit).json"))
    return try JSONDecoder().decode([Sample].self, from: data)
  }

  func file(in folder: String) throws -> SafetensorsFile {
    try SafetensorsFile("\(folder)/\(unit).safetensors")
  }

  static func all(in folder: String) throws -> [Unit] {
    let data = try Data(contentsOf: URL(filePath: "\(folder)/index.json"))
    return try JSONDecoder().decode([Unit].self, from: data)
  }
}
