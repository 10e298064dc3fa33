@testable import BlitzData

/// Zip files with any lie in them.
enum ZipFixture {
  /// A zip file of members that are stored.
  static func zip(_ members: [(name: String, bytes: [UInt8])]) -> [UInt8] {
    var bytes: [UInt8] = []
    var list: [UInt8] = []
    for (name, data) in members {
      let place = bytes.count
      let common =
        [20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0] + little(data.withUnsafeBytes { Deflate.crc32($0) })
        + little(UInt32(data.count)) + little(UInt32(data.count))
        + little(UInt16(name.utf8.count)) + [0, 0]
      bytes += [0x50, 0x4B, 3, 4] + common + Array(name.utf8) + data
      list += [0x50, 0x4B, 1, 2, 20, 0] + common + [UInt8](repeating: 0, count: 10)
      list += little(UInt32(place)) + Array(name.utf8)
    }
    let start = bytes.count
    bytes += list + [0x50, 0x4B, 5, 6, 0, 0, 0, 0]
    bytes += little(UInt16(members.count)) + little(UInt16(members.count))
    return bytes + little(UInt32(list.count)) + little(UInt32(start)) + [0, 0]
  }

  static func little(_ number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian) { Array($0) }
  }
}
