import FlyingSocks
import Foundation
import HTTP
import PlayServer
import Playing
import Testing

@Suite("Server", .serialized)
struct ServerTests {
  /// A server for as long as `body` runs.
  static func serving(
    _ body: @Sendable (Server, Studio) async throws -> Void
  ) async throws {
    let studio = try Studio()
    let server = try Site(studio: studio).server()
    let task = Task { try await server.run() }
    defer { task.cancel() }
    try await body(server, studio)
  }

  /// Everything that is answered, until the server closes.
  static func answer(_ text: String, port: UInt16) async throws -> String {
    let socket = try await AsyncSocket.connected(
      to: sockaddr_in.inet(ip4: "127.0.0.1", port: port))
    defer { try? socket.close() }
    try await socket.write(Data(text.utf8))
    var bytes: [UInt8] = []
    while let more = try? await socket.read(atMost: 4096) { bytes += more }
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test("answers pages of its own, and nobody else's")
  func hosts() async throws {
    try await ServerTests.serving { server, _ in
      let port = server.port
      for (headers, status) in [
        ("Host: 127.0.0.1:\(port)", 200), ("Host: localhost:\(port)", 200),
        ("Host: 127.0.0.1:\(port)\r\nOrigin: http://127.0.0.1:\(port)", 200),
        ("Host: 127.0.0.1", 403), ("Host: example.com:\(port)", 403), ("X: y", 400),
        ("Host: 127.0.0.1:\(port)\r\nOrigin: http://example.com", 403),
        ("Host: 127.0.0.1:\(port)\r\nOrigin: null", 403),
        ("Host: 127.0.0.1:\(port)\r\nOrigin: https://127.0.0.1:\(port)", 403),
      ] {
        let answer = try await ServerTests.answer(
          "GET / HTTP/1.1\r\n\(headers)\r\n\r\n", port: port)
        #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(headers): \(answer.prefix(40))")
      }
    }
  }

  @Test("refuses a large body, wrong values, unknown paths and methods")
  func refusals() async throws {
    try await ServerTests.serving { server, studio in
      let host = "HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\n"
      let large = String(repeating: " ", count: 70_000)
      for (request, status) in [
        ("POST /settings \(host)Content-Length: 70000\r\n\r\n\(large)", 413),
        ("POST /settings \(host)Content-Length: 14\r\n\r\n{\"speed\": 500}", 400),
        ("POST /settings \(host)Content-Length: 12\r\n\r\n{\"speed\": 9}", 204),
        ("GET /../Package.swift \(host)\r\n", 404), ("POST /settings2 \(host)\r\n", 404),
        ("PUT /settings \(host)\r\n", 405),
      ] {
        let answer = try await ServerTests.answer(request, port: server.port)
        #expect(
          answer.hasPrefix("HTTP/1.1 \(status) "), "\(request.prefix(40)): \(answer.prefix(40))")
      }
      #expect(await studio.settings.speed == 9)
    }
  }

  @Test("sends pictures, forgets who went, and bears 200 connections")
  func many() async throws {
    try await ServerTests.serving { server, studio in
      let request = "GET /events HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\n\r\n"
      var sockets: [AsyncSocket] = []
      for i in 0..<200 {
        let socket = try await AsyncSocket.connected(
          to: sockaddr_in.inet(ip4: "127.0.0.1", port: server.port))
        // Half of them only hold the line.
        if i % 2 == 0 { try await socket.write(Data(request.utf8)) }
        sockets.append(socket)
      }
      await studio.train()
      let first = try await sockets[0].read(bytes: 4000)
      #expect(String(decoding: first, as: UTF8.self).contains("data: {"))
      let answer = try await ServerTests.answer(
        "GET /state HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\n\r\n", port: server.port)
      #expect(answer.hasPrefix("HTTP/1.1 200 "))
      for count in [100, 0] {
        if count == 0 { for socket in sockets { try? socket.close() } }
        let limit = ContinuousClock.now + .seconds(60)
        while await studio.readerCount != count, ContinuousClock.now < limit {
          try await Task.sleep(for: .milliseconds(20))
        }
        #expect(await studio.readerCount == count)
      }
      await studio.pause()
    }
  }
}
