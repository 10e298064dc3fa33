import Testing

@testable import BlitzProcesses

@Suite("messages between processes")
struct MessageTests {
  @Test(
    "a message of any size is read as it was written",
    arguments: [
      Message.hello(version: 1, role: .requests, process: 0, processCount: 1, token: ""),
      .hello(
        version: 255, role: .heartbeat, process: 1 << 31, processCount: 1 << 32 - 1, token: "t"),
      .put(key: "", value: []), .put(key: "key", value: [0]),
      .put(
        key: String(repeating: "k", count: Message.keyLimit),
        value: .init(repeating: 7, count: 1 << 16)),
      .get(key: "a/b", milliseconds: 0), .get(key: "\u{e9}", milliseconds: 1 << 32 - 1),
      .tryGet(key: "a"), .barrier(key: "b", milliseconds: 60_000), .heartbeat, .goodbye, .ok,
      .value([]), .value([1, 2, 3]), .missing, .timedOut("late"), .lost(""), .refused("no"),
    ])
  func roundTrip(message: Message) throws {
    let frame = message.frame
    #expect(frame.prefix(4).reduce(0) { $0 << 8 | Int($1) } == frame.count - 4)
    #expect(try Message(frame.dropFirst(4)) == message)
  }

  @Test("numbers that a frame cannot hold become the largest that it can")
  func clamped() throws {
    let message = Message.get(key: "a", milliseconds: .max)
    #expect(try Message(message.frame.dropFirst(4)) == .get(key: "a", milliseconds: 0xffff_ffff))
  }

  @Test(
    "bytes that are no message say what is wrong with them",
    arguments: [
      ([], "a message ends 1 bytes too early"),
      ([99], "there is no message of kind 99"),
      ([1, 1], "a message ends 1 bytes too early"),
      ([1, 1, 2, 0, 0, 0, 0, 0, 0, 0, 1], "a connection's role is 0 or 1, not 2"),
      ([1, 1, 0, 0, 0], "a message ends 2 bytes too early"),
      ([2, 0, 3, 107], "a message ends 2 bytes too early"),
      ([3, 0, 0], "a message ends 2 bytes too early"),
      ([4, 0x10, 0x01], "a key has 4097 bytes; it may have 4096 at most"),
      ([4, 0, 1, 107, 0], "a message has 1 bytes too many"),
      ([6, 0], "a message has 1 bytes too many"), ([128, 1, 2], "a message has 2 bytes too many"),
    ] as [([UInt8], String)])
  func malformed(bytes: [UInt8], text: String) {
    #expect(failure { _ = try Message(bytes) } == ProcessError(.malformed, text))
  }

  @Test("every beginning of a message is an error or a message, and ends nothing")
  func beginnings() {
    let whole = Message.hello(
      version: 1, role: .heartbeat, process: 3, processCount: 4, token: Meeting.token)
    for message in [whole, .put(key: "key", value: [1, 2]), .barrier(key: "b", milliseconds: 9)] {
      let body = message.frame.dropFirst(4)
      for count in 0..<body.count {
        let error = failure { _ = try Message(body.prefix(count)) }
        #expect(error == nil || error?.kind == .malformed)
      }
    }
  }

  @Test(
    "an address is read, or named with how one is written",
    arguments: [
      ("10.0.0.1:7070", Endpoint(host: "10.0.0.1", port: 7070)),
      ("node1:0", Endpoint(host: "node1", port: 0)),
      ("[fe80::1]:65535", Endpoint(host: "fe80::1", port: 65535)),
      ("", nil), ("here", nil), (":70", nil), ("a:", nil), ("a:65536", nil), ("a:-1", nil),
    ] as [(String, Endpoint?)])
  func addresses(text: String, endpoint: Endpoint?) throws {
    guard let endpoint else {
      #expect(
        failure { _ = try Endpoint(text) }
          == ProcessError(
            .unreachable,
            "\"\(text)\" is not an address with a port; write one as 10.0.0.1:7070"))
      return
    }
    #expect(try Endpoint(text) == endpoint)
    #expect("\(endpoint)" == text)
  }
}
