/// Writes the bytes of a protocol buffers message, field by field.
///
/// A field is its number and wire type as one varint, then its value
/// (https://protobuf.dev/programming-guides/encoding).
struct ProtobufMessage {
  private(set) var bytes: [UInt8] = []

  /// A whole number, seven bits a byte from the lowest; negative ones take ten bytes.
  @inline(never)
  mutating func append(_ field: Int, _ value: Int) {
    appendVarint(UInt64(field) << 3)
    appendVarint(UInt64(bitPattern: Int64(value)))
  }

  /// A number of 64 bits.
  @inline(never)
  mutating func append(_ field: Int, _ value: Double) {
    appendVarint(UInt64(field) << 3 | 1)
    appendLittleEndian(value.bitPattern)
  }

  /// A number of 32 bits.
  @inline(never)
  mutating func append(_ field: Int, _ value: Float) {
    appendVarint(UInt64(field) << 3 | 5)
    appendLittleEndian(value.bitPattern)
  }

  /// Bytes, or a text's, with their count before them.
  @inline(never)
  mutating func append(_ field: Int, _ value: some Collection<UInt8>) {
    appendVarint(UInt64(field) << 3 | 2)
    appendVarint(UInt64(value.count))
    bytes += value
  }

  /// A message inside this one.
  @inline(never)
  mutating func append(_ field: Int, _ write: (inout ProtobufMessage) -> Void) {
    var message = ProtobufMessage()
    write(&message)
    append(field, message.bytes)
  }

  @inline(never)
  private mutating func appendVarint(_ value: UInt64) {
    var rest = value
    while rest > 127 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 128)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  private mutating func appendLittleEndian(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
  }
}
