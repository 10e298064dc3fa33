/// The checksum of RFC 3720 (iSCSI), which TensorBoard's files carry: Castagnoli's polynomial, bits
/// reflected.
enum CRC32C {
  /// The rest of each byte; the polynomial is 0x1EDC6F41, reflected.
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { rest, _ in rest & 1 == 1 ? rest >> 1 ^ 0x82F6_3B78 : rest >> 1 }
  }

  /// The checksum of bytes.
  static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(~0 as UInt32) { rest, byte in
      rest >> 8 ^ table[Int(UInt8(truncatingIfNeeded: rest) ^ byte)]
    }
  }

  /// The checksum as it stands in a file of records: rotated and shifted, since the checksum of
  /// data that ends in its own checksum is always the same.
  static func masked(_ bytes: some Sequence<UInt8>) -> UInt32 {
    let sum = checksum(bytes)
    return (sum >> 15 | sum << 17) &+ 0xA282_EAD8
  }
}
