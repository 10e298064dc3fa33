extension Safetensors {
  /// Writes the file at `path`, whole or not at all: a reader finds the old file or the new one,
  /// also after a crash.
  ///
  /// - Throws: `DataError` if two arrays share a name, an array's bytes do not fit its dtype and
  ///   shape, or the file cannot be written.
  public func write(to path: String) throws(DataError) {
    try File.replace(path, with: pieces(path: path))
  }

  /// The bytes of the file; error messages call it `path`.
  ///
  /// - Throws: as `write(to:)`.
  public func encoded(path: String) throws(DataError) -> [UInt8] {
    try [UInt8](pieces(path: path).joined())
  }

  /// The header, then every array's bytes.
  private func pieces(path: String) throws(DataError) -> [ArraySlice<UInt8>] {
    for entry in entries {
      let size = SafetensorsEntry.byteCount(dtype: entry.dtype, shape: entry.shape)
      guard size == entry.bytes.count else {
        throw DataError(
          path: path,
          reason: "\(JSONText.quoted(entry.name)) has \(entry.bytes.count) bytes, but "
            + "\(entry.dtype.rawValue)\(entry.shape) takes \(size.map(String.init) ?? "no size")")
      }
    }
    let (header, order) = try Safetensors.header(of: entries, metadata: metadata, path: path)
    return [header[...]] + order.map { entries[$0].bytes }
  }

  /// The file's bytes before the first array, and the order in which the arrays follow, of
  /// entries whose sizes are right and whose bytes do not matter.
  static func header(
    of entries: [SafetensorsEntry], metadata: [String: String], path: String
  ) throws(DataError) -> (header: [UInt8], order: [Int]) {
    // The widest elements first keep every array aligned; in full this is the order of the
    // format's own library, so that equal arrays give equal files.
    let rank = Dictionary(
      uniqueKeysWithValues: SafetensorsDType.allCases.enumerated().map { ($1, -$0) })
    let order = entries.indices.sorted {
      (rank[entries[$0].dtype]!, ExactName(entries[$0].name))
        < (rank[entries[$1].dtype]!, ExactName(entries[$1].name))
    }
    var names: Set<ExactName> = []
    var header = "{"
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }.map { key, value in
        "\(JSONText.quoted(key)):\(JSONText.quoted(value))"
      }
      header += "\"__metadata__\":{\(pairs.joined(separator: ","))}"
    }
    var start = 0
    for entry in order.map({ entries[$0] }) {
      let name = JSONText.quoted(entry.name)
      guard entry.name != "__metadata__" else {
        throw DataError(path: path, reason: "no array may be called \(name), the header's own key")
      }
      guard names.insert(ExactName(entry.name)).inserted else {
        throw DataError(path: path, reason: "two arrays are called \(name)")
      }
      let size = SafetensorsEntry.byteCount(dtype: entry.dtype, shape: entry.shape) ?? 0
      if header.utf8.count > 1 { header += "," }
      header += "\(name):{\"dtype\":\"\(entry.dtype.rawValue)\","
      header += "\"shape\":[\(entry.shape.map(String.init).joined(separator: ","))],"
      header += "\"data_offsets\":[\(start),\(start + size)]}"
      start += size
    }
    header += "}"
    // Spaces up to a multiple of eight align the first array.
    var bytes = [UInt8](header.utf8)
    while bytes.count % 8 != 0 { bytes.append(UInt8(ascii: " ")) }
    guard bytes.count <= SafetensorsHeader.largestSize else {
      throw DataError(
        path: path,
        reason: "the names take \(bytes.count) bytes, the limit is "
          + "\(SafetensorsHeader.largestSize)")
    }
    let length = (0..<8).map { UInt8(truncatingIfNeeded: bytes.count >> (8 * $0)) }
    return (length + bytes, order)
  }
}
