import CNotebookHost
import Glibc

/// Messages between kernel and host: a length of four bytes, then fields, each a length of four
/// bytes and as many bytes.
enum Channel {
  /// Where the kernel's commands come from.
  static let commands: Int32 = 3

  /// Sends one message, after what was printed before; those of several threads do not mix.
  static func send(_ fields: [[UInt8]]) {
    var bytes: [UInt8] = []
    for field in fields { bytes += length(field.count) + field }
    bytes = length(bytes.count) + bytes
    channel_send(bytes, bytes.count)
  }

  static func send(_ fields: String...) { send(fields.map { Array($0.utf8) }) }

  private static func length(_ count: Int) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
  }

  /// Waits for the rest of a command that has begun to arrive; nil when the kernel is gone.
  static func receive() -> [String]? {
    guard let head = read(4) else { return nil }
    guard let body = read(size(head[...])) else { return nil }
    var fields: [String] = []
    var rest = body[...]
    while rest.count >= 4 {
      let count = size(rest.prefix(4))
      rest = rest.dropFirst(4)
      fields.append(String(decoding: rest.prefix(count), as: UTF8.self))
      rest = rest.dropFirst(count)
    }
    return fields
  }

  private static func size(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  private static func read(_ count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let got = bytes.withUnsafeMutableBytes {
        Glibc.read(commands, $0.baseAddress! + filled, count - filled)
      }
      if got < 0 && errno == EINTR { continue }
      if got <= 0 { return nil }
      filled += got
    }
    return bytes
  }
}
