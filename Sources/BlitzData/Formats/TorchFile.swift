import BlitzTensor

/// A checkpoint of `torch.save` from PyTorch 1.6 or newer, read without running any code.
///
///     let file = try TorchFile("checkpoint.pt")
///     let weights = try file.tensors(under: "model")     // of {'model': state_dict, 'epoch': 3}
///     print(file.values["epoch"])                        // .integer(3)
///
/// Dictionaries, lists and tuples inside each other make names joined by points, as in
/// "optimizer.state.0.exp_avg"; keys that are not texts are written as Python prints them. Views of
/// a shared storage, also transposed and expanded ones, become tensors of their own.
///
/// Other values, such as a NumPy number or a whole pickled model, are not made. Asking for one is
/// an error that names its class and what to save instead; the rest of the file is read.
public struct TorchFile: NamedTensors {
  /// A value that is not a tensor.
  public enum Value: Sendable, Equatable {
    /// Python's `None`.
    case none
    /// `True` or `False`.
    case bool(Bool)
    /// An integer.
    case integer(Int)
    /// A floating-point number.
    case real(Double)
    /// A text; also a dtype (`torch.float32`) and a device.
    case text(String)
    /// Another Python value, such as "argparse.Namespace", of which only the class is known.
    case opaque(String)
  }

  /// The path of the file, as the caller wrote it.
  public var path: String { archive.file.path }
  /// The names of the tensors, in the file's order. If the checkpoint is one tensor, its name is
  /// "tensor".
  public let names: [String]
  /// The values that are not tensors, by name. Of names that differ only in their Unicode normal
  /// form it has one; ``value(named:)`` tells them apart.
  public var values: [String: Value] {
    Dictionary(contents.values.map { ($0.text, $1) }) { first, _ in first }
  }

  /// The default limit of bytes that tensors may take beyond those in the file: 1 GiB. Views can
  /// ask for far more: `torch.ones(1).expand(1 << 40)` takes four bytes in a file.
  public static let maximumViewByteCount = 1 << 30

  private let archive: ZipArchive
  private let members: [String: ZipArchive.Member]
  private let contents: TorchContents
  private let failure: @Sendable (Int, String) -> DataError
  private let isBigEndian: Bool
  private let maximumViewByteCount: Int

  /// More than any real state dict takes, even with a million tensors.
  private static let largestPickle = 256 << 20

  /// Opens the file at `path` and reads all but the tensors' elements.
  ///
  /// - Parameter path: the file.
  /// - Parameter maximumViewByteCount: the most bytes that views may take beyond those in the file.
  /// - Throws: `DataError` if it cannot be read, is damaged, or has another PyTorch format, which
  ///   the error names with the call that helps; or if the file is one pickled object, such as a
  ///   whole model.
  public init(
    _ path: String, maximumViewByteCount: Int = TorchFile.maximumViewByteCount
  ) throws(DataError) {
    try self.init(MappedFile(path: path), maximumViewByteCount: maximumViewByteCount)
  }

  package init(
    _ file: MappedFile, maximumViewByteCount: Int = TorchFile.maximumViewByteCount
  ) throws(DataError) {
    let archive = try FileFormat.archive(file, of: .torch).takingZeroForNoChecksum()
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
    self.maximumViewByteCount = maximumViewByteCount
    let bytes = try archive.contents(of: pickle, limit: TorchFile.largestPickle)
    var reader = PickleReader(bytes, failure)
    let root = try reader.read()
    var walker = TorchNames(reader: reader, size: bytes.count)
    try walker.walk(root, path: "", depth: 0)
    contents = walker.contents
    names = contents.order.map(\.text)
  }

  /// The tensor called `name`, on the CPU.
  ///
  /// - Throws: `DataError` if there is none, if its dtype or layout is one that Blitz does not
  ///   have, if its storage is damaged or missing, if a number is beyond int64, or if it is a view
  ///   that takes more bytes than allowed.
  public func tensor(named name: String) throws(DataError) -> Tensor {
    let tensor = try stored(name)
    var checked: Set<String> = []
    try checkSize(tensor.elements?.byteCount, tensor.storageSize ?? 0, name, tensor)
    return try load(tensor, name, checked: &checked)
  }

  /// The value called `name`.
  ///
  /// - Throws: `DataError` if there is none, or if it is a value that Blitz does not make; the
  ///   error names it and what to save instead.
  public func value(named name: String) throws(DataError) -> Value {
    guard let value = contents.values[ExactName(name)] else {
      throw missing(name, "value", among: contents.values.keys.map(\.text).sorted())
    }
    if let opaque = contents.opaques[ExactName(name)] { throw refusal(of: opaque, name) }
    return value
  }

