extension Safetensors {
  /// Reads the file at `path`.
  ///
  /// - Throws: `DataError` if it cannot be read or breaks a rule of the format, naming the byte.
  public init(path: String) throws(DataError) {
    try self.init(bytes: File.read(path), path: path)
  }

  /// Reads a file that is already in memory; `path` is what errors call it.
  ///
  /// - Throws: as `init(path:)`.
  public init(bytes: [UInt8], path: String) throws(DataError) {
    guard bytes.count >= 8 else {
      throw DataError(
        path: path,
        reason: "byte \(bytes.count): the file ends; eight bytes of header length are needed")
    }
    let length = (0..<8).reduce(0 as UInt64) { $0 | UInt64(bytes[$1]) << UInt64(8 * $1) }
    guard length <= SafetensorsHeader.largestSize else {
      throw DataError(
        path: path,
        reason: "byte 0: the header's length is \(length), the limit is "
          + "\(SafetensorsHeader.largestSize); is this a safetensors file?")
    }
    let start = 8 + Int(length)
    guard start <= bytes.count else {
      throw DataError(
        path: path,
        reason: "byte \(bytes.count): the file ends inside its header, which has \(length) bytes")
    }
    var header = SafetensorsHeader(bytes: bytes[8..<start], path: path)
    try header.parse()
    metadata = header.metadata
    entries = try Safetensors.slices(header.fields, of: bytes, from: start, path: path)
  }

  /// Checks that the arrays cover the bytes after the header exactly, and cuts them out.
  private static func slices(
    _ fields: [SafetensorsHeader.Field], of bytes: [UInt8], from start: Int, path: String
  ) throws(DataError) -> [SafetensorsEntry] {
    let size = bytes.count - start
    var entries: [SafetensorsEntry] = []
    var end = 0
    for field in fields.sorted(by: { ($0.start, $0.end) < ($1.start, $1.end) }) {
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
          bytes.count, "the file ends, but \(name) needs \(field.end - size) bytes more")
      }
      let needed = SafetensorsEntry.byteCount(dtype: field.dtype, shape: field.shape)
      guard needed == field.end - field.start else {
        throw failure(
          field.place,
          "\(name) has \(field.end - field.start) bytes, but \(field.dtype.rawValue)\(field.shape) "
            + "takes \(needed.map(String.init) ?? "more than memory can have")")
      }
      entries.append(
        SafetensorsEntry(
          name: field.name, dtype: field.dtype, shape: field.shape,
          bytes: bytes[start + field.start..<start + field.end]))
      end = field.end
    }
    guard end == size else {
      throw DataError(
        path: path,
        reason: "byte \(start + end): the last array ends here, but the file has "
          + "\(size - end) bytes more")
    }
    return entries
  }
}
