/// Writes the fields of a protobuf message.
struct WireWriter {
  private(set) var bytes: [UInt8] = []

  @inline(never)
  private mutating func varint(_ value: Int) {
    var rest = UInt64(bitPattern: Int64(value))
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7f) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  /// A whole number.
  @inline(never)
  mutating func int(_ field: Int, _ value: Int) {
    varint(field << 3)
    varint(value)
  }

  /// A number of four bytes.
  @inline(never)
  mutating func float(_ field: Int, _ value: Float) {
    varint(field << 3 | 5)
    for shift in stride(from: 0, to: 32, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> shift))
    }
  }

  /// Bytes, with their number in front.
  @inline(never)
  mutating func bytes(_ field: Int, _ value: some Collection<UInt8>) {
    varint(field << 3 | 2)
    varint(value.count)
    bytes += value
  }

  /// A text.
  @inline(never)
  mutating func text(_ field: Int, _ value: String) { bytes(field, Array(value.utf8)) }

  /// A message in this one.
  mutating func message(_ field: Int, _ write: (inout WireWriter) throws -> Void) rethrows {
    var inner = WireWriter()
    try write(&inner)
    bytes(field, inner.bytes)
  }

  /// Fields as they are in another message.
  mutating func copy(_ fields: UnsafeRawBufferPointer) { bytes += fields }
}
