import BlitzData

/// One entry of a TensorBoard event file.
struct Event {
  /// What is told.
  enum Content {
    /// The first event of a file: how it is to be read.
    case fileVersion
    /// Training starts at this step: what another file has from there on no longer counts.
    case start
    /// Figures, pictures and texts.
    case summary([Value])
  }

  /// A figure, picture or text, and the name that TensorBoard shows it under.
  enum Value {
    case scalar(tag: String, Float)
    /// `png` is the file's bytes.
    case image(tag: String, width: Int, height: Int, channelCount: Int, png: [UInt8])
    /// Markdown.
    case text(tag: String, String)
  }

  /// Seconds since 1970.
  var wallTime: Double
  var step: Int
  var content: Content

  /// The event as a `tensorflow.Event` message; the numbers of the fields are those of
  /// TensorBoard's event.proto, summary.proto and tensor.proto.
  var bytes: [UInt8] {
    var event = ProtobufMessage()
    event.append(1, wallTime)
    // A number that is missing is 0.
    if step != 0 { event.append(2, step) }
    switch content {
    case .fileVersion: event.append(3, "brain.Event:2".utf8)
    case .start: event.append(7) { $0.append(1, 1) }
    case .summary(let values):
      event.append(5) { summary in
        for value in values { summary.append(1, value.write) }
      }
    }
    return event.bytes
  }

  /// The event as a record of a file: its length, the length's checksum, the event, and the
  /// event's checksum, all little-endian.
  var record: [UInt8] {
    let data = bytes
    let length = withUnsafeBytes(of: UInt64(data.count).littleEndian) { Array($0) }
    return length + Event.checksum(length) + data + Event.checksum(data)
  }

  private static func checksum(_ bytes: [UInt8]) -> [UInt8] {
    withUnsafeBytes(of: CRC32C.masked(bytes).littleEndian) { Array($0) }
  }
}

extension Event.Value {
  /// Writes the fields of a `tensorflow.Summary.Value`.
  fileprivate func write(_ message: inout ProtobufMessage) {
    switch self {
    case .scalar(let tag, let value):
      message.append(1, tag.utf8)
      message.append(2, value)
    case .image(let tag, let width, let height, let channelCount, let png):
      message.append(1, tag.utf8)
      message.append(4) { image in
        image.append(1, height)
        image.append(2, width)
        image.append(3, channelCount)
        image.append(4, png)
      }
    case .text(let tag, let text):
      message.append(1, "\(tag)/text_summary".utf8)
      message.append(8) { tensor in
        // Strings (7), and one of them.
        tensor.append(1, 7)
        tensor.append(2) { shape in shape.append(2) { size in size.append(1, 1) } }
        tensor.append(8, text.utf8)
      }
      // The metadata names the dashboard that shows it.
      message.append(9) { metadata in
        metadata.append(1) { plugin in plugin.append(1, "text".utf8) }
      }
    }
  }
}
