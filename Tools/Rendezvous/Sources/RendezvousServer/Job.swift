import BlitzProcesses
import NIOCore

/// What the rendezvous knows of its job: the values, who waits for what, and who lives.
///
/// It belongs to one event loop, on which all connections are.
final class Job {
  /// A request that waits for its answer.
  struct Waiter {
    let connection: Connection
    let timeout: Scheduled<Void>
  }

  let processCount: Int
  private let token: [UInt8]
  private let silence: TimeAmount
  private let loop: any EventLoop
  private var values: [String: [UInt8]] = [:]
  /// Bytes of all keys and values.
  private var size = 0
  private var waiters: [String: [Waiter]] = [:]
  private var barriers: [String: [Int: Waiter]] = [:]
  /// The connection on which each living process is heard, and when it last was.
  private var heartbeats: [Int: (connection: Connection, heard: NIODeadline)] = [:]
  /// The processes that have said goodbye.
  private var done: Set<Int> = []
  /// Why the job cannot go on.
  private(set) var loss: String?

  /// Bytes of all keys and values at most.
  static let sizeLimit = 1 << 30

  init(processCount: Int, token: String, silence: TimeAmount, loop: any EventLoop) {
    self.processCount = processCount
    self.token = Array(token.utf8)
    self.silence = silence
    self.loop = loop
  }

  /// Takes a connection in, or says why not.
  func join(_ hello: Message, on connection: Connection) -> (process: Int, role: Message.Role)? {
    guard case .hello(let version, let role, let process, let count, let token) = hello else {
      connection.refuse("a connection begins with hello")
      return nil
    }
    guard isToken(token) else {
      connection.refuse("the token is not this job's; set BLITZ_TOKEN to the one of its rendezvous")
      return nil
    }
    guard version == Message.version else {
      connection.refuse(
        "version \(version) of the protocol; this rendezvous has \(Message.version): use the same "
          + "release of Blitz everywhere")
      return nil
    }
    guard count == processCount, process < count else {
      connection.refuse(
        "process \(process) of \(count); this job has \(processCount), from 0 on")
      return nil
    }
    if role == .heartbeat {
      guard heartbeats[process] == nil, !done.contains(process) else {
        connection.refuse("process \(process) has joined already; each has a number of its own")
        return nil
      }
      heartbeats[process] = (connection, .now())
    }
    connection.send(.ok)
    if role == .heartbeat, let loss { connection.send(.lost(loss)) }
    return (process, role)
  }

  /// Compares in the same time whatever the token is.
  private func isToken(_ text: String) -> Bool {
    let given = Array(text.utf8)
    guard given.count == token.count else { return false }
    return zip(given, token).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
  }

  /// Does what a process asks for.
  func handle(_ message: Message, from process: Int, on connection: Connection) {
    heartbeats[process]?.heard = .now()
    if let loss, message != .goodbye { return connection.send(.lost(loss)) }
    switch message {
    case .heartbeat: connection.send(.ok)
    case .goodbye:
      done.insert(process)
      heartbeats[process] = nil
      connection.send(.ok)
    case .put(let key, let value):
      let change = value.count - (values[key]?.count ?? -key.utf8.count)
      guard size + change <= Job.sizeLimit else {
        return connection.refuse("the store is full, with \(size) bytes")
      }
      size += change
      values[key] = value
      connection.send(.ok)
      for waiter in waiters.removeValue(forKey: key) ?? [] { answer(waiter, .value(value)) }
    case .tryGet(let key): connection.send(values[key].map { .value($0) } ?? .missing)
    case .get(let key, let milliseconds):
      if let value = values[key] { return connection.send(.value(value)) }
      let text = "no process has put \(key) there within \(Double(milliseconds) / 1000) s"
      waiters[key, default: []].append(
        waiter(connection, milliseconds, text) { job in
          job.waiters[key]?.removeAll { $0.connection === connection }
          if job.waiters[key]?.isEmpty == true { job.waiters[key] = nil }
        })
    case .barrier(let key, let milliseconds):
      guard barriers[key]?[process] == nil else {
        return connection.refuse("process \(process) waits at \(key) already")
      }
      let text = "not all of \(processCount) processes came to \(key)"
      barriers[key, default: [:]][process] = waiter(connection, milliseconds, text) { job in
        job.barriers[key]?[process] = nil
      }
      if barriers[key]!.count == processCount {
        for waiter in barriers.removeValue(forKey: key)!.values { answer(waiter, .ok) }
      }
    case .hello, .ok, .value, .missing, .timedOut, .lost, .refused:
      connection.refuse("this is no request")
    }
  }

  private func waiter(
    _ connection: Connection, _ milliseconds: Int, _ text: String,
    _ forget: @escaping (Job) -> Void
  ) -> Waiter {
    // All of it is on the job's loop, as `scheduleTask` there is.
    let bound = NIOLoopBound((job: self, connection: connection, forget: forget), eventLoop: loop)
    return Waiter(
      connection: connection,
      timeout: loop.scheduleTask(in: .milliseconds(Int64(milliseconds))) {
        let (job, connection, forget) = bound.value
        forget(job)
        connection.send(.timedOut(text))
      })
  }

  private func answer(_ waiter: Waiter, _ message: Message) {
    waiter.timeout.cancel()
    waiter.connection.send(message)
  }

  /// Hears that a connection is gone.
  func leave(_ process: Int, _ role: Message.Role, _ connection: Connection) {
    for (key, waiting) in waiters where waiting.contains(where: { $0.connection === connection }) {
      for waiter in waiting where waiter.connection === connection { waiter.timeout.cancel() }
      waiters[key] = waiting.filter { $0.connection !== connection }
    }
    for (key, waiting) in barriers where waiting[process]?.connection === connection {
      waiting[process]?.timeout.cancel()
      barriers[key]?[process] = nil
    }
    guard role == .heartbeat, heartbeats[process]?.connection === connection else { return }
    lose(process, "ended without a goodbye")
  }

  /// Finds the processes that have not been heard of for too long.
  func checkHeartbeats() {
    let limit = NIODeadline.now() - silence
    if let (process, _) = heartbeats.first(where: { $0.value.heard < limit }) {
      lose(process, "has not been heard of for \(silence.nanoseconds / 1_000_000_000) s")
    }
  }

  private func lose(_ process: Int, _ how: String) {
    heartbeats[process] = nil
    guard loss == nil else { return }
    let text = "process \(process) of \(processCount) \(how)"
    loss = text
    for (connection, _) in heartbeats.values { connection.send(.lost(text)) }
    for waiter in waiters.values.joined() { answer(waiter, .lost(text)) }
    for waiter in barriers.values.flatMap(\.values) { answer(waiter, .lost(text)) }
    (waiters, barriers) = ([:], [:])
  }
}
