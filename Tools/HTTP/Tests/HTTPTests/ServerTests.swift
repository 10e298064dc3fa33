import FlyingSocks
import Foundation
import HTTP
import Testing

@Suite("A server", .serialized)
struct ServerTests {
  /// A server that answers with a request's path and body, for as long as `body` runs.
  static func serving(
    _ change: (inout Server.Limits) -> Void = { _ in },
    _ body: @Sendable (Server, Task<Void, any Error>) async throws -> Void
  ) async throws {
    var limits = Server.Limits()
    limits.idle = .seconds(5)
    change(&limits)
    let server = try Server(limits: limits) { request, _ in
      if request.path == "/slow" { try? await Task.sleep(for: .milliseconds(300)) }
      let text = "\(request.path) \(String(decoding: request.body, as: UTF8.self));"
      return .answer(Answer(type: "text/plain", Data(text.utf8)))
    }
    let task = Task { try await server.run() }
    defer { task.cancel() }
    try await body(server, task)
  }

  static func connect(_ server: Server) async throws -> AsyncSocket {
    try await AsyncSocket.connected(to: sockaddr_in.inet(ip4: "127.0.0.1", port: server.port))
  }

  /// What comes until `end` is in it, or the server closes.
  static func text(_ socket: AsyncSocket, until end: String? = nil) async -> String {
    var text = ""
    while end.map({ !text.contains($0) }) ?? true,
      let more = try? await socket.read(atMost: 4096)
    { text += String(decoding: more, as: UTF8.self) }
    return text
  }

  @Test("answers one request after the other over a connection, also two that come at once")
  func keepsConnection() async throws {
    try await ServerTests.serving { server, _ in
      let socket = try await ServerTests.connect(server)
      try await socket.write(Data("GET /a HTTP/1.1\r\n\r\n".utf8))
      #expect(await ServerTests.text(socket, until: ";").contains("Connection: keep-alive"))
      let post = "POST /b HTTP/1.1\r\nContent-Length: 3\r\n\r\nxyz"
      try await socket.write(Data((post + "GET /c HTTP/1.1\r\n\r\n").utf8))
      let both = await ServerTests.text(socket, until: "/c ;")
      #expect(both.contains("/b xyz;") && both.hasSuffix("/c ;"))
      try await socket.write(Data("HEAD /d HTTP/1.1\r\nConnection: close\r\n\r\n".utf8))
      let last = await ServerTests.text(socket)
      #expect(last.contains("Connection: close") && last.contains("Content-Length: 4"))
      #expect(!last.contains("/d"))
    }
  }

  @Test("tells a client that asks that it may send its body")
  func continues() async throws {
    try await ServerTests.serving { server, _ in
      let socket = try await ServerTests.connect(server)
      let head = "POST /e HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"
      try await socket.write(Data(head.utf8))
      #expect(await ServerTests.text(socket, until: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
      try await socket.write(Data("ok".utf8))
      #expect(await ServerTests.text(socket, until: ";").hasSuffix("/e ok;"))
    }
  }

  @Test("says 408 to a request that does not end in time, 413 to a large one")
  func late() async throws {
    try await ServerTests.serving({ $0.patience = .milliseconds(300) }) { server, _ in
      let late = try await ServerTests.connect(server)
      try await late.write(Data("GET /a HTTP/1.1\r\nHo".utf8))
      #expect(await ServerTests.text(late).hasPrefix("HTTP/1.1 408 "))
      let large = try await ServerTests.connect(server)
      try await large.write(Data("POST /a HTTP/1.1\r\nContent-Length: 70000\r\n\r\n".utf8))
      #expect(await ServerTests.text(large).hasPrefix("HTTP/1.1 413 "))
    }
  }

  @Test("stops: what was asked is answered, who waits is let go, nobody else is taken")
  func stops() async throws {
    try await ServerTests.serving { server, task in
      let idle = try await ServerTests.connect(server)
      try await idle.write(Data("GET /a HTTP/1.1\r\n\r\n".utf8))
      _ = await ServerTests.text(idle, until: ";")
      let busy = try await ServerTests.connect(server)
      try await busy.write(Data("GET /slow HTTP/1.1\r\n\r\n".utf8))
      try await Task.sleep(for: .milliseconds(100))
      let start = ContinuousClock.now
      server.stop()
      #expect(await ServerTests.text(busy).hasSuffix("/slow ;"))
      #expect(await ServerTests.text(idle) == "")
      try await task.value
      #expect(ContinuousClock.now - start < .seconds(4))
      await #expect(throws: (any Error).self) { try await ServerTests.connect(server) }
    }
  }
}
