import Foundation
import Synchronization
import Testing

@testable import BlitzProcesses

@Suite("sums around a ring", .timeLimit(.minutes(10)))
struct RingTests {
  /// Runs each process of a job on a thread, with its ring.
  private func job(
    _ count: Int, _ body: @escaping @Sendable (Ring) throws -> Void
  ) throws {
    let meeting = try Meeting(count)
    defer { meeting.close() }
    try forEachProcess(count) { process in
      let rendezvous = try meeting.join(process)
      let ring = try Ring(rendezvous)
      #expect((ring.process, ring.processCount) == (process, count))
      try body(ring)
      try rendezvous.barrier("end", timeout: .seconds(60))
      rendezvous.close()
    }
  }

  @Test(
    "every process has the sums of any number of numbers",
    arguments: [2, 3, 5], [0, 1, 2, 3, 7, 1000, 100_003])
  func sums(count: Int, size: Int) throws {
    try job(count) { ring in
      // Twice on the same connections; whole numbers, whose sums are exact in any order.
      for round in 1...2 {
        var numbers = (0..<size).map { Float(($0 % 1000 + 1) * round * (ring.process + 1)) }
        try numbers.withUnsafeMutableBufferPointer { try ring.sum($0) }
        let factor = round * count * (count + 1) / 2
        #expect(numbers == (0..<size).map { Float(($0 % 1000 + 1) * factor) })
      }
      #expect((ring.total.count, ring.total.numbers) == (2, 2 * size))
    }
  }

  @Test("all get the same bits, and NaN and infinities go round", arguments: [2, 3])
  func bits(count: Int) throws {
    let found = Mutex<Set<[UInt32]>>([])
    try job(count) { ring in
      var numbers = (0..<100).map { Float($0 + 1) / Float(3 * ring.process + 7) }
      if ring.process == 1 { (numbers[3], numbers[50]) = (.nan, .infinity) }
      try numbers.withUnsafeMutableBufferPointer { try ring.sum($0) }
      #expect(numbers[3].isNaN && numbers[50] == .infinity)
      numbers[3] = 0
      let bits = numbers.map(\.bitPattern)
      found.withLock { _ = $0.insert(bits) }
    }
    #expect(found.withLock { $0.count } == 1)
  }

  @Test("a process sends 2 (n - 1) / n times the array", arguments: [2, 3, 4])
  func traffic(count: Int) throws {
    try job(count) { ring in
      var numbers = [Float](repeating: 1, count: 12_000)
      try numbers.withUnsafeMutableBufferPointer { try ring.sum($0) }
      #expect(ring.total.bytes == 2 * (count - 1) * 12_000 / count * 4)
    }
  }

  @Test("who leaves in the middle is named to the others", arguments: [true, false])
  func lostPeer(isTold: Bool) throws {
    let meeting = try Meeting(2)
    defer { meeting.close() }
    let text = "process 1 of 2 ended without a goodbye"
    try forEachProcess(2) { process in
      let rendezvous = try meeting.join(process)
      let ring = try Ring(rendezvous)
      guard process == 0 else {
        // Its connections close with it; the rendezvous may say so or not.
        if isTold { meeting.lose(text) }
        return
      }
      var numbers = [Float](repeating: 1, count: 1 << 20)
      let error = failure { try numbers.withUnsafeMutableBufferPointer { try ring.sum($0) } }
      #expect(error?.kind == .lost)
      let description = error?.description ?? ""
      #expect(
        isTold
          ? description == text : description.hasPrefix("process 1 is gone: the connection"),
        "\(description)")
    }
  }

  @Test("who does not come in time is waited for no longer")
  func nobody() throws {
    let meeting = try Meeting(2)
    defer { meeting.close() }
    let rendezvous = try meeting.join(0)
    #expect(
      failure { _ = try Ring(rendezvous, timeout: .milliseconds(50)) }
        == ProcessError(.timedOut, "no process has put ring/1 there"))
  }

  @Test("a stranger at a process's port is not taken for the one before")
  func stranger() throws {
    let meeting = try Meeting(2)
    defer { meeting.close() }
    try forEachProcess(2) { process in
      let rendezvous = try meeting.join(process)
      if process == 1 {
        // First in line at process 0's port, with another token.
        let address = try rendezvous.get("ring/0", timeout: .seconds(60))
        let socket = try Socket.connect(
          to: Endpoint(String(decoding: address, as: UTF8.self)), timeout: .seconds(10))
        try socket.send(
          .hello(version: 1, role: .requests, process: 1, processCount: 2, token: "guess"),
          until: .now + .seconds(10))
      }
      let ring = try Ring(rendezvous)
      var numbers: [Float] = [1, 2, 3]
      try numbers.withUnsafeMutableBufferPointer { try ring.sum($0) }
      #expect(numbers == [2, 4, 6])
      try rendezvous.barrier("end", timeout: .seconds(60))
      rendezvous.close()
    }
  }
}
