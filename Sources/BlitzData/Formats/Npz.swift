import BlitzTensor

/// NumPy's archive of named arrays, `.npz`: a zip file of npy files.
///
///     let arrays = try Npz.load("data.npz")          // what np.savez or np.savez_compressed wrote
///     try Npz.save(["x": x, "y": y], to: "out.npz")  // np.load reads it
public enum Npz {
  /// All tensors of the file at `path`, by name, on the CPU; see ``Npy`` for the dtypes.
  ///
  /// To read one tensor of many, use ``NpzFile``.
  ///
  /// - Throws: `DataError` if the file cannot be read or breaks a rule of the format, naming the
  ///   byte, or has a dtype that tensors do not have.
  public static func load(_ path: String) throws(DataError) -> [String: Tensor] {
    try NpzFile(path).tensors()
  }

  /// Writes tensors to the file at `path`, whole or not at all.
  ///
  /// - Parameters:
  ///   - tensors: the tensors by name, which are computed now if they are not yet.
  ///   - path: the file; an existing one is replaced.
  ///   - isCompressed: whether to compress, as `np.savez_compressed` does.
  /// - Throws: `DataError` if the file cannot be written or a name is not allowed in zip files;
  ///   `TensorError` if a tensor carries an error.
  public static func save(
    _ tensors: [String: Tensor], to path: String, isCompressed: Bool = false
  ) throws {
    let tensors = tensors.sorted { $0.key < $1.key }
    for (name, _) in tensors where name.utf8.count > 60_000 {
      throw DataError(
        path: path, reason: "a name of \(name.utf8.count) bytes is too long for a zip file")
    }
    try eval(tensors.map(\.value))
    try File.replace(path) { sink in
      var writer = ZipWriter(sink)
      for (name, tensor) in tensors {
        let header = NpyHeader.encoded(dtype: tensor.dtype, shape: tensor.shape.sizes)
        try tensor.withBytes { bytes in
          try header.withUnsafeBytes {
            try writer.add("\(name).npy", [$0, bytes], isDeflated: isCompressed)
          }
        }
      }
      try writer.finish()
    }
  }
}

/// An open npz file, whose arrays are read when they are asked for.
public struct NpzFile: NamedTensors {
  /// The path of the file, as the caller wrote it.
  public var path: String { archive.file.path }
  /// The names of the arrays, in the file's order.
  public let names: [String]
  private let archive: ZipArchive
  private let members: [ExactName: ZipArchive.Member]

  /// Opens the file at `path` and reads its list of members.
  ///
  /// - Throws: `DataError` if it cannot be read or breaks a rule of the format, naming the byte.
  public init(_ path: String) throws(DataError) { try self.init(MappedFile(path: path)) }

  package init(_ file: MappedFile) throws(DataError) {
    let archive = try FileFormat.archive(file, of: .npz)
    var names: [String] = []
    var members: [ExactName: ZipArchive.Member] = [:]
    for member in archive.members {
      guard member.name.hasSuffix(".npy") else {
        throw file.failure(
          member.place, "\(JSONText.quoted(member.name)) is not an npy file; npz has nothing else")
      }
      let name = String(member.name.dropLast(4))
      names.append(name)
      members[ExactName(name)] = member
    }
    self.archive = archive
    self.names = names
    self.members = members
  }

  /// The tensor called `name`, on the CPU.
  ///
  /// - Throws: `DataError` if there is none, if its dtype is one that tensors do not have, or if
  ///   the file is damaged.
  public func tensor(named name: String) throws(DataError) -> Tensor {
    guard let member = members[ExactName(name)] else { throw missing(name) }
    func failure(_ place: Int, _ reason: String) -> DataError {
      archive.file.failure(
        member.range.lowerBound,
        "in \(JSONText.quoted(member.name)), byte \(place) when unpacked: \(reason)")
    }
    let reader = try ZipReader(archive, member)
    // Nothing is allocated before the two sizes, the list's and the header's, agree.
    func take(_ count: Int) throws(DataError) -> [UInt8] {
      var bytes = [UInt8](repeating: 0, count: count)
      try bytes.withMutableBytes { (bytes) throws(DataError) in try reader.fill(bytes) }
      return bytes
    }
    var prefix = try take(min(10, member.size))
    if prefix.count == 10, prefix[6] != 1 { prefix += try take(min(2, member.size - 10)) }
    let range = try prefix.withBytes { (bytes) throws(DataError) in
      try NpyHeader.textRange(bytes, failure)
    }
    let header = try take(range.count).withBytes { (bytes) throws(DataError) in
      try NpyHeader(bytes, at: range.lowerBound, failure)
    }
    let size = try header.byteCount(of: member.size, failure)
    let tensor: Tensor
    if header.elements.isRowMajor {
      tensor = try header.elements.tensor {
        failure(range.lowerBound, $0)
      } write: {
        (target) throws(DataError) in
        try reader.fill(target)
      }
    } else {
      tensor = try take(size).withBytes { (bytes) throws(DataError) in
        try header.elements.tensor(from: bytes) { failure(range.lowerBound, $0) }
      }
    }
    try reader.finish()
    return tensor
  }
}
