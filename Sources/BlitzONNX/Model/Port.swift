import BlitzData
import BlitzTensor

/// What a model takes or gives under one name.
public struct ONNXPort: Sendable, CustomStringConvertible {
  /// The size of an axis.
  public enum Size: Sendable, Hashable, CustomStringConvertible {
    /// Always the same.
    case fixed(Int)
    /// Whatever it is; the same wherever the name is.
    case named(String)
    /// Whatever it is.
    case any

    /// The number or the name, "?" for any.
    public var description: String {
      switch self {
      case .fixed(let size): "\(size)"
      case .named(let name): name
      case .any: "?"
      }
    }
  }

  /// The name.
  public let name: String
  /// The size of each axis; nil if the model does not say, or it is no tensor.
  public let sizes: [Size]?
  let kind: Kind

  /// What it can be.
  indirect enum Kind: Sendable {
    case tensor(ElementType?)
    case sequence(Kind)
    case optional(Kind)
    case other
  }

  /// The dtype of the tensor, as ONNX names it, `"float32"`; nil if the model does not say, or it
  /// is a list or a map.
  public var type: String? {
    if case .tensor(let type?) = kind { type.description } else { nil }
  }

  /// Name, dtype and sizes, `input_ids: int64[batch, 128]`.
  public var description: String {
    let sizes = sizes.map { "[\($0.map(\.description).joined(separator: ", "))]" } ?? ""
    return "\(name): \(kind)\(sizes)"
  }
}

extension ONNXPort.Kind: CustomStringConvertible {
  var description: String {
    switch self {
    case .tensor(let type): type?.description ?? "a tensor"
    case .sequence(let kind): "a list of \(kind)"
    case .optional(let kind): "an optional \(kind)"
    case .other: "a value of a type that Blitz does not have"
    }
  }
}

extension ONNXPort {
  init(_ message: WireReader) throws(DataError) {
    var reader = message
    var name = ""
    var kind = Kind.tensor(nil)
    var sizes: [Size]?
    while let field = try reader.next() {
      switch field.number {
      case 1: name = try reader.text(field)
      case 2: (kind, sizes) = try ONNXPort.type(try reader.message(field))
      default: break
      }
    }
    (self.name, self.kind, self.sizes) = (name, kind, sizes)
  }

  private static func type(_ message: WireReader) throws(DataError) -> (Kind, [Size]?) {
    var reader = message
    var answer: (Kind, [Size]?) = (.other, nil)
    while let field = try reader.next() {
      switch field.number {
      case 1: answer = try tensor(try reader.message(field))
      case 4: answer = (.sequence(try element(try reader.message(field))), nil)
      case 9: answer = (.optional(try element(try reader.message(field))), nil)
      default: break
      }
    }
    return answer
  }

  private static func element(_ message: WireReader) throws(DataError) -> Kind {
    var reader = message
    while let field = try reader.next() {
      if field.number == 1 { return try type(try reader.message(field)).0 }
    }
    return .other
  }

  private static func tensor(_ message: WireReader) throws(DataError) -> (Kind, [Size]?) {
    var reader = message
    var type: ElementType?
    var sizes: [Size]?
    while let field = try reader.next() {
      switch field.number {
      case 1: type = ElementType(rawValue: try reader.int(field))
      case 2:
        var shape = try reader.message(field)
        var found: [Size] = []
        while let dimension = try shape.next() {
          if dimension.number == 1 { found.append(try size(try shape.message(dimension))) }
        }
        sizes = found
      default: break
      }
    }
    return (.tensor(type), sizes)
  }

  private static func size(_ message: WireReader) throws(DataError) -> Size {
    var reader = message
    var size = Size.any
    while let field = try reader.next() {
      switch field.number {
      case 1:
        // Some exporters write -1 for a size that is not known.
        let number = try reader.int(field)
        size = number < 0 ? .any : .fixed(number)
      case 2: size = .named(try reader.text(field))
      default: break
      }
    }
    return size
  }
}
