import Foundation
import Synchronization
import Testing

@testable import BlitzProcesses

/// A rendezvous within the test: of what `Tools/Rendezvous` does as much as the tests need, with a
/// thread for each connection.
final class Meeting: Sendable {
  static let token = "0123456789abcdef"
  let endpoint: Endpoint
  private let count: Int
  private let silence: Double
  private let state = Mutex(State())

  private struct State {
    var values: [String: [UInt8]] = [:]
    var waiting: [String: Int] = [:]
    var hearts: [Socket] = []
    var goodbyes = 0
    var loss: String?
    var isMute = false
    var isClosed = false
  }

  /// - Parameters:
  ///   - count: how many processes the job has.
  ///   - silence: seconds after which a process gives the rendezvous up.
  init(_ count: Int, silence: Double = 20) throws {
    (self.count, self.silence) = (count, silence)
    let port = try Socket.listen(at: Endpoint(host: "127.0.0.1", port: 0))
    endpoint = try #require(port.localEndpoint)
    Thread.detachNewThread { [weak self] in
      while let self, !self.state.withLock({ $0.isClosed }) {
        guard let socket = try? port.accept(until: .now + .milliseconds(50)) else { continue }
        Thread.detachNewThread { self.serve(socket) }
      }
    }
  }

  /// Where the test ends, its threads do.
  func close() {
    state.withLock { state in
      state.isClosed = true
      for heart in state.hearts { heart.shut() }
    }
  }

  /// How many processes have said goodbye.
  var goodbyes: Int { state.withLock { $0.goodbyes } }

  /// No longer answers signs of life.
  func mute() { state.withLock { $0.isMute = true } }

  /// Tells all processes that one is lost.
  func lose(_ text: String) {
    let hearts = state.withLock { state in
      state.loss = text
      return state.hearts
    }
    for heart in hearts { try? heart.send(.lost(text), until: .now + .seconds(5)) }
  }

  func value(_ key: String) -> [UInt8]? { state.withLock { $0.values[key] } }

  /// The place of a process of the job.
  func place(_ process: Int, token: String = Meeting.token) throws -> JobPlace {
    try #require(
      try JobPlace(environment: [
        "BLITZ_PROCESS": "\(process)", "BLITZ_PROCESSES": "\(count)", "BLITZ_TOKEN": token,
        "BLITZ_RENDEZVOUS": "\(endpoint)", "BLITZ_SILENCE": "\(silence)",
      ]))
  }

  func join(
    _ process: Int, onLoss: @escaping @Sendable (String) -> Void = { _ in }
  ) throws -> Rendezvous { try Rendezvous(place(process), onLoss: onLoss) }

  // MARK: One connection

  private func serve(_ socket: Socket) {
    while let message = try? socket.receive(until: .now + .seconds(120)) {
      guard let answer = answer(message, on: socket) else { continue }
      guard (try? socket.send(answer, until: .now + .seconds(10))) != nil else { return }
      if case .refused = answer { return }
    }
  }

  private func answer(_ message: Message, on socket: Socket) -> Message? {
    switch message {
    case .hello(_, let role, _, _, let token):
      guard token == Meeting.token else { return .refused("the token is not this job's") }
      if role == .heartbeat { state.withLock { $0.hearts.append(socket) } }
      return .ok
    case .put(let key, let value):
      state.withLock { $0.values[key] = value }
      return .ok
    case .tryGet(key: "odd"): return .ok
    case .tryGet(let key): return value(key).map { .value($0) } ?? .missing
    case .get(let key, let milliseconds):
      return wait(milliseconds) { $0.values[key].map { .value($0) } }
        ?? .timedOut("no process has put \(key) there")
    case .barrier(let key, let milliseconds):
      // The group that this process completes, or waits for.
      let group = state.withLock { state in
        defer { state.waiting[key, default: 0] += 1 }
        return state.waiting[key, default: 0] / count
      }
      return wait(milliseconds) { [count] in
        $0.waiting[key, default: 0] >= (group + 1) * count ? .ok : nil
      } ?? .timedOut("not all of \(count) processes came to \(key)")
    case .heartbeat: return state.withLock { $0.isMute } ? nil : .heartbeat
    case .goodbye:
      state.withLock { $0.goodbyes += 1 }
      return nil
    default: return .refused("that is no request")
    }
  }

  private func wait(_ milliseconds: Int, _ answer: (State) -> Message?) -> Message? {
    let deadline = ContinuousClock.now + .milliseconds(milliseconds)
    while true {
      let found = state.withLock { state in state.loss.map { .lost($0) } ?? answer(state) }
      if let found { return found }
      guard ContinuousClock.now < deadline else { return nil }
      usleep(1000)
    }
  }
}

/// The error that a call throws, if it throws one.
func failure(_ body: () throws -> Void) -> ProcessError? {
  do {
    try body()
    return nil
  } catch { return error as? ProcessError }
}

/// Runs something on a thread of its own for each process, and waits for all: a pool would run as
/// many at once as there are cores, and processes wait for each other.
func forEachProcess(_ count: Int, _ body: @escaping @Sendable (Int) throws -> Void) throws {
  let errors = Mutex<[any Error]>([])
  let done = DispatchGroup()
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

/// Waits until something is so, a minute at most.
func waitUntil(_ condition: () -> Bool) -> Bool {
  let deadline = ContinuousClock.now + .seconds(60)
  while !condition() {
    guard ContinuousClock.now < deadline else { return false }
    usleep(1000)
  }
  return true
}
