import BlitzTensor

/// A checkpoint that `torch.save` of PyTorch 1.6 or newer wrote, read without running any code.
///
///     let file = try TorchFile("checkpoint.pt")
///     let weights = try file.tensors(under: "model")     // of {'model': state_dict, 'epoch': 3}
///     print(file.values["epoch"])                        // .integer(3)
///
/// Dictionaries, lists and tuples inside each other give names joined by points, as in
/// "optimizer.state.0.exp_avg". Views of a shared storage, transposed ones too, become tensors of
/// their own. A checkpoint that holds anything else than tensors, numbers, text and these
/// containers, such as a whole pickled model, is an error that names the Python class.
public struct TorchFile: NamedTensors {
  /// A number, a text or nothing beside the tensors.
  public enum Value: Sendable, Equatable {
    /// Python's `None`.
    case none
    /// `True` or `False`.
    case bool(Bool)
    /// A whole number.
    case integer(Int)
    /// A number with a fraction.
    case real(Double)
    /// A text; also a dtype (`torch.float32`) and a device.
    case text(String)
  }

  /// The file as the caller named it.
  public var path: String { archive.file.path }
  /// The tensors' names, in the file's order. A checkpoint that is one tensor calls it "tensor".
  public let names: [String]
  /// The numbers and texts by name.
  public let values: [String: Value]
  private let archive: ZipArchive
  private let members: [String: ZipArchive.Member]
  private let tensorsByName: [String: TorchTensor]
  private let failure: @Sendable (Int, String) -> DataError
  private let isBigEndian: Bool

  /// More than any real state dict takes, even with a million tensors.
  private static let largestPickle = 256 << 20

  /// Opens the file at `path`, and reads what is in it but the tensors' numbers.
  ///
  /// - Throws: `DataError` if it cannot be read, is damaged, is of PyTorch's older formats, or
  ///   asks for anything that a state dict does not need, naming the byte.
  public init(_ path: String) throws(DataError) { try self.init(MappedFile(path: path)) }

  package init(_ file: MappedFile) throws(DataError) {
    let archive = try FileFormat.archive(file, of: .torch)
    let pickles = archive.members.filter { $0.name.hasSuffix("/data.pkl") }
    guard pickles.count == 1, let pickle = pickles.first else {
      throw file.failure(
        file.count, "a PyTorch checkpoint has one member data.pkl, this archive \(pickles.count)")
    }
    let folder = pickle.name.dropLast("data.pkl".count)
    failure = { place, reason in
      pickle.isDeflated
        ? file.failure(
          pickle.range.lowerBound, "in data.pkl, byte \(place) when unpacked: \(reason)")
        : file.failure(pickle.range.lowerBound + place, reason)
    }
    let order = try archive["\(folder)byteorder"].map { (member) throws(DataError) in
      try archive.contents(of: member, limit: 100)
    }
    isBigEndian = order == Array("big".utf8)
    var members: [String: ZipArchive.Member] = [:]
    for member in archive.members where member.name.hasPrefix("\(folder)data/") {
      members[String(member.name.dropFirst(folder.count + 5))] = member
    }
    self.archive = archive
    self.members = members
    let bytes = try archive.contents(of: pickle, limit: TorchFile.largestPickle)
    var reader = PickleReader(bytes, failure)
    let root = try reader.read()
    var names = TorchNames(reader: reader, size: bytes.count, failure: failure)
    try names.walk(root, path: "", depth: 0)
    self.names = names.order
    values = names.values
    tensorsByName = names.tensors
  }

  /// The tensor called `name`, on the CPU.
  ///
  /// - Throws: `DataError` if there is none, its dtype is one that Blitz does not have, or its
  ///   storage is damaged or missing.
  public func tensor(named name: String) throws(DataError) -> Tensor {
    guard let tensor = tensorsByName[name] else { throw missing(name) }
    var checked: Set<String> = []
    return try load(tensor, name, checked: &checked)
  }

  /// All tensors by name, on the CPU. Names of the same view share one tensor.
  ///
  /// - Throws: `DataError` as ``tensor(named:)``, and if the tensors, being views of the same
  ///   storages, would take many times the memory of these.
  public func tensors() throws(DataError) -> [String: Tensor] { try tensors(under: nil) }

  /// The tensors of one entry of the checkpoint, with the names that they have in it.
  ///
  ///     try file.tensors(under: "model")["0.weight"]   // called "model.0.weight" in the file
  ///
  /// - Throws: `DataError` as ``tensors()``, and if there is no tensor under that name.
  public func tensors(under entry: String?) throws(DataError) -> [String: Tensor] {
    let prefix = entry.map { "\($0)." } ?? ""
    let names = names.filter { $0.hasPrefix(prefix) }
    if names.isEmpty, let entry { throw missing(entry) }
    var tensors: [String: Tensor] = [:]
    var views: [View: Tensor] = [:]
    var checked: Set<String> = []
    let storedSize = members.values.reduce(0) { $0 + $1.size }
    var size = 0
    for name in names {
      guard let stored = tensorsByName[name] else { continue }
      let view = stored.elements.map {
        View(
          key: stored.key, dtype: $0.dtype, offset: $0.offset, shape: $0.shape,
          strides: $0.strides ?? [])
      }
      let short = String(name.dropFirst(prefix.count))
      if let view, let tensor = views[view] {
        tensors[short] = tensor
        continue
      }
      size += stored.elements?.byteCount ?? 0
      guard size <= 16 * storedSize else {
        throw failure(
          stored.place,
          "the tensors up to \(JSONText.quoted(name)) are views that take \(size) "
            + "bytes of storages that have \(storedSize); read them one by one")
      }
      let tensor = try load(stored, name, checked: &checked)
      tensors[short] = tensor
      if let view { views[view] = tensor }
    }
    return tensors
  }

