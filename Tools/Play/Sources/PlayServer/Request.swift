import Foundation

/// What a browser asks for.
public struct Request: Sendable, Equatable {
  /// GET, POST, ...
  public var method: String
  /// The path, without what follows a question mark.
  public var path: String
  /// The headers, by their names in lower case.
  public var headers: [String: String]
  /// What follows the headers.
  public var body: Data
}

/// Reads one request out of bytes as they come, and refuses what is none.
///
/// It holds at most ``headLimit`` bytes and a body of ``bodyLimit``, whatever is sent.
public struct RequestReader {
  /// The most bytes of the request's line and headers.
  public static let headLimit = 16_384
  /// The most bytes of a body.
  public static let bodyLimit = 65_536

  private var bytes: [UInt8] = []
  private var head: (request: Request, bodyStart: Int, length: Int)?

  /// A reader that has seen nothing.
  public init() {}

  /// Reads on.
  ///
  /// - Returns: the request when all of it is there, nil as long as it is not.
  /// - Throws: ``Answer``, which says why the request is refused.
  public mutating func read(_ new: [UInt8]) throws(Answer) -> Request? {
    let seen = max(0, bytes.count - 3)
    bytes += new
    if head == nil {
      // The end may be split over two reads.
      guard let end = RequestReader.headEnd(in: bytes, from: seen) else {
        if bytes.count > RequestReader.headLimit {
          throw Answer(431, "the headers are larger than \(RequestReader.headLimit) bytes")
        }
        return nil
      }
      guard end.start <= RequestReader.headLimit else {
        throw Answer(431, "the headers are larger than \(RequestReader.headLimit) bytes")
      }
      let request = try RequestReader.request(bytes[..<end.start])
      head = (request, end.body, try RequestReader.length(of: request))
    }
    guard let head, bytes.count >= head.bodyStart + head.length else { return nil }
    var request = head.request
    request.body = Data(bytes[head.bodyStart..<head.bodyStart + head.length])
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
      method: String(words[0]), path: String(path), headers: headers, body: Data())
  }

  private static func length(of request: Request) throws(Answer) -> Int {
    if request.headers["transfer-encoding"] != nil {
      throw Answer(411, "the body comes in chunks; send it with a Content-Length")
    }
    guard let text = request.headers["content-length"] else { return 0 }
    guard !text.isEmpty, text.allSatisfy({ ("0"..."9").contains($0) }) else {
      throw Answer(400, "the Content-Length is no number")
    }
    guard let length = Int(text), length <= bodyLimit else {
      throw Answer(400, "the body has \(text.prefix(20)) bytes; send at most \(bodyLimit)")
    }
    return length
  }
}

/// What a request is answered with.
public struct Answer: Error, Sendable, Equatable {
  /// 200 for what worked.
  public var status: Int
  /// The media type of the body.
  public var type: String
  /// What the browser gets.
  public var body: Data

  init(_ status: Int = 200, type: String, _ body: Data) {
    (self.status, self.type, self.body) = (status, type, body)
  }

  /// A refusal with its reason.
  init(_ status: Int, _ reason: String) {
    let body = try? JSONEncoder().encode(["error": reason])
    self.init(status, type: "application/json", body ?? Data())
  }

  /// The line and the headers. Pages may load what this server has, and nothing else.
  var head: Data {
    let name =
      [
        200: "OK", 204: "No Content", 400: "Bad Request", 403: "Forbidden", 404: "Not Found",
        405: "Method Not Allowed", 408: "Request Timeout", 411: "Length Required",
        431: "Request Header Fields Too Large",
        503: "Service Unavailable",
      ][status] ?? "Error"
    let length =
      type == "text/event-stream" || status == 204 ? [] : ["Content-Length: \(body.count)"]
    let lines =
      [
        "HTTP/1.1 \(status) \(name)", "Content-Type: \(type)", "Connection: close",
        "Cache-Control: no-store", "X-Content-Type-Options: nosniff", "X-Frame-Options: DENY",
        "Cross-Origin-Resource-Policy: same-origin", "Referrer-Policy: no-referrer",
        "Content-Security-Policy: default-src 'self'; img-src 'self' data:; base-uri 'none'; "
          + "form-action 'none'; frame-ancestors 'none'",
      ] + length
    return Data((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
  }
}
