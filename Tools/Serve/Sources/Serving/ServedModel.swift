import Blitz
import BlitzONNX
import Foundation

/// A model, and what requests must know of it.
public struct ServedModel {
  /// What a request must give under one name.
  struct Input: Sendable {
    let name: String
    let dtype: DType
    /// nil if the model does not say.
    let sizes: [ONNXPort.Size]?
    /// As people read it, `images: float32[batch, 3, 224, 224]`.
    let text: String

    /// The whole numbers that can be given; nil if it need not be whole ones.
    var range: ClosedRange<Double>? {
      if dtype.isFloating { return nil }
      let bits = Double(8 * dtype.byteCount)
      switch dtype {
      case .bool: return 0...1
      case .int8, .int16, .int32: return -pow(2, bits - 1)...pow(2, bits - 1) - 1
      case .uint8, .uint16, .uint32: return 0...pow(2, bits) - 1
      // Beyond these a Double leaves whole numbers out.
      case .uint64: return 0...0x1p53
      default: return -0x1p53...0x1p53
      }
    }

    /// Channels, height and width, if an image can be given: float32[batch, 1 or 3, height, width].
    var image: (channels: Int, height: Int, width: Int)? {
      guard dtype == .float32, let sizes, sizes.count == 4,
        case .fixed(let channels) = sizes[1], channels == 1 || channels == 3,
        case .fixed(let height) = sizes[2], case .fixed(let width) = sizes[3],
        height > 0, width > 0
      else { return nil }
      return (channels, height, width)
    }
  }

  /// What the model is called in answers.
  public let name: String
  let inputs: [Input]
  let outputs: [ONNXPort]
  /// The names of the classes that the first output has probabilities of; empty if it has none.
  let classNames: [String]
  /// The names of a table's columns; empty if the input is none.
  let columns: [String]
  let model: ONNXModel

  /// Reads a model.
  ///
  /// - Parameter name: what the model is called; its path if nothing is said.
  /// - Throws: `DataError` if the file is none; ``Refusal`` if requests cannot give what it takes.
  public init(path: String, name: String? = nil) throws {
    let model = try ONNXModel(path)
    if !model.unsupportedOps.isEmpty {
      let ops = model.unsupportedOps.map { "\($0.name) (\($0.count))" }.joined(separator: ", ")
      throw Refusal("the model needs ops that Blitz does not have in opset \(model.opset): \(ops)")
    }
    guard !model.inputs.isEmpty else { throw Refusal("the model takes no input") }
    inputs = try model.inputs.map { port in
      guard let dtype = ServedModel.dtypes[port.type ?? ""] else {
        throw Refusal("the input \(port) is no tensor of numbers, which requests could give")
      }
      return Input(name: port.name, dtype: dtype, sizes: port.sizes, text: "\(port)")
    }
    // Its gradients are never asked for.
    for (_, parameter) in model.parameters { parameter.isFrozen = true }
    classNames = ServedModel.names(model.metadata["classes"])
    columns = ServedModel.names(model.metadata["columns"])
    (self.name, self.model, outputs) = (name ?? path, model, model.outputs)
  }

  /// The names in a text of the model's metadata, a JSON array.
  private static func names(_ text: String?) -> [String] {
    (try? JSONDecoder().decode([String].self, from: Data((text ?? "").utf8))) ?? []
  }

  private static let dtypes = Dictionary(
    uniqueKeysWithValues: DType.allCases.map { ($0.description, $0) })

  /// Whether the rows of several requests may be computed as one: the first axes of all that the
  /// model takes and gives have one name, the batch's.
  var isBatched: Bool {
    let firsts = (inputs.map(\.sizes) + outputs.map(\.sizes)).map { $0?.first }
    guard case .named? = firsts[0] else { return false }
    return firsts.allSatisfy { $0 == firsts[0] }
  }
}

/// A reason why something is not served.
public struct Refusal: Error, Sendable, Equatable, CustomStringConvertible {
  /// The reason.
  public let description: String

  init(_ description: String) { self.description = description }
}
