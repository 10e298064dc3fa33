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
  /// Of second derivatives: the weights of the sum of the gradients, and the gradients of that.
  let w2: [Value]?
  let grads2: [Value]?
  /// Of a module: the arguments of its constructor, by place and by name.
  let made: [Value]?
  let madeBy: [String: Value]?
  /// Its parameters and buffers before the call, the buffers after, the parameters' gradients.
  let state: [String: Value]?
  let buffers: [String: Value]?
  let slopes: [String: Value]?
  /// Of bad input: what PyTorch says of it, "no error" if it computes it all the same.
  let torch: String?
  /// What a module's says, as a pattern.
  let regex: String?
}

/// The samples of one name and dtype.
struct Unit: Decodable, Sendable {
  let unit: String
  let op: String
  let dtype: String
  let count: Int
  let kind: Kind
  /// Of a module: whether it trains.
  let training: Bool?

  enum Kind: String, Decodable, Sendable {
    case samples, modules, optimizers, schedules, distributions
    /// More inputs, which NumPy is asked about as well.
    case reference
    /// Samples whose gradients are differentiated.
    case second
    case errors
    case moduleErrors = "module errors"
  }

  /// What the tables of the report are by.
  var title: String {
    switch kind {
    case .samples: dtype
    case .reference: "reference, \(dtype)"
    case .second: "second derivatives, \(dtype)"
    default: kind.rawValue
    }
  }

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
