import Blitz
import BlitzONNX
import Foundation

/// One model that is exported, with what it computes here.
struct Case {
  let name: String
  var opset = 17
  var dynamicAxes: [String: [Int: String]] = [:]
  /// What it is given when it is run; those of other sizes than the ones that it is exported with.
  var other: [Tensor]?
  let model: any Module
  let inputs: [Tensor]
  let forward: ([Tensor]) throws -> [Tensor]

  /// Writes `model.onnx`, `inputs.npz` and `outputs.npz` to a folder.
  func write(to folder: String) throws {
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true)
    let names = inputs.indices.map { "input_\($0)" }
    let given = other ?? inputs
    try ONNX.save(
      model, inputs: inputs, to: folder + "/model.onnx", opset: opset, inputNames: names,
      dynamicAxes: dynamicAxes, forward: forward)
    model.eval()
    let outputs = try noGrad { try forward(given) }
    let results = Dictionary(
      uniqueKeysWithValues: outputs.enumerated().map {
        (outputs.count == 1 ? "output" : "output_\($0)", $1)
      })
    try Npz.save(
      Dictionary(uniqueKeysWithValues: zip(names, given)), to: folder + "/inputs.npz")
    try Npz.save(results, to: folder + "/outputs.npz")
  }
}

/// A module that is a function.
struct NoWeights: Module {}

/// Inputs that are stored with PyTorch's results.
struct StoredCase: Decodable {
  /// A number, which some files have as a text.
  struct Number: Decodable {
    let value: Double
    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let value = try? container.decode(Double.self) {
        self.value = value
      } else {
        value = Double(try container.decode(String.self)) ?? .nan
      }
    }
  }

  struct Numbers: Decodable {
    let dtype: String
    let shape: [Int]
    let values: [Number]

    /// The tensor; floating ones are float32, which runtimes have all ops for.
    var tensor: Tensor {
      let numbers = values.map(\.value)
      switch dtype {
      case "int64": return Tensor(numbers.map { Int($0) }, shape: Shape(shape))
      case "int32": return Tensor(numbers.map { Int($0) }, shape: Shape(shape)).cast(to: .int32)
      case "uint8": return Tensor(numbers.map { Int($0) }, shape: Shape(shape)).cast(to: .uint8)
      case "bool": return Tensor(numbers.map { $0 != 0 }, shape: Shape(shape))
      default: return Tensor(numbers, shape: Shape(shape), dtype: .float32)
      }
    }
  }

  let row: String?
  let call: String?
  let inputs: [Numbers]

  private struct File: Decodable { let cases: [StoredCase] }

  /// The cases of a file of the tests.
  static func all(_ path: String) throws -> [StoredCase] {
    let url = URL(filePath: #filePath).appending(path: "../../../../\(path)").standardized
    return try JSONDecoder().decode(File.self, from: Data(contentsOf: url)).cases
  }
}
