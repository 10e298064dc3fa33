import Foundation
import Testing

/// An HTTP server at 127.0.0.1 for a test: it answers a bounded number of requests, each within
/// seconds, and ends by itself.
struct LocalServer {
  /// `http://127.0.0.1:port`.
  let address: String

  /// - Parameters:
  ///   - requests: how many are answered at most.
  ///   - answer: the bytes that are sent for a path such as `/a.txt`, head and all.
  init(requests: Int, answer: @escaping @Sendable (_ path: String) -> String) throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    try #require(listener >= 0)
    var place = sockaddr_in()
    place.sin_family = sa_family_t(AF_INET)
    place.sin_addr.s_addr = inet_addr("127.0.0.1")
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &place) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, size) == 0 && listen(listener, 8) == 0
          && getsockname(listener, $0, &size) == 0
      }
    }
    guard isBound else {
      close(listener)
      throw POSIXError(.EADDRNOTAVAIL)
    }
    address = "http://127.0.0.1:\(UInt16(bigEndian: place.sin_port))"
    Thread.detachNewThread {
      defer { close(listener) }
      for _ in 0..<requests {
        // Nobody has come for ten seconds: the test is over.
        var waiting = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
        guard poll(&waiting, 1, 10_000) == 1 else { return }
        let client = accept(listener, nil, nil)
        guard client >= 0 else { return }
        Self.serve(client, answer)
        close(client)
      }
    }
  }

  private static func serve(_ client: Int32, _ answer: (String) -> String) {
    var limit = timeval(tv_sec: 5, tv_usec: 0)
    setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var request = [UInt8](repeating: 0, count: 4096)
    let count = recv(client, &request, request.count, 0)
    guard count > 0 else { return }
    let words = String(decoding: request[..<count], as: UTF8.self).split(separator: " ")
    guard words.count > 1 else { return }
    let bytes = Array(answer(String(words[1])).utf8)
    _ = send(client, bytes, bytes.count, Int32(MSG_NOSIGNAL))
  }
}
