import Synchronization

/// The place where the processes of a job store values for each other, wait for each other, and are
/// told when one of them dies.
///
///     let rendezvous = try Rendezvous(place) { message in print(message); exit(1) }
///     try rendezvous.put("address/\(place.process)", Array("10.0.0.7:4242".utf8))
///     let other = try rendezvous.get("address/1", timeout: .seconds(60))
///     ...
///     rendezvous.close()
///
/// The server is the tool in `Tools/Rendezvous`; ``Message`` is its protocol. The calls wait for
/// their results and can be made from several threads at once: each call that waits has a
/// connection of its own.
public final class Rendezvous: Sendable {
  /// The place of this process in the job.
  public let place: JobPlace
  /// The endpoint of the server.
  public let endpoint: Endpoint
  private let heartbeat: Heartbeat
  /// Connections on which nobody waits.
  private let idle = Mutex<[Socket]>([])
  /// The address of this machine that the server is reached from.
  let localHost: String

  /// Joins the job.
  ///
  /// - Parameters:
  ///   - place: the place of this process, with a rendezvous.
  ///   - timeout: the time to keep trying while the server does not listen yet.
  ///   - onLoss: called once, on another thread, when a process or the server is lost. Waiting and
  ///     later calls throw too, but waits elsewhere (in a plugin, in MPI) do not end, so a program
  ///     should exit there.
  /// - Throws: `ProcessError` if there is no server, or if it refuses this process.
  public init(
    _ place: JobPlace, timeout: Duration = .seconds(30),
    onLoss: @escaping @Sendable (String) -> Void
  ) throws(ProcessError) {
    guard let endpoint = place.rendezvous else {
      throw ProcessError(.unreachable, "the job has no rendezvous; set BLITZ_RENDEZVOUS")
    }
    self.place = place
    self.endpoint = endpoint
    let socket = try Rendezvous.connect(place, endpoint, .heartbeat, timeout)
    localHost = socket.localEndpoint?.host ?? "127.0.0.1"
    heartbeat = Heartbeat(
      socket, name: "\(endpoint)", interval: place.heartbeat, silence: place.silence,
      onLoss: onLoss)
    heartbeat.start()
  }

  deinit { close() }

  /// Leaves the job. A process that ends without this call ends the job for the others.
  public func close() { heartbeat.end() }

  /// The reason why the job cannot go on; nil while it can.
  public var loss: String? { heartbeat.loss.withLock { $0 } }

  /// Stores a value for all processes; a key has 4096 bytes at most, a value 16 MiB.
  public func put(_ key: String, _ value: [UInt8]) throws(ProcessError) {
    try Rendezvous.check(key, value)
    guard case .ok = try ask(.put(key: key, value: value)) else { throw unexpected }
  }

  /// The value of a key; nil if no process has stored it yet.
  public func tryGet(_ key: String) throws(ProcessError) -> [UInt8]? {
    try Rendezvous.check(key, [])
    switch try ask(.tryGet(key: key)) {
    case .value(let value): return value
    case .missing: return nil
    default: throw unexpected
    }
  }

  /// The value of a key; waits until a process has stored it.
  ///
  /// - Throws: `ProcessError` with the kind `timedOut` if none does in time, `lost` if a process
  ///   has died.
  public func get(_ key: String, timeout: Duration) throws(ProcessError) -> [UInt8] {
    try Rendezvous.check(key, [])
    let answer = try ask(
      .get(key: key, milliseconds: Rendezvous.milliseconds(timeout)), within: timeout)
    guard case .value(let value) = answer else { throw unexpected }
    return value
  }

  /// Waits until all processes of the job wait at the barrier of this name, which can be used
  /// again.
  ///
  /// - Throws: as ``get(_:timeout:)``.
  public func barrier(_ name: String, timeout: Duration) throws(ProcessError) {
    try Rendezvous.check(name, [])
    let answer = try ask(
      .barrier(key: name, milliseconds: Rendezvous.milliseconds(timeout)), within: timeout)
    guard case .ok = answer else { throw unexpected }
  }

  // MARK: One request

  private func ask(
    _ request: Message, within timeout: Duration = .zero
  ) throws(ProcessError) -> Message {
    if let loss { throw ProcessError(.lost, loss) }
    let known = idle.withLock { $0.popLast() }
    let socket =
      if let known { known } else {
        try Rendezvous.connect(place, endpoint, .requests, .seconds(5))
      }
    do throws(ProcessError) {
      try socket.send(request, until: .now + place.silence)
      let answer = try socket.receive(until: .now + timeout + place.silence)
      switch answer {
      case .timedOut(let text):
        idle.withLock { $0.append(socket) }
        throw ProcessError(.timedOut, text)
      case .lost(let text): throw ProcessError(.lost, text)
      case .refused(let text): throw ProcessError(.refused, text)
      default:
        idle.withLock { $0.append(socket) }
        return answer
      }
    } catch {
      // What the server has said of a process is more than that the connection is gone.
      if error.kind == .lost, let loss { throw ProcessError(.lost, loss) }
      throw error
    }
  }

  private static func connect(
    _ place: JobPlace, _ endpoint: Endpoint, _ role: Message.Role, _ timeout: Duration
  ) throws(ProcessError) -> Socket {
    let socket: Socket
    do throws(ProcessError) {
      socket = try Socket.connect(to: endpoint, timeout: timeout)
      try socket.send(
        .hello(
          version: Message.version, role: role, process: place.process,
          processCount: place.processCount, token: place.token), until: .now + .seconds(10))
      switch try socket.receive(until: .now + .seconds(10)) {
      case .ok: return socket
      case .refused(let text), .lost(let text):
        throw ProcessError(.refused, text)
      default: throw ProcessError(.malformed, "is not a rendezvous of Blitz")
      }
    } catch {
      throw ProcessError(error.kind, "the rendezvous at \(endpoint): \(error)")
    }
  }

  private var unexpected: ProcessError {
    ProcessError(.malformed, "the rendezvous at \(endpoint) answered another request")
  }

  private static func check(_ key: String, _ value: [UInt8]) throws(ProcessError) {
    guard key.utf8.count <= Message.keyLimit, value.count <= Message.valueLimit else {
      throw ProcessError(
        .malformed,
        "a key of \(key.utf8.count) bytes with a value of \(value.count); a key has "
          + "\(Message.keyLimit) at most, a value \(Message.valueLimit)")
    }
  }

  private static func milliseconds(_ timeout: Duration) -> Int {
    Int(max(0, min((timeout / .milliseconds(1)).rounded(.up), Double(UInt32.max))))
  }
}
