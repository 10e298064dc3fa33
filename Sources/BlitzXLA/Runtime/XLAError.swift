import CPJRT

/// What a plugin says went wrong in one call, in XLA's own words.
public struct XLAError: Error, Sendable {
  /// The kind of failure.
  public enum Code: Int32, Sendable {
    /// The caller gave it up.
    case cancelled = 1
    /// There is no better word.
    case unknown = 2
    /// What was given cannot be right.
    case invalidArgument = 3
    /// It took too long.
    case deadlineExceeded = 4
    /// Something that was named is not there.
    case notFound = 5
    /// What was to be made is there.
    case alreadyExists = 6
    /// It is not allowed.
    case permissionDenied = 7
    /// Memory, or another thing that runs out, has.
    case resourceExhausted = 8
    /// Something has to happen first.
    case failedPrecondition = 9
    /// Something else got in the way.
    case aborted = 10
    /// Beyond the end.
    case outOfRange = 11
    /// The plugin cannot do this.
    case unimplemented = 12
    /// The plugin found a mistake of its own.
    case internalError = 13
    /// Not now; it may work later.
    case unavailable = 14
    /// Bytes are lost or damaged.
    case dataLoss = 15
    /// It does not know who asks.
    case unauthenticated = 16
  }

  /// The kind of failure.
  public let code: Code
  /// XLA's message, whole.
  public let message: String

  init(code: Code, message: String) {
    self.code = code
    self.message = message
  }

  /// Takes over an error of a plugin.
  init(_ error: OpaquePointer, of table: UnsafePointer<blz_pjrt_table>) {
    var size = 0
    let text = blz_error_text(table, error, &size)
    message = String(text, size)
    code = Code(rawValue: blz_error_code(table, error)) ?? .unknown
    blz_error_destroy(table, error)
  }
}

extension XLAError: CustomStringConvertible {
  /// The code and XLA's message.
  public var description: String { "\(code): \(message)" }
}

extension UnsafePointer<blz_pjrt_table> {
  /// Throws the error that a call returned, if it did.
  func check(_ error: OpaquePointer?) throws(XLAError) {
    if let error { throw XLAError(error, of: self) }
  }
}

extension String {
  /// The text that a plugin returned as a pointer and a size.
  init(_ text: UnsafePointer<CChar>?, _ size: Int) {
    guard let text, size > 0 else {
      self = ""
      return
    }
    self = String(
      decoding: UnsafeRawBufferPointer(start: text, count: size), as: Unicode.UTF8.self)
  }
}
