import FlyingSocks
import Foundation
import Synchronization

/// Answers requests over HTTP/1.1.
public final class Server: Sendable {
  /// What bounds a server.
  public struct Limits: Sendable {
    /// The most connections at a time; further ones are closed.
    public var connections = 256
    /// The most bytes of a request's body.
    public var body = 65_536
    /// How long a request may take to come in, and an answer to go out.
    public var patience = Duration.seconds(10)
    /// How long a connection may wait for its next request; zero closes it after each.
    public var idle = Duration.zero

    /// The limits of a page for one browser.
    public init() {}
  }

  /// What a request gets.
  public enum Reply: Sendable {
    /// An answer that ends.
    case answer(Answer)
    /// Server-sent events until the client goes, each the text of one.
    case events(AsyncStream<Data>)
  }

  /// The port that is listened on.
  public let port: UInt16
  private let limits: Limits
  private let reply: @Sendable (Request, UInt16) async -> Reply
  private let socket: Socket
  private let connections = Mutex(Connections())

  /// The connections that are open.
  private struct Connections {
    var count = 0
    /// Until when each that waits for its client may, by its file.
    var waits: [Int32: Wait] = [:]
    var isStopping = false
  }
  private struct Wait {
    let end: ContinuousClock.Instant
    let kind: Kind

    enum Kind {
      /// For the next request, of which nothing is there yet.
      case idle
      case reading, writing
    }
  }

  /// Begins to listen.
  ///
  /// - Parameter host: an address of this machine; 0.0.0.0 for all.
  /// - Parameter port: 0 for one that is free.
  /// - Parameter reply: what a request gets; the port is given, too.
  /// - Throws: `SocketError` if the address is none, or the port is taken; `SystemUnfit` where
  ///   /proc is not mounted.
  public init(
    host: String = "127.0.0.1", port: UInt16 = 0, limits: Limits = Limits(),
    reply: @escaping @Sendable (Request, UInt16) async -> Reply
  ) throws {
    guard access("/proc/self/task", R_OK) == 0 else { throw SystemUnfit() }
    // A client that goes away while it is written to is no reason to end.
    signal(SIGPIPE, SIG_IGN)
    socket = try Socket(domain: AF_INET, type: .stream)
    try socket.setValue(true, for: .localAddressReuse)
    try socket.bind(to: try sockaddr_in.inet(ip4: host, port: port))
    try socket.listen(maxPendingConnection: 1024)
    guard case .ip4(_, let port) = try socket.sockname() else {
      throw SocketError.unsupportedAddress
    }
    self.port = port
    (self.limits, self.reply) = (limits, reply)
  }

  /// Serves until ``stop()`` or until the task is cancelled.
  public func run() async throws {
    let pool = SocketPool.make(maxEvents: 64)
    try await pool.prepare()
    let listening = try AsyncSocket(socket: socket, pool: pool)
    await withThrowingTaskGroup(of: Void.self) { outer in
      outer.addTask { try await pool.run() }
      outer.addTask { try await self.endLateWaits() }
      await withDiscardingTaskGroup { group in
        while !Task.isCancelled, !connections.withLock(\.isStopping) {
          guard let socket = try? await listening.accept() else {
            // A connection that was gone before it was taken, or no file descriptor left.
            try? await Task.sleep(for: .milliseconds(20))
            continue
          }
          let isRoom = connections.withLock { connections in
            if connections.count < limits.connections { connections.count += 1; return true }
            return false
          }
          guard isRoom else {
            try? socket.close()
            continue
          }
          group.addTask {
            await self.serve(socket)
            try? socket.close()
            self.connections.withLock { $0.count -= 1 }
          }
        }
      }
      outer.cancelAll()
      // Cancelled, the pool throws.
      try? await outer.waitForAll()
    }
    try? socket.close()
  }

  /// Takes no further connection or request; ``run()`` returns when all answers are sent.
  public func stop() {
    connections.withLock { connections in
      connections.isStopping = true
      shutdown(socket.file.rawValue, Int32(SHUT_RDWR))
      for (file, wait) in connections.waits where wait.kind == .idle {
        shutdown(file, Int32(SHUT_RD))
      }
    }
  }

  /// Ends the reads and writes that take too long. One task for all: a timer for each would cost as
  /// much as the rest of a short request.
  private func endLateWaits() async throws {
    while true {
      try await Task.sleep(for: .milliseconds(200))
      let now = ContinuousClock.now
      // With the lock held, so that a file is still the same connection's.
      connections.withLock { connections in
        for (file, wait) in connections.waits where wait.end < now {
          shutdown(file, Int32(wait.kind == .writing ? SHUT_RDWR : SHUT_RD))
        }
      }
    }
  }

