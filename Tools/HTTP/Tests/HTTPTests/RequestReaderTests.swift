import Foundation
import HTTP
import Testing

@Suite("Requests")
struct RequestReaderTests {
  static func read(_ text: String) throws(Answer) -> Request? {
    var reader = RequestReader()
    return try reader.read(Array(text.utf8))
  }

  @Test("is read whole, or a byte at a time")
  func bytewise() throws {
    let text = "POST /settings?x=1 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcd"
    let whole = try #require(try RequestReaderTests.read(text))
    var reader = RequestReader()
    var last: Request?
    for byte in text.utf8.dropLast() { last = try reader.read([byte]) }
    #expect(last == whole)
    #expect(whole.method == "POST" && whole.path == "/settings")
    #expect(whole.headers == ["host": "a", "content-length": "3"])
    #expect(whole.body == Data("abc".utf8))
  }

  @Test(
    "refuses what is no request",
    arguments: [
      ("hello\r\n\r\n", 400), ("GET / HTTP/2\r\n\r\n", 400), ("GET x HTTP/1.1\r\n\r\n", 400),
      ("GET / HTTP/1.1\r\nno colon\r\n\r\n", 400), ("GET / HTTP/1.1\r\n: x\r\n\r\n", 400),
      ("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
      ("GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: \u{1}\r\n\r\n", 400),
      ("POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
      ("POST / HTTP/1.1\r\nContent-Length: 1 2\r\n\r\n", 400),
      ("POST / HTTP/1.1\r\nContent-Length: 65537\r\n\r\n", 413),
      ("POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n", 413),
      ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", 411),
    ])
  func refusals(_ text: String, _ status: Int) {
    let refusal = #expect(throws: Answer.self) { try RequestReaderTests.read(text) }
    #expect(refusal?.status == status)
  }

  @Test("refuses headers without end, whether they end or not", arguments: ["", "\r\n\r\n"])
  func large(_ end: String) {
    let text = "GET / HTTP/1.1\r\nX: " + String(repeating: "a", count: 17_000) + end
    let refusal = #expect(throws: Answer.self) { try RequestReaderTests.read(text) }
    #expect(refusal?.status == 431)
  }

  @Test("survives 20,000 random and damaged requests")
  func random() {
    var generator = SystemRandomNumberGenerator()
    let valid = Array("POST /settings HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}".utf8)
    var whole = 0
    var refused = 0
    for round in 0..<20_000 {
      var bytes = valid
      if round % 2 == 0 {
        bytes = (0..<Int.random(in: 0...200)).map { _ in .random(in: 0...255, using: &generator) }
      } else {
        for _ in 0..<Int.random(in: 1...4) {
          bytes[Int.random(in: bytes.indices)] = .random(in: 0...255, using: &generator)
        }
      }
      var reader = RequestReader()
      do throws(Answer) {
        let cut = Int.random(in: 0...bytes.count)
        var request = try reader.read(Array(bytes[..<cut]))
        if request == nil { request = try reader.read(Array(bytes[cut...])) }
        if request != nil { whole += 1 }
      } catch {
        refused += 1
        #expect((400..<500).contains(error.status))
      }
    }
    #expect(whole > 0 && refused > 0)
  }
}
