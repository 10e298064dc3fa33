/// A message between a process of a job and the rendezvous.
///
/// On the wire a message is a frame: its length as 4 bytes, then as many bytes, the first of which
/// is the kind. Integers are unsigned with the highest byte first; a key is 2 bytes of length and
/// UTF-8; the last part of a frame fills it.
///
///     hello      1   version:1  role:1  process:4  processes:4  token
///     put        2   key  value
///     get        3   milliseconds:4  key        answered when a process has put it there
///     try get    4   key                        answered at once
///     barrier    5   milliseconds:4  key        answered when all processes ask for it
///     heartbeat  6
///     goodbye    7                              this process has done its part
///
///     ok         128
///     value      129 value
///     missing    130                            to `try get`
///     timed out  131 text
///     lost       132 text                       a process ended without a goodbye
///     refused    133 text                       and the connection is closed
///
/// A connection begins with `hello`, answered by `ok` or `refused`. A process has one connection
/// with the role `heartbeat`, on which it sends a sign of life every few seconds and is told when
/// another process is lost, and any number with the role `requests`, each with one request at a
/// time.
public enum Message: Sendable, Hashable {
  /// The role of a connection.
  public enum Role: UInt8, Sendable {
    /// Requests, one at a time.
    case requests = 0
    /// Signs of life, and news of lost processes.
    case heartbeat = 1
  }

  /// The first message of a connection: who the process is, and that it belongs to the job.
  case hello(version: UInt8, role: Role, process: Int, processCount: Int, token: String)
  /// Stores a value under a key for all processes.
  case put(key: String, value: [UInt8])
  /// Asks for a value; the answer comes when a process has stored it.
  case get(key: String, milliseconds: Int)
  /// Asks for a value; the answer comes at once.
  case tryGet(key: String)
  /// Waits until all processes have sent this.
  case barrier(key: String, milliseconds: Int)
  /// A sign of life.
  case heartbeat
  /// The process has done its part.
  case goodbye
  /// The request is done.
  case ok
  /// The value that was asked for.
  case value([UInt8])
  /// There is no such value.
  case missing
  /// The wait took too long; the text says for what.
  case timedOut(String)
  /// A process ended without a goodbye; the text says which.
  case lost(String)
  /// The connection is closed; the text says why.
  case refused(String)

  /// The version of the protocol.
  public static let version: UInt8 = 1
  /// The most bytes of a key.
  public static let keyLimit = 4096
  /// The most bytes of a value: the topology of 10,000 devices takes about 1 MB.
  public static let valueLimit = 16 << 20
  /// The most bytes of a frame after its length.
  public static let frameLimit = valueLimit + keyLimit + 16
  /// The most bytes of the first frame of a connection, which anybody may send.
  public static let helloLimit = 1024

  /// The frame, with its length in front.
  public var frame: [UInt8] {
    let body = body
    return bytes(of: UInt32(body.count)) + body
  }

  private var body: [UInt8] {
    switch self {
    case .hello(let version, let role, let process, let processCount, let token):
      return [1, version, role.rawValue] + bytes(of: UInt32(clamping: process))
        + bytes(of: UInt32(clamping: processCount)) + Array(token.utf8)
    case .put(let key, let value): return [2] + Message.field(key) + value
    case .get(let key, let milliseconds):
      return [3] + bytes(of: UInt32(clamping: milliseconds)) + Message.field(key)
    case .tryGet(let key): return [4] + Message.field(key)
    case .barrier(let key, let milliseconds):
      return [5] + bytes(of: UInt32(clamping: milliseconds)) + Message.field(key)
    case .heartbeat: return [6]
    case .goodbye: return [7]
    case .ok: return [128]
    case .value(let value): return [129] + value
    case .missing: return [130]
    case .timedOut(let text): return [131] + Array(text.utf8)
    case .lost(let text): return [132] + Array(text.utf8)
    case .refused(let text): return [133] + Array(text.utf8)
    }
  }

  private static func field(_ key: String) -> [UInt8] {
    let text = Array(key.utf8)
    return bytes(of: UInt16(clamping: text.count)) + text
  }

  /// Reads a frame, without its length.
  ///
  /// - Throws: `ProcessError` that says what is wrong with the bytes.
  public init(_ frame: some Collection<UInt8>) throws(ProcessError) {
    var reader = FrameReader(frame)
    let kind = try reader.number(UInt8.self)
    switch kind {
    case 1:
      let version = try reader.number(UInt8.self)
      let role = try reader.number(UInt8.self)
      guard let role = Role(rawValue: role) else {
        throw ProcessError(.malformed, "a connection's role is 0 or 1, not \(role)")
      }
      self = .hello(
        version: version, role: role, process: Int(try reader.number(UInt32.self)),
        processCount: Int(try reader.number(UInt32.self)), token: try reader.text())
    case 2: self = .put(key: try reader.key(), value: reader.rest())
    case 3:
      let milliseconds = Int(try reader.number(UInt32.self))
      self = .get(key: try reader.key(), milliseconds: milliseconds)
    case 4: self = .tryGet(key: try reader.key())
    case 5:
      let milliseconds = Int(try reader.number(UInt32.self))
      self = .barrier(key: try reader.key(), milliseconds: milliseconds)
    case 6: self = .heartbeat
    case 7: self = .goodbye
    case 128: self = .ok
    case 129: self = .value(reader.rest())
    case 130: self = .missing
    case 131: self = .timedOut(try reader.text())
    case 132: self = .lost(try reader.text())
    case 133: self = .refused(try reader.text())
    default: throw ProcessError(.malformed, "there is no message of kind \(kind)")
    }
    try reader.end()
  }
}

/// A number with its highest byte first.
private func bytes<Number: FixedWidthInteger>(of number: Number) -> [UInt8] {
  withUnsafeBytes(of: number.bigEndian) { Array($0) }
}

/// Reads a frame from front to back.
private struct FrameReader<Bytes: Collection<UInt8>> {
  private var bytes: Bytes.SubSequence

  init(_ bytes: Bytes) { self.bytes = bytes[...] }

  private mutating func take(_ count: Int) throws(ProcessError) -> Bytes.SubSequence {
    guard bytes.count >= count else {
      throw ProcessError(.malformed, "a message ends \(count - bytes.count) bytes too early")
    }
    defer { bytes = bytes.dropFirst(count) }
    return bytes.prefix(count)
  }

  mutating func number<Number: FixedWidthInteger>(
    _ type: Number.Type
  ) throws(ProcessError) -> Number {
    try take(MemoryLayout<Number>.size).reduce(0) { $0 << 8 | Number($1) }
  }

  mutating func key() throws(ProcessError) -> String {
    let count = Int(try number(UInt16.self))
    guard count <= Message.keyLimit else {
      throw ProcessError(
        .malformed, "a key has \(count) bytes; it may have \(Message.keyLimit) at most")
    }
    // Keys are compared only: bytes that are not UTF-8 need not be refused.
    return String(decoding: try take(count), as: UTF8.self)
  }

  mutating func rest() -> [UInt8] {
    defer { bytes = bytes.suffix(0) }
    return Array(bytes)
  }

  mutating func text() throws(ProcessError) -> String { String(decoding: rest(), as: UTF8.self) }

  func end() throws(ProcessError) {
    guard bytes.isEmpty else {
      throw ProcessError(.malformed, "a message has \(bytes.count) bytes too many")
    }
  }
}
