/// What a checkpoint has, by name.
struct TorchContents: Sendable {
  /// The tensors' names, in the file's order.
  var order: [ExactName] = []
  var tensors: [ExactName: TorchTensor] = [:]
  var values: [ExactName: TorchFile.Value] = [:]
  /// Those of the values that are not made.
  var opaques: [ExactName: PickleOpaque] = [:]
}

/// Gives names to the tensors and values of a pickle.
struct TorchNames {
  private let reader: PickleReader
  /// The pickle's size, to which the names' length must be in proportion.
  private let size: Int
  private(set) var contents = TorchContents()
  private var length = 0

  init(reader: PickleReader, size: Int) {
    self.reader = reader
    self.size = size
  }

  /// Names everything in a value; `path` is its own name, `depth` counts what it is in.
  mutating func walk(
    _ value: PickleValue, path: String, depth: Int
  ) throws(DataError) {
    // A dictionary that is in many places gives many names: a small file must not give so many
    // that they fill the memory.
    length += path.utf8.count + 16
    guard length <= 64 * size + 65_536 else {
      throw reader.failure(size, "the names of what is in the pickle are too long for its size")
    }
    guard depth <= 32 else {
      throw reader.failure(size, "\(JSONText.quoted(path)) is nested too deep")
    }
    func name(_ part: String) -> String { path.isEmpty ? part : "\(path).\(part)" }
    switch value {
    case .dictionary(let index):
      for (key, value) in reader.dictionaries[index] {
        try walk(value, path: name(printed(key)), depth: depth + 1)
      }
    case .list(let index):
      for (place, value) in reader.lists[index].enumerated() {
        try walk(value, path: name(String(place)), depth: depth + 1)
      }
    case .tuple(let index):
      for (place, value) in reader.tuples[index].enumerated() {
        try walk(value, path: name(String(place)), depth: depth + 1)
      }
    case .tensor(let index): keep(reader.tensors[index], path)
    case .none: keep(.none, path)
    case .bool(let value): keep(.bool(value), path)
    case .integer(let value): keep(.integer(value), path)
    case .real(let value): keep(.real(value), path)
    case .text(let value): keep(.text(value), path)
    case .global(.dtype(let name)): keep(.text("torch.\(name)"), path)
    case .global(let global): try keep(PickleOpaque(name: global.name, place: size), path)
    case .storage: try keep(PickleOpaque(name: "torch.UntypedStorage", place: size), path)
    case .opaque(let index): try keep(reader.opaques[index], path)
    }
  }

  private mutating func keep(_ tensor: TorchTensor, _ path: String) {
    let name = ExactName(path.isEmpty ? "tensor" : path)
    if contents.tensors[name] == nil {
      contents.order.append(name)
      contents.tensors[name] = tensor
    } else {
      contents.tensors[name]?.refusal =
        "is the name of two tensors, whose keys are equal when they are written; rename one"
    }
  }

  private mutating func keep(_ value: TorchFile.Value, _ path: String) {
    let name = ExactName(path.isEmpty ? "value" : path)
    if contents.values.updateValue(value, forKey: name) != nil {
      contents.values[name] = .opaque("two values")
      contents.opaques[name] = PickleOpaque(name: "two values", place: size)
    }
  }

  private mutating func keep(_ opaque: PickleOpaque, _ path: String) throws(DataError) {
    // A file of one object has nothing else to be read.
    guard !path.isEmpty else {
      throw reader.failure(
        opaque.place,
        "the file is a Python object, \(JSONText.quoted(opaque.name)), which Blitz does not make; "
          + opaque.help)
    }
    keep(.opaque(opaque.name), path)
    contents.opaques[ExactName(path)] = opaque
  }

  // MARK: - Keys

  /// A key as Python prints it, texts without quotes.
  private func printed(_ key: PickleValue) -> String {
    if case .text(let text) = key { return text }
    var text = ""
    write(key, depth: 0, to: &text)
    return text
  }

  /// No longer than a few hundred letters, however often a tuple is in others.
  private func write(_ key: PickleValue, depth: Int, to text: inout String) {
    guard depth < 8, text.utf8.count < 200 else {
      text += "..."
      return
    }
    switch key {
    case .none: text += "None"
    case .bool(let value): text += value ? "True" : "False"
    case .integer(let value): text += String(value)
    case .real(let value): text += value.description
    case .text(let value): text += "'\(value.prefix(200))'"
    case .tuple(let index):
      let values = reader.tuples[index]
      text += "("
      for (place, value) in values.enumerated() where text.utf8.count < 200 {
        if place > 0 { text += ", " }
        write(value, depth: depth + 1, to: &text)
      }
      text += values.count == 1 ? ",)" : ")"
    case .global(let global): text += global.name
    case .opaque(let index): text += "<\(reader.opaques[index].name)>"
    case .list, .dictionary, .storage, .tensor: text += "<no key>"
    }
  }
}
