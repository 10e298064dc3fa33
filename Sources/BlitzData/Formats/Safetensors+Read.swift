extension Safetensors {
  /// Reads the file at `path`.
  ///
  /// - Throws: `DataError` if it cannot be read or breaks a rule of the format, naming the byte, or
  ///   if an array has a dtype that is not in ``SafetensorsDType``.
  public init(path: String) throws(DataError) {
    try self.init(bytes: File.read(path), path: path)
  }

  /// Reads a file that is already in memory; error messages call it `path`.
  ///
  /// - Throws: as `init(path:)`.
  public init(bytes: [UInt8], path: String) throws(DataError) {
    let layout = try bytes.withBytes { (bytes) throws(DataError) in
      try SafetensorsLayout(bytes, path: path)
    }
    metadata = layout.metadata
    entries = try layout.fields.map { (field) throws(DataError) in
      guard let dtype = field.dtype else {
        throw DataError(
          path: path,
          reason:
            "byte \(field.place): \(JSONText.quoted(field.name)) is \(field.dtypeName), which "
            + "is none of " + SafetensorsDType.allCases.map(\.rawValue).joined(separator: " ")
            + "; SafetensorsFile reads the others")
      }
      return SafetensorsEntry(
        name: field.name, dtype: dtype, shape: field.shape,
        bytes: bytes[layout.start + field.start..<layout.start + field.end])
    }
  }
}

/// What a file's header says, checked against itself and against the file's size.
struct SafetensorsLayout {
  /// The arrays, in the order of their bytes.
  let fields: [SafetensorsHeader.Field]
  /// Text about the file.
  let metadata: [String: String]
  /// Where the first array starts in the file.
  let start: Int

  /// Reads the header at the start of a whole file.
  ///
  /// - Throws: `DataError` that names the byte where the file breaks a rule.
  init(_ bytes: UnsafeRawBufferPointer, path: String) throws(DataError) {
    guard bytes.count >= 8 else {
      throw DataError(
        path: path,
        reason: "byte \(bytes.count): the file ends; eight bytes of header length are needed")
    }
    let length = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
    guard length <= SafetensorsHeader.largestSize else {
      throw DataError(
        path: path,
        reason: "byte 0: the header's length is \(length), the limit is "
          + "\(SafetensorsHeader.largestSize); is this a safetensors file?")
    }
    start = 8 + Int(length)
    guard start <= bytes.count else {
      throw DataError(
        path: path,
        reason: "byte \(bytes.count): the file ends inside its header, which has \(length) bytes")
    }
    // The slice keeps the file's places, which errors name.
    var header = SafetensorsHeader(bytes: [UInt8](bytes[..<start])[8...], path: path)
    try header.parse()
    metadata = header.metadata
    fields = try SafetensorsLayout.checked(
      header.fields, from: start, to: bytes.count, path: path)
  }

  /// The arrays in order, which must cover the bytes after the header exactly.
  private static func checked(
    _ fields: [SafetensorsHeader.Field], from start: Int, to fileSize: Int, path: String
  ) throws(DataError) -> [SafetensorsHeader.Field] {
    let size = fileSize - start
    let fields = fields.sorted { ($0.start, $0.end) < ($1.start, $1.end) }
    var end = 0
    for field in fields {
      let name = JSONText.quoted(field.name)
      func failure(_ byte: Int, _ reason: String) -> DataError {
        DataError(path: path, reason: "byte \(byte): \(reason)")
      }
      guard field.start <= field.end else {
        throw failure(field.place, "\(name) ends at \(field.end), before its start \(field.start)")
      }
      guard field.start == end else {
        throw failure(
          field.place,
          "\(name) starts at \(field.start), but the array before it ends at \(end): "
            + (field.start < end ? "they overlap" : "bytes between them belong to none"))
      }
      guard field.end <= size else {
        throw failure(
          fileSize, "the file ends, but \(name) needs \(field.end - size) bytes more")
      }
      end = field.end
      guard let dtype = field.dtype else { continue }
      let needed = SafetensorsEntry.byteCount(dtype: dtype, shape: field.shape)
      guard needed == field.end - field.start else {
        throw failure(
          field.place,
          "\(name) has \(field.end - field.start) bytes, but \(dtype.rawValue)\(field.shape) "
            + "takes \(needed.map(String.init) ?? "more than memory can have")")
      }
    }
    guard end == size else {
      throw DataError(
        path: path,
        reason: "byte \(start + end): the last array ends here, but the file has "
          + "\(size - end) bytes more")
    }
    return fields
  }
}