  /// Reads or writes, at most for a time.
  private func within<Value>(
    _ time: Duration, _ kind: Wait.Kind, _ socket: AsyncSocket,
    _ body: () async throws -> Value
  ) async throws -> Value {
    let file = socket.socket.file.rawValue
    let end = ContinuousClock.now + time
    let isStopping = connections.withLock { connections in
      connections.waits[file] = Wait(end: end, kind: kind)
      return connections.isStopping
    }
    defer { connections.withLock { _ = $0.waits.removeValue(forKey: file) } }
    if kind == .idle, isStopping { throw CancellationError() }
    return try await body()
  }

  private func serve(_ socket: AsyncSocket) async {
    var reader = RequestReader(bodyLimit: limits.body)
    do {
      while true {
        guard let request = try await request(from: socket, &reader) else { return }
        switch await reply(request, port) {
        case .events(let events): return await send(events, to: socket)
        case .answer(let answer):
          let isLast =
            limits.idle == .zero || !request.keepsConnection
            || connections.withLock(\.isStopping)
          guard !isLast else { return await finish(socket, answer, request) }
          let bytes = answer.bytes(to: request, keepsConnection: true)
          try await within(limits.patience, .writing, socket) { try await socket.write(bytes) }
        }
      }
    } catch let answer as Answer {
      await finish(socket, answer, nil)
    } catch {
      // The client went away.
    }
  }

  /// The next request; nil if the server stops, or the client asks for nothing more.
  private func request(
    from socket: AsyncSocket, _ reader: inout RequestReader
  ) async throws -> Request? {
    if let request = try reader.read([]) { return request }
    if reader.isIdle {
      // The first bytes are waited for longer than the rest.
      let time = max(limits.idle, limits.patience)
      let bytes = try? await within(time, .idle, socket) {
        try await socket.read(atMost: 4096)
      }
      guard let bytes else { return nil }
      if let request = try reader.read(bytes) { return request }
    }
    var isTold = false
    let start = ContinuousClock.now
    do {
      return try await within(limits.patience, .reading, socket) {
        while true {
          if reader.isAskedToContinue, !isTold {
            isTold = true
            try await socket.write(Data("HTTP/1.1 100 Continue\r\n\r\n".utf8))
          }
          if let request = try reader.read(try await socket.read(atMost: 65_536)) {
            return request
          }
        }
      }
    } catch {
      guard ContinuousClock.now - start > limits.patience else { throw error }
      throw Answer(408, "the request took longer than \(limits.patience)")
    }
  }

  /// Writes an answer, and reads what is still coming for a moment: closing at once would take the
  /// answer back from a client that is sending.
  private func finish(_ socket: AsyncSocket, _ answer: Answer, _ request: Request?) async {
    let bytes = answer.bytes(to: request, keepsConnection: false)
    try? await within(limits.patience, .writing, socket) {
      try await socket.write(bytes)
      shutdown(socket.socket.file.rawValue, Int32(SHUT_WR))
    }
    try? await within(.milliseconds(answer.status < 300 ? 500 : 2000), .reading, socket) {
      while true { _ = try await socket.read(atMost: 4096) }
    }
  }

  private func send(_ events: AsyncStream<Data>, to socket: AsyncSocket) async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        do {
          let head = Answer(type: "text/event-stream", Data()).head(keepsConnection: false)
          try await socket.write(head)
          for await event in events {
            try await socket.write(Data("data: ".utf8) + event + Data("\n\n".utf8))
          }
        } catch {
          // The client went away.
        }
      }
      group.addTask {
        // A browser says nothing more; the end of what it says is its going.
        while (try? await socket.read(atMost: 4096)) != nil {}
      }
      await group.next()
      group.cancelAll()
    }
  }
}

/// /proc is not there. Swift's queues look up in it whether their threads wait, once a second while
/// all have work, and where they cannot they end the program without a word.
public struct SystemUnfit: Error, CustomStringConvertible {
  /// What is missing, and what to do.
  public var description: String {
    "no /proc/self/task: a server needs the folder /proc; mount it (mount -t proc proc ROOT/proc)"
  }
}

extension Answer {
  /// Head and body; of a HEAD request the head alone.
  func bytes(to request: Request?, keepsConnection: Bool) -> Data {
    let head = head(keepsConnection: keepsConnection)
    return request?.method == "HEAD" ? head : head + body
  }
}