  /// What makes two tensors the same.
  private struct View: Hashable {
    var key: String
    var dtype: DType
    var offset: Int
    var shape: [Int]
    var strides: [Int]
  }

  /// Reads a tensor; the checksums of storages in `checked` are known to be right.
  private func load(
    _ tensor: TorchTensor, _ name: String, checked: inout Set<String>
  ) throws(DataError) -> Tensor {
    let quoted = JSONText.quoted(name)
    guard var elements = tensor.elements, let size = tensor.storageSize else {
      throw failure(
        tensor.place,
        "\(quoted) is \(tensor.dtypeName), which Blitz has no tensors of; "
          + "cast it to one of \(DType.allCases.map(\.description).joined(separator: " ")) "
          + "before saving")
    }
    guard let member = members[tensor.key] else {
      throw failure(
        tensor.place, "the storage \(JSONText.quoted(tensor.key)) of \(quoted) is not in the file")
    }
    guard member.size == size else {
      throw failure(
        tensor.place, "the storage of \(quoted) has \(member.size) bytes, the pickle says \(size)")
    }
    elements.isBigEndian = isBigEndian
    let file = archive.file
    if member.isDeflated {
      return try archive.contents(of: member, limit: size).withBytes { (bytes) throws(DataError) in
        try elements.tensor(from: bytes) { failure(tensor.place, "\(quoted): \($0)") }
      }
    }
    let bytes = try file.bytes(at: member.range.lowerBound, count: size, quoted)
    if checked.insert(tensor.key).inserted {
      guard Deflate.crc32(bytes) == member.checksum else {
        throw file.failure(
          member.place,
          "the checksum of \(JSONText.quoted(member.name)) is wrong: the file is damaged")
      }
    }
    return try elements.tensor(from: bytes) { failure(tensor.place, "\(quoted): \($0)") }
  }
}

/// Gives names to the tensors and values of a pickle.
private struct TorchNames {
  let reader: PickleReader
  /// The pickle's size, to which the names' length must be in proportion.
  let size: Int
  let failure: (Int, String) -> DataError
  var order: [String] = []
  var tensors: [String: TorchTensor] = [:]
  var values: [String: TorchFile.Value] = [:]
  private var length = 0

  init(reader: PickleReader, size: Int, failure: @escaping (Int, String) -> DataError) {
    self.reader = reader
    self.size = size
    self.failure = failure
  }

  /// Names everything in a value; `path` is its own name, `depth` counts what it is in.
  mutating func walk(
    _ value: PickleValue, path: String, depth: Int
  ) throws(DataError) {
    // A dictionary that is in many places gives many names: a small file must not give so many
    // that they fill the memory.
    length += path.utf8.count + 16
    guard length <= 64 * size + 65_536 else {
      throw failure(size, "the names of what is in the pickle are too long for its size")
    }
    guard depth <= 32 else {
      throw failure(size, "\(JSONText.quoted(path)) is nested too deep")
    }
    func name(_ part: String) -> String { path.isEmpty ? part : "\(path).\(part)" }
    switch value {
    case .dictionary(let index):
      for (key, value) in reader.dictionaries[index] {
        let part: String
        switch key {
        case .text(let text): part = text
        case .integer(let number): part = String(number)
        default:
          throw failure(
            size, "a key of \(JSONText.quoted(path)) is neither a text nor a whole number")
        }
        try walk(value, path: name(part), depth: depth + 1)
      }
    case .list(let index):
      for (place, value) in reader.lists[index].enumerated() {
        try walk(value, path: name(String(place)), depth: depth + 1)
      }
    case .tuple(let index):
      for (place, value) in reader.tuples[index].enumerated() {
        try walk(value, path: name(String(place)), depth: depth + 1)
      }
    case .tensor(let index):
      let name = path.isEmpty ? "tensor" : path
      guard tensors.updateValue(reader.tensors[index], forKey: name) == nil else {
        throw failure(reader.tensors[index].place, "\(JSONText.quoted(name)) is there twice")
      }
      order.append(name)
    case .none: try keep(.none, path)
    case .bool(let value): try keep(.bool(value), path)
    case .integer(let value): try keep(.integer(value), path)
    case .real(let value): try keep(.real(value), path)
    case .text(let value): try keep(.text(value), path)
    case .global(.dtype(let name)): try keep(.text("torch.\(name)"), path)
    case .global, .storage:
      throw failure(size, "\(JSONText.quoted(path)) is neither a tensor, a number nor a text")
    }
  }

  private mutating func keep(_ value: TorchFile.Value, _ path: String) throws(DataError) {
    guard values.updateValue(value, forKey: path.isEmpty ? "value" : path) == nil else {
      throw failure(size, "\(JSONText.quoted(path)) is there twice")
    }
  }
}
