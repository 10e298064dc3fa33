import Foundation
import Synchronization
import Testing

@testable import BlitzProcesses

@Suite("a rendezvous over loopback", .timeLimit(.minutes(10)))
struct RendezvousTests {
  @Test("values of any size are there for the others", arguments: [0, 1, 4096, 1_000_003])
  func values(size: Int) throws {
    let meeting = try Meeting(2)
    defer { meeting.close() }
    let value = (0..<size).map { UInt8($0 % 251) }
    try forEachProcess(2) { process in
      let rendezvous = try meeting.join(process)
      if process == 0 {
        #expect(try rendezvous.tryGet("other") == nil)
        try rendezvous.put("key", value)
      } else {
        // Whether it is there already or not.
        #expect(try rendezvous.get("key", timeout: .seconds(60)) == value)
        #expect(try rendezvous.tryGet("key") == value)
      }
      try rendezvous.barrier("end", timeout: .seconds(60))
      rendezvous.close()
    }
    #expect(waitUntil { meeting.goodbyes == 2 })
  }

  @Test("a wait that is too long is an error, and the connection is still good")
  func tooLong() throws {
    let meeting = try Meeting(2)
    defer { meeting.close() }
    let rendezvous = try meeting.join(0)
    #expect(
      failure { _ = try rendezvous.get("key", timeout: .milliseconds(20)) }
        == ProcessError(.timedOut, "no process has put key there"))
    #expect(
      failure { try rendezvous.barrier("b", timeout: .milliseconds(20)) }
        == ProcessError(.timedOut, "not all of 2 processes came to b"))
    try rendezvous.put("key", [1])
    #expect(try rendezvous.get("key", timeout: .zero) == [1])
  }

  @Test("refuses what the protocol cannot carry, before it is sent")
  func limits() throws {
    let meeting = try Meeting(1)
    defer { meeting.close() }
    let rendezvous = try meeting.join(0)
    let long = String(repeating: "k", count: Message.keyLimit + 1)
    let expected = ProcessError(
      .malformed,
      "a key of 4097 bytes with a value of 0; a key has 4096 at most, a value 16777216")
    #expect(failure { try rendezvous.put(long, []) } == expected)
    #expect(failure { _ = try rendezvous.tryGet(long) } == expected)
    #expect(failure { _ = try rendezvous.get(long, timeout: .zero) } == expected)
    #expect(failure { try rendezvous.barrier(long, timeout: .zero) } == expected)
    let large = [UInt8](repeating: 0, count: Message.valueLimit + 1)
    #expect(failure { try rendezvous.put("k", large) }?.kind == .malformed)
    try rendezvous.put(String(long.dropLast()), [2])
    #expect(meeting.value(String(long.dropLast())) == [2])
  }

  @Test("says who does not let it in, and who is no rendezvous")
  func strangers() throws {
    let meeting = try Meeting(1)
    defer { meeting.close() }
    let place = try meeting.place(0, token: "guess")
    #expect(
      failure { _ = try Rendezvous(place) { _ in } }
        == ProcessError(
          .refused, "the rendezvous at \(meeting.endpoint): the token is not this job's"))
    let rendezvous = try meeting.join(0)
    #expect(
      failure { _ = try rendezvous.tryGet("odd") }
        == ProcessError(
          .malformed, "the rendezvous at \(meeting.endpoint) answered another request"))

    var alone = try meeting.place(0)
    alone.rendezvous = nil
    #expect(
      failure { _ = try Rendezvous(alone) { _ in } }
        == ProcessError(.unreachable, "the job has no rendezvous; set BLITZ_RENDEZVOUS"))
    // A port that nobody listens at any more.
    let free = try #require(
      try Socket.listen(at: Endpoint(host: "127.0.0.1", port: 0)).localEndpoint)
    alone.rendezvous = free
    #expect(
      failure { _ = try Rendezvous(alone, timeout: .milliseconds(50)) { _ in } }
        == ProcessError(.unreachable, "the rendezvous at \(free): \(free): Connection refused"))
  }

  @Test("an answer that is none of Blitz's is named", arguments: [true, false])
  func otherServer(sendsMessage: Bool) throws {
    let port = try Socket.listen(at: Endpoint(host: "127.0.0.1", port: 0))
    let endpoint = try #require(port.localEndpoint)
    Thread.detachNewThread {
      guard let socket = try? port.accept(until: .now + .seconds(30)) else { return }
      _ = try? socket.receive(until: .now + .seconds(30))
      let bytes = sendsMessage ? Message.missing.frame : Array("HTTP/1.1 400\r\n".utf8)
      _ = try? bytes.withUnsafeBytes { try socket.sendSome($0) }
      // Until the other side has read it and closed.
      _ = try? socket.receive(until: .now + .seconds(30))
    }
    var place = try #require(
      try JobPlace(environment: ["BLITZ_PROCESS": "0", "BLITZ_PROCESSES": "1"]))
    place.rendezvous = endpoint
    let text =
      sendsMessage
      ? "is not a rendezvous of Blitz"
      // "HTTP" as a length.
      : "a message of 1213486160 bytes came; \(Message.frameLimit) are allowed"
    #expect(
      failure { _ = try Rendezvous(place) { _ in } }
        == ProcessError(.malformed, "the rendezvous at \(endpoint): \(text)"))
  }
}

