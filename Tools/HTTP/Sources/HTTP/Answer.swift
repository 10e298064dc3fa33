import Foundation

/// What a request is answered with.
public struct Answer: Error, Sendable, Equatable {
  /// 200 for what worked.
  public var status: Int
  /// The media type of the body.
  public var type: String
  /// What the client gets.
  public var body: Data
  /// Further headers, in order.
  public var headers: [String] = []

  /// An answer with a body.
  public init(_ status: Int = 200, type: String, _ body: Data) {
    (self.status, self.type, self.body) = (status, type, body)
  }

  /// A refusal with its reason, as JSON: `{"error": "..."}`.
  public init(_ status: Int, _ reason: String) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    let body = try? encoder.encode(["error": reason])
    self.init(status, type: "application/json", body ?? Data())
  }

  private static let names = [
    200: "OK", 204: "No Content", 400: "Bad Request", 403: "Forbidden", 404: "Not Found",
    405: "Method Not Allowed", 408: "Request Timeout", 411: "Length Required",
    413: "Content Too Large", 415: "Unsupported Media Type", 429: "Too Many Requests",
    431: "Request Header Fields Too Large", 500: "Internal Server Error",
    503: "Service Unavailable",
  ]

  /// The line and the headers. Pages may load what this server has, and nothing else.
  func head(keepsConnection: Bool) -> Data {
    let length =
      type == "text/event-stream" || status == 204 ? [] : ["Content-Length: \(body.count)"]
    let lines =
      [
        "HTTP/1.1 \(status) \(Answer.names[status] ?? "Error")", "Content-Type: \(type)",
        "Connection: \(keepsConnection ? "keep-alive" : "close")", "Cache-Control: no-store",
        "X-Content-Type-Options: nosniff", "Cross-Origin-Resource-Policy: same-origin",
      ] + (type.hasPrefix("text/") ? Answer.pageHeaders : []) + headers + length
    return Data((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
  }

  private static let pageHeaders = [
    "X-Frame-Options: DENY", "Referrer-Policy: no-referrer",
    "Content-Security-Policy: default-src 'self'; img-src 'self' data:; base-uri 'none'; "
      + "form-action 'none'; frame-ancestors 'none'",
  ]
}
