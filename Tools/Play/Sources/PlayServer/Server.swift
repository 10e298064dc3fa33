import FlyingSocks
import Foundation
import Playing
import Synchronization

/// Serves the page to this machine.
///
/// Each connection carries one request. FlyingFox's sockets wait without a thread each; its own
/// reader of requests is not used, because it puts no bound on what it reads of a header.
public final class Server: Sendable {
  /// The port that is listened on.
  public let port: UInt16
  private let site: Site
  private let socket: Socket
  private let open = Mutex(0)

  /// The most connections at a time; further ones are closed.
  public static let connectionLimit = 256
  /// How long a request may take to come in.
  static let patience = Duration.seconds(10)

  /// Begins to listen on 127.0.0.1.
  ///
  /// - Parameter port: 0 for one that is free.
  /// - Throws: `SocketError` if the port is taken.
  public init(studio: Studio, port: UInt16 = 0) throws {
    // A browser that goes away while it is written to is no reason to end.
    signal(SIGPIPE, SIG_IGN)
    socket = try Socket(domain: AF_INET, type: .stream)
    try socket.setValue(true, for: .localAddressReuse)
    try socket.bind(to: sockaddr_in.inet(ip4: "127.0.0.1", port: port))
    try socket.listen()
    guard case .ip4(_, let port) = try socket.sockname() else {
      throw SocketError.unsupportedAddress
    }
    self.port = port
    site = try Site(studio: studio, port: port)
  }

  /// Serves until the task is cancelled.
  public func run() async throws {
    let pool = SocketPool.make(maxEvents: 64)
    try await pool.prepare()
    let listening = try AsyncSocket(socket: socket, pool: pool)
    try await withThrowingDiscardingTaskGroup { group in
      group.addTask { try await pool.run() }
      while !Task.isCancelled {
        guard let socket = try? await listening.accept() else {
          // A connection that was gone before it was taken, or no file descriptor left.
          try await Task.sleep(for: .milliseconds(20))
          continue
        }
        let isRoom = open.withLock { count in
          if count < Server.connectionLimit { count += 1; return true }
          return false
        }
        guard isRoom else {
          try? socket.close()
          continue
        }
        group.addTask {
          await self.serve(socket)
          try? socket.close()
          self.open.withLock { $0 -= 1 }
        }
      }
    }
  }

  private func serve(_ socket: AsyncSocket) async {
    do {
      let request = try await Server.request(from: socket)
      switch await site.reply(to: request) {
      case .answer(let answer): await Server.finish(socket, answer)
      case .pictures: await sendPictures(to: socket)
      }
    } catch let answer as Answer {
      await Server.finish(socket, answer)
    } catch {
      // The browser went away.
    }
  }

  private static func request(from socket: AsyncSocket) async throws -> Request {
    try await within(patience) {
      var reader = RequestReader()
      while true {
        if let request = try reader.read(try await socket.read(atMost: 4096)) { return request }
      }
    }
  }

  /// Writes an answer, and reads what is still coming for a moment: closing at once would take the
  /// answer back from a browser that is sending.
  private static func finish(_ socket: AsyncSocket, _ answer: Answer) async {
    try? await within(patience) {
      try await socket.write(answer.head + answer.body)
      shutdown(socket.socket.file.rawValue, Int32(SHUT_WR))
    }
    try? await within(.milliseconds(answer.status < 300 ? 500 : 2000)) {
      while true { _ = try await socket.read(atMost: 4096) }
    }
  }

  private func sendPictures(to socket: AsyncSocket) async {
    let pictures = await site.studio.pictures()
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        do {
          try await socket.write(Answer(type: "text/event-stream", Data()).head)
          for await picture in pictures {
            try await socket.write(Data("data: ".utf8) + picture + Data("\n\n".utf8))
          }
        } catch {
          // The browser went away.
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

  /// What `body` answers, or that it took too long.
  private static func within<Value: Sendable>(
    _ time: Duration, _ body: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    try await withThrowingTaskGroup(of: Value.self) { group in
      group.addTask(operation: body)
      group.addTask {
        try await Task.sleep(for: time)
        throw Answer(408, "the request took longer than \(time)")
      }
      defer { group.cancelAll() }
      return try await group.next()!
    }
  }
}