@Suite("signs of life", .timeLimit(.minutes(10)))
struct HeartTests {
  @Test("a loss is told once, and ends what waits and what comes later")
  func loss() throws {
    let meeting = try Meeting(2)
    defer { meeting.close() }
    let told = Mutex<[String]>([])
    let rendezvous = try meeting.join(0) { text in told.withLock { $0.append(text) } }
    let waiting = Mutex<ProcessError?>(nil)
    let done = DispatchGroup()
    done.enter()
    Thread.detachNewThread {
      let error = failure { _ = try rendezvous.get("key", timeout: .seconds(60)) }
      waiting.withLock { $0 = error }
      done.leave()
    }
    usleep(20_000)
    #expect(rendezvous.loss == nil)
    meeting.lose("process 1 of 2 ended without a goodbye")
    done.wait()
    let expected = ProcessError(.lost, "process 1 of 2 ended without a goodbye")
    #expect(waiting.withLock { $0 } == expected)
    #expect(waitUntil { rendezvous.loss != nil })
    #expect(failure { try rendezvous.put("key", []) } == expected)
    #expect(told.withLock { $0 } == ["process 1 of 2 ended without a goodbye"])
  }

  @Test("a rendezvous that beats is kept, one that falls silent is given up")
  func silence() throws {
    let meeting = try Meeting(1, silence: 0.4)
    defer { meeting.close() }
    let told = Mutex<String?>(nil)
    let rendezvous = try meeting.join(0) { text in told.withLock { $0 = text } }
    // Longer than the silence that is allowed.
    usleep(900_000)
    #expect(rendezvous.loss == nil)
    meeting.mute()
    #expect(waitUntil { rendezvous.loss != nil })
    #expect(
      rendezvous.loss == "the rendezvous at \(meeting.endpoint) has been silent for 0.4 seconds")
    #expect(waitUntil { told.withLock { $0 } != nil })
  }

  @Test("a rendezvous that ends is a loss, a goodbye is none")
  func ends() throws {
    let meeting = try Meeting(2, silence: 1)
    let (stays, leaves) = (try meeting.join(0), try meeting.join(1))
    leaves.close()
    leaves.close()
    #expect(waitUntil { meeting.goodbyes == 1 })
    meeting.close()
    #expect(waitUntil { stays.loss != nil })
    #expect(
      stays.loss?.hasPrefix("the rendezvous at \(meeting.endpoint) is gone: the connection") == true
    )
    #expect(leaves.loss == nil)
    #expect(meeting.goodbyes == 1)
  }
}
