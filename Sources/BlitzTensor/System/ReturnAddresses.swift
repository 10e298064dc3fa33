/// Return addresses as a `Backtrace` of the `Runtime` module decodes itself.
///
/// That module looks addresses up in the line tables, but takes none that it did not find itself
/// in any other way. Its format is `docs/CompactBacktraceFormat.md` of Swift's sources.
struct ReturnAddresses: Decoder {
  private let values: [String: String]

  init(_ addresses: [UInt]) {
    // Version 0, words of 64 bits; for each frame "return address, absolute, 8 bytes"; the end.
    var bytes: [UInt8] = [0b10]
    for address in addresses {
      bytes.append(0b0010_1111)
      withUnsafeBytes(of: UInt64(address).bigEndian) { bytes += $0 }
    }
    bytes.append(0)
    values = ["architecture": Self.architecture, "backtrace": Self.base64(bytes)]
  }

  private static var architecture: String {
    #if arch(x86_64)
      "x86_64"
    #else
      "arm64"
    #endif
  }

  /// Six bits a letter, without padding at the end.
  private static func base64(_ bytes: [UInt8]) -> String {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    var (bits, count) = (0, 0)
    for byte in bytes {
      (bits, count) = (bits << 8 | Int(byte), count + 8)
      while count >= 6 {
        count -= 6
        text.append(letters[bits >> count])
        bits &= 1 << count - 1
      }
    }
    if count > 0 { text.append(letters[bits << (6 - count)]) }
    return String(decoding: text, as: UTF8.self)
  }

  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
    KeyedDecodingContainer(Strings<Key>(values: values))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw OnlyStrings() }
  func singleValueContainer() throws -> any SingleValueDecodingContainer { throw OnlyStrings() }
}

/// What is asked for is no string under a key, so the format has changed: no place is known then.
private struct OnlyStrings: Error {}

/// Strings under keys.
private struct Strings<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let values: [String: String]

  var codingPath: [any CodingKey] { [] }
  var allKeys: [Key] { values.keys.compactMap { Key(stringValue: $0) } }
  func contains(_ key: Key) -> Bool { values[key.stringValue] != nil }
  func decodeNil(forKey key: Key) -> Bool { !contains(key) }

  func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
    guard let value = values[key.stringValue] as? T else { throw OnlyStrings() }
    return value
  }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Nested> { throw OnlyStrings() }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    throw OnlyStrings()
  }

  func superDecoder() throws -> any Decoder { throw OnlyStrings() }
  func superDecoder(forKey key: Key) throws -> any Decoder { throw OnlyStrings() }
}
