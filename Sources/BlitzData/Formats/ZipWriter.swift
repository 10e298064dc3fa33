/// Writes a zip file member by member.
///
/// All members have the date 1980-01-01, so that equal members give equal files.
package struct ZipWriter {
  private let sink: FileSink
  private var position = 0
  private var list: [UInt8] = []
  private var count = 0

  /// The sizes and places from which on 64 bits are written; all ones mean them, so it is less
  /// only in tests.
  private let wideFrom: Int

  /// Starts an archive.
  package init(_ sink: FileSink, wideFrom: Int = 0xFFFF_FFFF) {
    self.sink = sink
    self.wideFrom = wideFrom
  }

  /// Appends a member.
  ///
  /// - Parameters:
  ///   - name: its name, at most 65,535 bytes.
  ///   - pieces: its bytes, one piece after another.
  ///   - isDeflated: whether to compress it.
  package mutating func add(
    _ name: String, _ pieces: [UnsafeRawBufferPointer], isDeflated: Bool
  ) throws(DataError) {
    let size = pieces.reduce(0) { $0 + $1.count }
    var checksum: UInt32 = 0
    for piece in pieces { checksum = Deflate.crc32(piece, after: checksum) }
    let packed = isDeflated ? Deflate.deflate(pieces, .raw) : nil
    let packedSize = packed?.count ?? size

    let isWide = size >= wideFrom || packedSize >= wideFrom
    let isFar = position >= wideFrom
    // What both the member's header and its entry in the list have.
    var common: [UInt8] = []
    common.append(little: UInt16(isWide || isFar ? 45 : 20))
    common.append(little: UInt16(1 << 11))  // names are UTF-8
    common.append(little: UInt16(isDeflated ? 8 : 0))
    common.append(little: UInt16(0))
    common.append(little: UInt16(0x21))
    common.append(little: checksum)
    common.append(little: isWide ? 0xFFFF_FFFF : UInt32(packedSize))
    common.append(little: isWide ? 0xFFFF_FFFF : UInt32(size))
    common.append(little: UInt16(name.utf8.count))

    let sizes = isWide ? [size, packedSize] : []
    let field = ZipWriter.wideField(sizes)
    var header = [0x50, 0x4B, 3, 4] + common
    header.append(little: UInt16(field.count))
    header += Array(name.utf8) + field

    let fullField = ZipWriter.wideField(sizes + (isFar ? [position] : []))
    list += [0x50, 0x4B, 1, 2, 45, 0] + common
    list.append(little: UInt16(fullField.count))
    list += [UInt8](repeating: 0, count: 10)  // comment, disk and attributes
    list.append(little: isFar ? 0xFFFF_FFFF : UInt32(position))
    list += Array(name.utf8) + fullField
    count += 1

    try header.withBytes { (bytes) throws(DataError) in try write(bytes) }
    if let packed {
      try packed.withBytes { (bytes) throws(DataError) in try write(bytes) }
    } else {
      for piece in pieces { try write(piece) }
    }
  }

  /// Writes the list of members, which ends the archive.
  package mutating func finish() throws(DataError) {
    let start = position
    var end = list
    let isWide = start >= wideFrom || list.count >= wideFrom || count >= 0xFFFF
    if isWide {
      let record = start + list.count
      end += [0x50, 0x4B, 6, 6]
      end.append(little: UInt64(44))
      end.append(little: UInt16(45))
      end.append(little: UInt16(45))
      end.append(little: UInt64(0))
      for number in [count, count, list.count, start] { end.append(little: UInt64(number)) }
      end += [0x50, 0x4B, 6, 7, 0, 0, 0, 0]
      end.append(little: UInt64(record))
      end.append(little: UInt32(1))
    }
    end += [0x50, 0x4B, 5, 6, 0, 0, 0, 0]
    end.append(little: isWide ? 0xFFFF : UInt16(count))
    end.append(little: isWide ? 0xFFFF : UInt16(count))
    end.append(little: isWide ? 0xFFFF_FFFF : UInt32(list.count))
    end.append(little: isWide ? 0xFFFF_FFFF : UInt32(start))
    end += [0, 0]
    try end.withBytes { (bytes) throws(DataError) in try write(bytes) }
  }

  /// The extra field with 64-bit numbers; nothing if there are none.
  private static func wideField(_ numbers: [Int]) -> [UInt8] {
    guard !numbers.isEmpty else { return [] }
    var field: [UInt8] = [1, 0]
    field.append(little: UInt16(8 * numbers.count))
    for number in numbers { field.append(little: UInt64(number)) }
    return field
  }

  private mutating func write(_ bytes: UnsafeRawBufferPointer) throws(DataError) {
    try sink.write(bytes)
    position += bytes.count
  }
}

extension [UInt8] {
  /// Appends a number, its lowest byte first.
  fileprivate mutating func append(little number: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
  }
}
