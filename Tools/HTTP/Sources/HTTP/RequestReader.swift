import Foundation

/// Reads requests out of bytes as they come, and refuses what is none.
///
/// It holds at most ``headLimit`` bytes and a body of ``bodyLimit``, whatever is sent.
public struct RequestReader: Sendable {
  /// The most bytes of the request's line and headers.
  public static let headLimit = 16_384
  /// The most bytes of a body.
  public let bodyLimit: Int

  private var bytes: [UInt8] = []
  /// Where the end of the headers is looked for next.
  private var scanned = 0
  private var head: (request: Request, bodyStart: Int, length: Int)?

  /// A reader that has seen nothing.
  public init(bodyLimit: Int = 65_536) { self.bodyLimit = bodyLimit }

  /// Whether nothing of the next request is there yet.
  public var isIdle: Bool { bytes.isEmpty }

  /// Whether the client has sent the headers and waits to be told that it may send the body.
  public var isAskedToContinue: Bool {
    guard let head, head.bodyStart == bytes.count, head.length > 0 else { return false }
    return head.request.headers["expect"]?.lowercased() == "100-continue"
  }

  /// Reads on.
  ///
  /// - Returns: the request when all of it is there, nil as long as it is not. What follows it is
  ///   kept for the next.
  /// - Throws: ``Answer``, which says why the request is refused.
  public mutating func read(_ new: [UInt8]) throws(Answer) -> Request? {
    bytes += new
    if head == nil {
      // The end may be split over two reads.
      guard let end = RequestReader.headEnd(in: bytes, from: scanned) else {
        scanned = max(0, bytes.count - 3)
        if bytes.count > RequestReader.headLimit {
          throw Answer(431, "the headers are larger than \(RequestReader.headLimit) bytes")
        }
        return nil
      }
      guard end.start <= RequestReader.headLimit else {
        throw Answer(431, "the headers are larger than \(RequestReader.headLimit) bytes")
      }
      let request = try RequestReader.request(bytes[..<end.start])
      head = (request, end.body, try length(of: request))
    }
    guard let head, bytes.count >= head.bodyStart + head.length else { return nil }
    var request = head.request
    let end = head.bodyStart + head.length
    request.body = Data(bytes[head.bodyStart..<end])
    bytes.removeFirst(end)
    (self.head, scanned) = (nil, 0)
    return request
  }

  private static func headEnd(in bytes: [UInt8], from start: Int) -> (start: Int, body: Int)? {
    guard bytes.count >= 4 else { return nil }
    for i in start..<bytes.count - 3
    where bytes[i] == 13 && bytes[i + 1] == 10 && bytes[i + 2] == 13 && bytes[i + 3] == 10 {
      return (i, i + 4)
    }
    return nil
  }

  private static func request(_ head: ArraySlice<UInt8>) throws(Answer) -> Request {
    guard head.allSatisfy({ ($0 >= 32 && $0 < 127) || $0 == 13 || $0 == 10 || $0 == 9 }) else {
      throw Answer(400, "the headers are not plain text")
    }
    let lines = String(decoding: head, as: UTF8.self)
      .split(separator: "\r\n", omittingEmptySubsequences: false)
    let words = lines[0].split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 3, words[1].hasPrefix("/"),
      words[2] == "HTTP/1.1" || words[2] == "HTTP/1.0",
      !words[0].isEmpty
    else { throw Answer(400, "the first line is no request") }
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":"), colon != line.startIndex,
        line[..<colon].allSatisfy({ $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" })
      else { throw Answer(400, "a header has no name") }
      let name = line[..<colon].lowercased()
      let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
      if headers[name] != nil, ["host", "origin", "content-length"].contains(name) {
        throw Answer(400, "\(name) is there twice")
      }
      headers[name] = String(value)
    }
    let path = words[1].prefix { $0 != "?" && $0 != "#" }
    return Request(
      method: String(words[0]), path: String(path), isVersion11: words[2] == "HTTP/1.1",
      headers: headers, body: Data())
  }

  private func length(of request: Request) throws(Answer) -> Int {
    if request.headers["transfer-encoding"] != nil {
      throw Answer(411, "the body comes in chunks; send it with a Content-Length")
    }
    guard let text = request.headers["content-length"] else { return 0 }
    guard !text.isEmpty, text.allSatisfy({ ("0"..."9").contains($0) }) else {
      throw Answer(400, "the Content-Length is no number")
    }
    guard let length = Int(text), length <= bodyLimit else {
      throw Answer(413, "the body has \(text.prefix(20)) bytes; send at most \(bodyLimit)")
    }
    return length
  }
}
