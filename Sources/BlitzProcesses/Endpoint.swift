/// The address on which a process listens: a host's name or address, and a port.
public struct Endpoint: Sendable, Hashable, CustomStringConvertible {
  /// A name or an address; IPv6 without brackets.
  public var host: String
  /// The port, from 1 to 65535, or 0 for one that the system chooses.
  public var port: UInt16

  /// Makes an endpoint of a host and a port.
  public init(host: String, port: UInt16) {
    self.host = host
    self.port = port
  }

  /// Reads `10.0.0.1:7070`, `node1:7070` or `[fe80::1]:7070`.
  ///
  /// - Throws: `ProcessError` for text of another form.
  public init(_ text: String) throws(ProcessError) {
    var host = Substring(text), port = Substring()
    if let colon = text.lastIndex(of: ":") {
      (host, port) = (text[..<colon], text[text.index(after: colon)...])
    }
    if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
    guard !host.isEmpty, let number = UInt16(port) else {
      throw ProcessError(
        .unreachable, "\"\(text)\" is not an address with a port; write one as 10.0.0.1:7070")
    }
    self.init(host: String(host), port: number)
  }

  /// `10.0.0.1:7070`, `[fe80::1]:7070`
  public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
