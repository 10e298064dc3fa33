import BlitzData
import BlitzTensor

/// A node that is written.
struct ExportNode {
  enum Attribute {
    case int(Int)
    case float(Double)
    case text(String)
    case ints([Int])
    case texts([String])
  }

  var op: String
  var inputs: [String]
  var outputs: [String]
  var attributes: [(name: String, value: Attribute)]
}

/// A model that is written.
struct ExportModel {
  struct Port {
    enum Size {
      case fixed(Int)
      case named(String)
      case any
    }
    var name: String
    var dtype: DType
    var sizes: [Size]
  }

  var opset: Int
  var nodes: [ExportNode]
  var initializers: [(name: String, tensor: Tensor)]
  var inputs: [Port]
  var outputs: [Port]
  var metadata: [String: String] = [:]

  /// The version of the format that came with an opset.
  private var version: Int {
    switch opset {
    case ...14: 7
    case 15...18: 8
    case 19, 20: 9
    case 21, 22: 10
    case 23: 11
    case 24: 12
    case 25...27: 13
    default: 14
    }
  }

  /// Writes the model, whole or not at all.
  ///
  /// - Parameter limit: if all initializers take more bytes than this, those of over 1,024 bytes
  ///   go to a file beside the model.
  func save(to path: String, externalDataFrom limit: Int) throws {
    let sizes = initializers.map {
      ElementType($0.tensor.dtype).byteCount(of: $0.tensor.elementCount)
    }
    let isExternal = sizes.reduce(0, +) >= max(limit, 1)
    let beside = path + ".data"
    let location = String(beside.split(separator: "/").last ?? "")
    var offset = 0
    var outside: [(tensor: Tensor, padding: Int)] = []
    var writer = WireWriter()
    writer.int(1, version)
    writer.text(2, "blitz")
    try writer.message(7) { writer in
      for (index, node) in nodes.enumerated() {
        writer.message(1) { node.write(to: &$0, name: "\(node.op)_\(index)") }
      }
      writer.text(2, "main")
      for (size, (name, tensor)) in zip(sizes, initializers) {
        try writer.message(5) { writer in
          guard isExternal, size > 1024 else {
            return try writer.tensor(tensor, ElementType(tensor.dtype), named: name)
          }
          // Where a page begins, so that a runtime can map it.
          let start = (offset + 4095) / 4096 * 4096
          outside.append((tensor, start - offset))
          offset = start + size
          writer.tensor(
            tensor, ElementType(tensor.dtype), named: name, in: location, offset: start,
            length: size)
        }
      }
      for port in inputs { writer.message(11) { port.write(to: &$0) } }
      for port in outputs { writer.message(12) { port.write(to: &$0) } }
    }
    writer.message(8) { $0.int(2, opset) }
    for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
      writer.message(14) { writer in
        writer.text(1, key)
        writer.text(2, value)
      }
    }
    let bytes = writer.bytes
    guard bytes.count < 1 << 31 else {
      throw DataError(
        path: path,
        reason: "the model would take \(bytes.count) bytes, the format allows under 2^31; give "
          + "externalDataFrom a smaller number")
    }
    if isExternal {
      try File.replace(beside) { sink in
        for (tensor, padding) in outside {
          let zeros = [UInt8](repeating: 0, count: padding)
          try zeros.withUnsafeBytes { try sink.write($0) }
          try tensor.withBytes { try sink.write($0) }
        }
      }
    }
    try File.replace(path) { sink in try bytes.withUnsafeBytes { try sink.write($0) } }
  }
}

extension ExportNode {
  fileprivate func write(to writer: inout WireWriter, name: String) {
    for input in inputs { writer.text(1, input) }
    for output in outputs { writer.text(2, output) }
    writer.text(3, name)
    writer.text(4, op)
    for (name, value) in attributes {
      writer.message(5) { writer in
        writer.text(1, name)
        switch value {
        case .float(let number):
          writer.float(2, Float(number))
          writer.int(20, 1)
        case .int(let number):
          writer.int(3, number)
          writer.int(20, 2)
        case .text(let text):
          writer.text(4, text)
          writer.int(20, 3)
        case .ints(let numbers):
          for number in numbers { writer.int(8, number) }
          writer.int(20, 7)
        case .texts(let texts):
          for text in texts { writer.text(9, text) }
          writer.int(20, 8)
        }
      }
    }
  }
}

extension ExportModel.Port {
  fileprivate func write(to writer: inout WireWriter) {
    writer.text(1, name)
    writer.message(2) { writer in
      writer.message(1) { writer in
        writer.int(1, ElementType(dtype).rawValue)
        writer.message(2) { writer in
          for size in sizes {
            writer.message(1) { writer in
              switch size {
              case .fixed(let size): writer.int(1, size)
              case .named(let name): writer.text(2, name)
              case .any: break
              }
            }
          }
        }
      }
    }
  }
}

extension WireWriter {
  /// A tensor's message, its elements in another file.
  fileprivate mutating func tensor(
    _ tensor: Tensor, _ type: ElementType, named name: String, in location: String, offset: Int,
    length: Int
  ) {
    head(of: tensor, type, named: name)
    for (key, value) in [("location", location), ("offset", "\(offset)"), ("length", "\(length)")] {
      message(13) { writer in
        writer.text(1, key)
        writer.text(2, value)
      }
    }
    int(14, 1)
  }
}
