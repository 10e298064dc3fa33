import Foundation

/// What a client asks for.
public struct Request: Sendable, Equatable {
  /// GET, POST, ...
  public var method: String
  /// The path, without what follows a question mark.
  public var path: String
  /// Whether the first line says HTTP/1.1, and not 1.0.
  public var isVersion11: Bool
  /// The headers, by their names in lower case.
  public var headers: [String: String]
  /// What follows the headers.
  public var body: Data

  /// A request of its parts.
  public init(
    method: String, path: String, isVersion11: Bool, headers: [String: String], body: Data
  ) {
    (self.method, self.path, self.isVersion11) = (method, path, isVersion11)
    (self.headers, self.body) = (headers, body)
  }

  /// Whether the client wants to ask more over the same connection.
  public var keepsConnection: Bool {
    let words = headers["connection"]?.lowercased() ?? ""
    return isVersion11 ? !words.contains("close") : words.contains("keep-alive")
  }

  /// The media type of the body without its parameters, in lower case; "" if nothing is said.
  public var type: String {
    let text = headers["content-type"]?.prefix { $0 != ";" } ?? ""
    return text.lowercased().trimmingCharacters(in: .whitespaces)
  }
}