  private func refusal(of opaque: PickleOpaque, _ name: String) -> DataError {
    failure(
      opaque.place,
      "\(JSONText.quoted(name)) is a Python object, \(JSONText.quoted(opaque.name)), "
        + "which Blitz does not make; \(opaque.help)")
  }

  private func stored(_ name: String) throws(DataError) -> TorchTensor {
    if let tensor = contents.tensors[ExactName(name)] { return tensor }
    if let opaque = contents.opaques[ExactName(name)] { throw refusal(of: opaque, name) }
    throw missing(name)
  }

  /// The tensors of one entry of the checkpoint, without its name in front.
  ///
  ///     try file.tensors(under: "model")["0.weight"]   // called "model.0.weight" in the file
  ///
  /// Names of the same view share one tensor.
  ///
  /// - Throws: `DataError` as ``tensor(named:)``, and if there is no tensor under that name or if
  ///   views of the same storages would take too much memory.
  public func tensors(under entry: String?) throws(DataError) -> [String: Tensor] {
    if let entry, let opaque = contents.opaques[ExactName(entry)] {
      throw refusal(of: opaque, entry)
    }
    var tensors: [String: Tensor] = [:]
    var views: [View: Tensor] = [:]
    var checked: Set<String> = []
    let storedSize = members.values.reduce(0) { $0 + $1.size }
    var size = 0
    for (name, short) in try names(under: entry) {
      let stored = try stored(name)
      let view = stored.elements.map { View(key: stored.key, elements: $0) }
      if let view, let tensor = views[view] {
        tensors[short] = tensor
        continue
      }
      let (sum, overflow) = size.addingReportingOverflow(stored.elements?.byteCount ?? 0)
      try checkSize(overflow ? nil : sum, storedSize, name, stored)
      size = sum
      let tensor = try load(stored, name, checked: &checked)
      tensors[short] = tensor
      if let view { views[view] = tensor }
    }
    return tensors
  }

  /// Finds out whether views that take `size` bytes of storages with `stored` may.
  private func checkSize(
    _ size: Int?, _ stored: Int, _ name: String, _ tensor: TorchTensor
  ) throws(DataError) {
    // Small whole numbers take up to four times their bytes.
    let usual = stored.multipliedReportingOverflow(by: 4)
    guard !usual.overflow, tensor.elements != nil else { return }
    if let size, size <= usual.partialValue || size - usual.partialValue <= maximumViewByteCount {
      return
    }
    throw failure(
      tensor.place,
      "with \(JSONText.quoted(name)) the tensors take \(size.map(String.init) ?? "too many") "
        + "bytes, views of storages that have \(stored); read tensors one by one, or give "
        + "TorchFile a larger maximumViewByteCount than \(maximumViewByteCount)")
  }

  /// What makes two tensors the same.
  private struct View: Hashable {
    var key: String
    var type: DType
    var offset: Int
    var shape: [Int]
    var strides: [Int]
    var isNegated: Bool

    init(key: String, elements: StoredElements) {
      self.key = key
      type = elements.type
      offset = elements.offset
      shape = elements.shape
      strides = elements.strides ?? []
      isNegated = elements.isNegated
    }
  }

  /// Reads a tensor; the checksums of storages in `checked` are known to be right.
  private func load(
    _ tensor: TorchTensor, _ name: String, checked: inout Set<String>
  ) throws(DataError) -> Tensor {
    let quoted = JSONText.quoted(name)
    if let refusal = tensor.refusal { throw failure(tensor.place, "\(quoted) \(refusal)") }
    guard var elements = tensor.elements, let size = tensor.storageSize else {
      throw failure(
        tensor.place,
        "\(quoted) is \(tensor.dtypeName), which Blitz has no tensors of; "
          + (tensor.dtypeName.hasPrefix("complex")
            ? "save x.real and x.imag instead"
            : "cast it to one of \(DType.allCases.map(\.description).joined(separator: " ")) "
              + "before saving"))
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
      guard member.checksum == nil || Deflate.crc32(bytes) == member.checksum else {
        throw file.failure(
          member.place,
          "the checksum of \(JSONText.quoted(member.name)) is wrong: the file is damaged")
      }
    }
    return try elements.tensor(from: bytes) { failure(tensor.place, "\(quoted): \($0)") }
  }
}
