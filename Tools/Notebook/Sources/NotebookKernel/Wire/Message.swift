import Foundation

/// A message of Jupyter's protocol, version 5.3.
package struct Message {
  /// Who asked, as the ROUTER socket tells.
  package var route: [[UInt8]] = []
  package var header: JSON
  /// The header as it arrived: what answers give back must be the same.
  package var headerBytes: [UInt8]
  package var parent: JSON = [:]
  package var content: JSON

  package var type: String { header["msg_type"].string ?? "" }

  private static let delimiter = Array("<IDS|MSG>".utf8)

  /// Reads the frames of a message; nil if they are none, or nobody who knows the key sent them.
  package init?(frames: [[UInt8]], key: [UInt8]) {
    guard let place = frames.firstIndex(of: Message.delimiter), frames.count >= place + 6 else {
      return nil
    }
    let parts = Array(frames[(place + 2)..<(place + 6)])
    if !key.isEmpty {
      let expected = Message.signature(parts, key: key)
      // Every byte is looked at, so that the time tells nothing.
      let given = frames[place + 1]
      guard given.count == expected.count,
        zip(given, expected).reduce(0, { $0 | ($1.0 ^ $1.1) }) == 0
      else { return nil }
    }
    guard let header = JSON(bytes: parts[0]), let content = JSON(bytes: parts[3]) else {
      return nil
    }
    route = Array(frames[..<place])
    self.header = header
    headerBytes = parts[0]
    parent = JSON(bytes: parts[1]) ?? [:]
    self.content = content
  }

  /// A new message.
  package init(_ type: String, _ content: JSON, session: String) {
    header = [
      "msg_id": .string(UUID().uuidString), "session": .string(session), "username": "kernel",
      "date": .string(
        Date.now.ISO8601Format(.iso8601(timeZone: .gmt, includingFractionalSeconds: true))),
      "msg_type": .string(type), "version": "5.3",
    ]
    headerBytes = header.bytes
    self.content = content
  }

  /// The frames to send, as the answer to a message with the given header.
  package func frames(parent: [UInt8]?, key: [UInt8]) -> [[UInt8]] {
    let parts = [headerBytes, parent ?? Array("{}".utf8), Array("{}".utf8), content.bytes]
    let signature = key.isEmpty ? [] : Message.signature(parts, key: key)
    return route + [Message.delimiter, signature] + parts
  }

  private static func signature(_ parts: [[UInt8]], key: [UInt8]) -> [UInt8] {
    let code = SHA256.authentication(of: Array(parts.joined()), key: key)
    let digits = Array("0123456789abcdef".utf8)
    return code.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
  }
}
