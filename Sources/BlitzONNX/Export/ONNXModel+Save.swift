import BlitzData
import BlitzTensor

extension ONNXModel {
  /// Writes the model with the weights that it has now, so that every runtime of the format can
  /// run what was trained further here; whole or not at all.
  ///
  ///     let model = try ONNXModel("model.onnx")
  ///     // ... training ...
  ///     try model.save(to: "tuned.onnx")
  ///
  /// All but the initializers stays as it was read, byte by byte; initializers from files beside
  /// the model come to be in it.
  ///
  /// - Throws: `TensorError` if a weight carries an error; `DataError` if the file cannot be
  ///   written, or would be over 2 GB, which the format does not allow.
  public func save(to path: String) throws {
    var values: [String: Value] = [:]
    for (name, weight) in weights { values[name] = Value(weight.value) }
    for (name, constant, type) in constants {
      values[name] = .tensor(constant.wrappedValue, type)
    }
    var writer = WireWriter()
    let reader = try WireReader(source.file)
    try reader.copy(to: &writer) { field, fields, writer in
      guard field.number == 7 else { return false }
      let graph = try fields.message(field)
      try writer.message(7) { writer in
        try graph.copy(to: &writer) { field, fields, writer in
          guard field.number == 5 else { return false }
          let tensor = try TensorMessage(try fields.message(field), source)
          guard case .tensor(let value, let type) = values[tensor.name] else { return false }
          try writer.message(5) { try $0.tensor(value, type, named: tensor.name) }
          return true
        }
      }
      return true
    }
    let bytes = writer.bytes
    guard bytes.count < 1 << 31 else {
      throw DataError(
        path: path,
        reason: "the model would take \(bytes.count) bytes, the format allows under 2^31; save "
          + "its state as safetensors")
    }
    try File.replace(path) { sink in try bytes.withUnsafeBytes { try sink.write($0) } }
  }
}

extension WireWriter {
  /// A tensor's message.
  mutating func tensor(
    _ tensor: Tensor, _ type: ElementType, named name: String
  ) throws {
    head(of: tensor, type, named: name)
    bytes(9, try type.bytes(of: tensor))
  }

  /// A tensor's message up to its elements.
  mutating func head(of tensor: Tensor, _ type: ElementType, named name: String) {
    for size in tensor.shape { int(1, size) }
    int(2, type.rawValue)
    text(8, name)
  }
}

extension WireReader {
  /// Copies the fields of the message; `write` can write one in another way, and says so.
  fileprivate func copy(
    to writer: inout WireWriter,
    _ write: (WireField, WireReader, inout WireWriter) throws -> Bool
  ) throws {
    var reader = self
    while let field = try reader.next() {
      if try write(field, reader, &writer) { continue }
      writer.copy(
        try file.bytes(at: field.place, count: reader.place - field.place, "a field"))
    }
  }
}
