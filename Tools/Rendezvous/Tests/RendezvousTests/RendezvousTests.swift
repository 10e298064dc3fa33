import BlitzProcesses
import Foundation
import RendezvousServer
import Synchronization
import Testing

/// A server of this test's own.
private final class Meeting: Sendable {
  static let token = "0123456789abcdef"
  let server: Server
  let count: Int
  let silence: Double

  init(_ count: Int, silence: Double = 20) throws {
    self.count = count
    self.silence = silence
    server = try Server(
      Endpoint(host: "127.0.0.1", port: 0), processCount: count, token: Meeting.token,
      silence: silence)
  }

  deinit { try? server.shutDown() }

  func place(_ process: Int, token: String = Meeting.token) throws -> JobPlace {
    try #require(
      try JobPlace(environment: [
        "BLITZ_PROCESS": "\(process)", "BLITZ_PROCESSES": "\(count)", "BLITZ_TOKEN": token,
        "BLITZ_RENDEZVOUS": "\(server.endpoint)", "BLITZ_SILENCE": "\(silence)",
      ]))
  }

  func join(
    _ process: Int, onLoss: @escaping @Sendable (String) -> Void = { _ in }
  ) throws -> Rendezvous { try Rendezvous(place(process), onLoss: onLoss) }
}

/// The error that a call throws, if it throws one.
private func failure(_ body: () throws -> Void) -> ProcessError? {
  do {
    try body()
    return nil
  } catch { return error as? ProcessError }
}

/// Runs something on a thread of its own for each process, and waits for all.
private func forEachProcess(_ count: Int, _ body: @escaping @Sendable (Int) throws -> Void) throws {
  let errors = Mutex<[any Error]>([])
  let done = DispatchGroup()
  // Dispatch would run as many at once as there are cores, and the processes wait for each other.
  for process in 0..<count {
    done.enter()
    Thread.detachNewThread {
      do { try body(process) } catch { errors.withLock { $0.append(error) } }
      done.leave()
    }
  }
  done.wait()
  if let first = errors.withLock({ $0.first }) { throw first }
}

@Suite("rendezvous", .serialized, .timeLimit(.minutes(2)))
struct RendezvousTests {
  @Test(
    "a message is read as it was written",
    arguments: [
      Message.hello(version: 1, role: .heartbeat, process: 9999, processCount: 10_000, token: "t"),
      .put(key: "key", value: [0, 255]), .put(key: "", value: []),
      .get(key: "a/b", milliseconds: 60_000), .tryGet(key: "\u{e9}"),
      .barrier(key: "b", milliseconds: 0), .heartbeat, .goodbye, .ok, .value([1, 2, 3]), .missing,
      .timedOut("late"), .lost("gone"), .refused("no"),
    ])
  func messages(message: Message) throws {
    let frame = message.frame
    #expect(frame.prefix(4).reduce(0) { $0 << 8 | Int($1) } == frame.count - 4)
    #expect(try Message(frame.dropFirst(4)) == message)
  }

