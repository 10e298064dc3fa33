import BlitzTensor

/// An open safetensors file, whose tensors are read when they are asked for.
///
///     let file = try SafetensorsFile("model.safetensors")
///     print(file.names)
///     let weight = try file.tensor(named: "layers.0.weight")
///
/// The file is mapped into memory as long as this value lives; each tensor has a copy of its
/// elements. Do not shorten the file meanwhile (replacing it by renaming, as Blitz does, is safe).
public struct SafetensorsFile: NamedTensors {
  /// The path of the file, as the caller wrote it.
  public var path: String { file.path }
  /// The names of the tensors, in the order of their bytes in the file.
  public let names: [String]
  /// Texts about the file, the header's `__metadata__`.
  public let metadata: [String: String]
  private let file: MappedFile
  private let start: Int
  private let fields: [ExactName: SafetensorsHeader.Field]

  /// Opens the file at `path` and reads its header.
  ///
  /// - Throws: `DataError` if it cannot be read or breaks a rule of the format, naming the byte.
  public init(_ path: String) throws(DataError) { try self.init(MappedFile(path: path)) }

  package init(_ file: MappedFile) throws(DataError) {
    try FileFormat.check(file, is: .safetensors)
    let layout = try file.withAllBytes { (bytes) throws(DataError) in
      try SafetensorsLayout(bytes, path: file.path)
    }
    self.file = file
    start = layout.start
    metadata = layout.metadata
    names = layout.fields.map(\.name)
    fields = Dictionary(uniqueKeysWithValues: layout.fields.map { (ExactName($0.name), $0) })
  }

  /// The tensor called `name`, on the CPU.
  ///
  /// - Throws: `DataError` if there is none, or if its dtype is one that Blitz does not have.
  public func tensor(named name: String) throws(DataError) -> Tensor {
    guard let field = fields[ExactName(name)] else { throw missing(name) }
    guard let type = field.dtype?.tensorDType else {
      let known = SafetensorsDType.allCases.filter { $0.tensorDType != nil }
      throw file.failure(
        field.place,
        "\(JSONText.quoted(name)) is \(DataError.excerpt(field.dtypeName.utf8)), which Blitz has "
          + "no tensors of; cast it to one of \(known.map(\.rawValue).joined(separator: " ")) "
          + "before saving, or read the others one by one with tensor(named:)")
    }
    let bytes = try file.bytes(
      at: start + field.start, count: field.end - field.start, JSONText.quoted(name))
    defer { file.letGo(bytes) }
    return try StoredElements(type: type, shape: field.shape).tensor(from: bytes) {
      file.failure(field.place, "\(JSONText.quoted(name)): \($0)")
    }
  }
}

extension Safetensors {
  /// All tensors of the file at `path`, by name, on the CPU.
  ///
  ///     let weights = try Safetensors.load("model.safetensors")
  ///
  /// For the names in the file's order, for the metadata, or for one tensor of many, use
  /// ``SafetensorsFile``.
  ///
  /// - Throws: `DataError` if the file cannot be read or breaks a rule of the format, naming the
  ///   byte, or if a tensor's dtype is one that Blitz does not have.
  public static func load(_ path: String) throws(DataError) -> [String: Tensor] {
    try SafetensorsFile(path).tensors()
  }

  /// Writes tensors to the file at `path`, whole or not at all: a reader finds the old file or the
  /// new one, also after a crash.
  ///
  ///     try Safetensors.save(["w1": w1, "w2": w2], to: "model.safetensors")
  ///
  /// The file has the order of the format's own library: wide dtypes first, then by name.
  ///
  /// - Parameters:
  ///   - tensors: the tensors by name, which are computed now if they are not yet.
  ///   - metadata: texts about the file.
  ///   - path: the file; an existing one is replaced.
  /// - Throws: `DataError` if the file cannot be written or two tensors share a name;
  ///   `TensorError` if a tensor carries an error.
  public static func save(
    _ tensors: [String: Tensor], metadata: [String: String] = [:], to path: String
  ) throws {
    try save(
      tensors.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }, metadata: metadata, to: path)
  }

  /// Writes tensors in a given order to the file at `path`, whole or not at all; see
  /// `save(_:metadata:to:)` for a dictionary.
  ///
  /// - Throws: as for a dictionary.
  public static func save(
    _ tensors: [(String, Tensor)], metadata: [String: String] = [:], to path: String
  ) throws {
    try eval(tensors.map(\.1))
    let fields = try tensors.map { name, tensor in
      guard let dtype = SafetensorsDType(tensor.dtype) else {
        throw DataError(
          path: path,
          reason: "\(JSONText.quoted(name)) is \(tensor.dtype), for which the format has no name; "
            + "cast it to complex64, or save its viewAsReal()")
      }
      return SafetensorsEntry(name: name, dtype: dtype, shape: tensor.shape.sizes, bytes: [])
    }
    let (header, order) = try Safetensors.header(of: fields, metadata: metadata, path: path)
    try File.replace(path) { sink in
      try header.withUnsafeBytes { try sink.write($0) }
      for place in order {
        try tensors[place].1.withBytes { try sink.write($0) }
      }
    }
  }
}

extension SafetensorsDType {
  /// The name of a tensor's dtype in the format; nil for complex128, which has none.
  package init?(_ dtype: DType) {
    let name: SafetensorsDType? =
      switch dtype {
      case .float32: .float32
      case .float64: .float64
      case .float16: .float16
      case .bfloat16: .bfloat16
      case .int8: .int8
      case .int16: .int16
      case .int32: .int32
      case .int64: .int64
      case .uint8: .uint8
      case .uint16: .uint16
      case .uint32: .uint32
      case .uint64: .uint64
      case .bool: .bool
      case .complex64: .complex64
      case .complex128: nil
      }
    guard let name else { return nil }
    self = name
  }

  /// The dtype of a tensor of such elements, or nil if Blitz has none.
  var tensorDType: DType? { DType.allCases.first { SafetensorsDType($0) == self } }
}