  @Test("a value is there for the others, also for those who asked before it came")
  func values() throws {
    let meeting = try Meeting(2)
    let (a, b) = (try meeting.join(0), try meeting.join(1))
    #expect(try b.tryGet("key") == nil)
    let waited = Mutex<[UInt8]?>(nil)
    let thread = DispatchWorkItem {
      let value = try? b.get("key", timeout: .seconds(60))
      waited.withLock { $0 = value }
    }
    DispatchQueue.global().async(execute: thread)
    usleep(50_000)
    let value = (0..<100_000).map { UInt8($0 % 251) }
    try a.put("key", value)
    thread.wait()
    #expect(waited.withLock { $0 } == value)
    #expect(try b.tryGet("key") == value)
    try b.put("key", [])
    #expect(try a.get("key", timeout: .zero) == [])
    #expect(
      failure { _ = try a.get("other", timeout: .milliseconds(50)) }
        == ProcessError(.timedOut, "no process has put other there within 0.05 s"))
    // The connection is still good.
    #expect(try a.tryGet("key") == [])
  }

  @Test("a barrier opens when all have come, again and again")
  func barriers() throws {
    let meeting = try Meeting(4)
    let count = Atomic(0)
    try forEachProcess(4) { process in
      let rendezvous = try meeting.join(process)
      for round in 1...5 {
        count.add(1, ordering: .sequentiallyConsistent)
        try rendezvous.barrier("round", timeout: .seconds(60))
        #expect(count.load(ordering: .sequentiallyConsistent) >= 4 * round)
        try rendezvous.barrier("read", timeout: .seconds(60))
      }
    }
    let alone = try Meeting(2)
    let first = try alone.join(0)
    #expect(
      failure { try first.barrier("b", timeout: .milliseconds(50)) }
        == ProcessError(.timedOut, "not all of 2 processes came to b"))
  }

  @Test("a process that ends without a goodbye is told to the others at once")
  func death() throws {
    let meeting = try Meeting(3, silence: 100)
    let told = Mutex<[String]>([])
    let a = try meeting.join(0) { text in told.withLock { $0.append(text) } }
    let c = try meeting.join(2)
    c.close()
    let dies = Stranger(meeting.server.endpoint)
    dies.send(
      .hello(
        version: Message.version, role: .heartbeat, process: 1, processCount: 3,
        token: Meeting.token))
    #expect(dies.answer() == .ok)
    usleep(100_000)
    // A goodbye is no loss.
    #expect(a.loss == nil)
    dies.close()
    let start = ContinuousClock.now
    let error = failure { _ = try a.get("key", timeout: .seconds(100)) }
    #expect(error == ProcessError(.lost, "process 1 of 3 ended without a goodbye"))
    // By its end, not by the time for which it is silent.
    #expect(ContinuousClock.now - start < .seconds(50))
    while told.withLock({ $0.isEmpty }), ContinuousClock.now - start < .seconds(100) {
      usleep(10_000)
    }
    #expect(told.withLock { $0 } == ["process 1 of 3 ended without a goodbye"])
    #expect(failure { try a.put("key", []) }?.kind == .lost)
  }

  @Test("a process that is silent is given up, one that beats is not")
  func silence() throws {
    let meeting = try Meeting(2, silence: 3)
    let a = try meeting.join(0)
    let silent = Stranger(meeting.server.endpoint)
    silent.send(
      .hello(
        version: Message.version, role: .heartbeat, process: 1, processCount: 2,
        token: Meeting.token))
    #expect(silent.answer() == .ok)
    #expect(
      failure { _ = try a.get("key", timeout: .seconds(60)) }
        == ProcessError(.lost, "process 1 of 2 has not been heard of for 3 s"))
  }

  @Test("the end of the server is the end of the job")
  func server() throws {
    let told = Mutex<String?>(nil)
    let meeting = try Meeting(1, silence: 1)
    let a = try meeting.join(0) { text in told.withLock { $0 = text } }
    try meeting.server.shutDown()
    let start = ContinuousClock.now
    while a.loss == nil, ContinuousClock.now - start < .seconds(100) { usleep(10_000) }
    #expect(a.loss?.hasPrefix("the rendezvous at \(meeting.server.endpoint) is gone: ") == true)
  }

  @Test(
    "strangers are turned away with a message",
    arguments: [
      (
        Message.hello(version: 1, role: .requests, process: 0, processCount: 2, token: "guess"),
        "the token is not this job's; set BLITZ_TOKEN to the one of its rendezvous"
      ),
      (
        .hello(version: 9, role: .requests, process: 0, processCount: 2, token: Meeting.token),
        "version 9 of the protocol; this rendezvous has 1: use the same release of Blitz everywhere"
      ),
      (
        .hello(version: 1, role: .requests, process: 2, processCount: 2, token: Meeting.token),
        "process 2 of 2; this job has 2, from 0 on"
      ),
      (
        .hello(version: 1, role: .heartbeat, process: 0, processCount: 2, token: Meeting.token),
        "process 0 has joined already; each has a number of its own"
      ),
      (.put(key: "key", value: [1]), "a connection begins with hello"),
    ])
  func strangers(hello: Message, text: String) throws {
    let meeting = try Meeting(2)
    let member = try meeting.join(0)
    let stranger = Stranger(meeting.server.endpoint)
    stranger.send(hello)
    #expect(stranger.answer() == .refused(text))
    #expect(stranger.isClosed)
    try member.put("key", [2])
    #expect(try member.tryGet("key") == [2])
  }

  @Test("garbage closes its connection, with a message, and no other")
  func garbage() throws {
    let meeting = try Meeting(1)
    let member = try meeting.join(0)
    let hello = Message.hello(
      version: 1, role: .requests, process: 0, processCount: 1, token: Meeting.token)
    let cases: [(bytes: [UInt8], joins: Bool, text: String)] = [
      (Array("GET / HTTP/1.1\r\n\r\n".utf8), false, "a message of 1195725856 bytes; 1024"),
      ([0, 0, 0, 0], true, "a message ends 1 bytes too early"),
      ([0, 0, 0, 1, 99], true, "there is no message of kind 99"),
      ([0, 0, 0, 2, 6, 0], true, "a message has 1 bytes too many"),
      ([0, 0, 0, 4, 4, 0, 9, 65], true, "a message ends 8 bytes too early"),
      ([255, 255, 255, 255], true, "a message of 4294967295 bytes"),
      ([0, 0, 0, 3, 4, 255, 255], true, "a key has 65535 bytes; it may have 4096 at most"),
      (Message.ok.frame, true, "this is no request"),
    ]
    for (bytes, joins, text) in cases {
      let stranger = Stranger(meeting.server.endpoint)
      if joins {
        stranger.send(hello)
        #expect(stranger.answer() == .ok)
      }
      stranger.send(bytes)
      guard case .refused(let answer) = stranger.answer() else {
        Issue.record("\(bytes) is not refused")
        continue
      }
      #expect(answer.contains(text))
      #expect(stranger.isClosed)
      #expect(try member.tryGet("key") == nil)
    }
    #expect(
      failure { try member.put(String(repeating: "k", count: 5000), []) }?.kind == .malformed)
  }

  @Test("a ring adds up, with any number of processes and numbers", arguments: [2, 3, 5])
  func ring(count: Int) throws {
    let meeting = try Meeting(count)
    try forEachProcess(count) { process in
      let rendezvous = try meeting.join(process)
      let ring = try Ring(rendezvous)
      // Longer than what the system keeps for a connection, too.
      for size in [0, 1, 2, 7, 1_000_003] {
        var numbers = (0..<size).map { Float($0 % 1000 * (process + 1)) }
        try numbers.withUnsafeMutableBufferPointer { try ring.sum($0) }
        let factor = count * (count + 1) / 2
        let isRight = numbers.indices.allSatisfy { numbers[$0] == Float($0 % 1000 * factor) }
        #expect(isRight)
      }
      #expect(ring.total.count == 5)
      try rendezvous.barrier("end", timeout: .seconds(60))
      rendezvous.close()
    }
  }

  @Test("a ring breaks when a process dies, and names it")
  func brokenRing() throws {
    let meeting = try Meeting(2)
    let dying = Mutex<Stranger?>(nil)
    let a = try meeting.join(0)
    let stranger = Stranger(meeting.server.endpoint)
    stranger.send(
      .hello(version: 1, role: .heartbeat, process: 1, processCount: 2, token: Meeting.token))
    #expect(stranger.answer() == .ok)
    dying.withLock { $0 = stranger }
    DispatchQueue.global().asyncAfter(deadline: .now() + 0.3) {
      dying.withLock { $0 }?.close()
    }
    #expect(
      failure { _ = try Ring(a, timeout: .seconds(60)) }
        == ProcessError(.lost, "process 1 of 2 ended without a goodbye"))
  }
}

/// Somebody who says to the server whatever he wants.
private final class Stranger: Sendable {
  private let descriptor: Int32

  init(_ endpoint: Endpoint) {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = endpoint.port.bigEndian
    address.sin_addr.s_addr = inet_addr(endpoint.host)
    var timeout = timeval(tv_sec: 15, tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    _ = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }

  func send(_ bytes: [UInt8]) {
    _ = Foundation.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
  }

  func send(_ message: Message) { send(message.frame) }

  private func read(_ count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    var read = 0
    while read < count {
      let more = bytes.withUnsafeMutableBytes {
        recv(descriptor, $0.baseAddress! + read, count - read, 0)
      }
      if more <= 0 { return nil }
      read += more
    }
    return bytes
  }

  func answer() -> Message? {
    guard let head = read(4) else { return nil }
    let count = head.reduce(0) { $0 << 8 | Int($1) }
    return read(count).flatMap { try? Message($0) }
  }

  /// Whether the server has closed the connection.
  var isClosed: Bool {
    var byte: UInt8 = 0
    return recv(descriptor, &byte, 1, 0) == 0
  }

  func close() { shutdown(descriptor, Int32(SHUT_RDWR)) }

  deinit { Foundation.close(descriptor) }
}
