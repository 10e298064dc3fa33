import CPJRT

/// An error of a plugin's call, in XLA's own words.
public struct XLAError: Error, Sendable {
  /// The kind of error, as in absl's status codes.
  public enum Code: Int32, Sendable {
    /// The caller has cancelled the call.
    case cancelled = 1
    /// An error of no other kind.
    case unknown = 2
    /// An argument is invalid.
    case invalidArgument = 3
    /// The call took too long.
    case deadlineExceeded = 4
    /// There is nothing of that name.
    case notFound = 5
    /// The thing to be made already exists.
    case alreadyExists = 6
    /// The call is not permitted.
    case permissionDenied = 7
    /// Memory or another resource has run out.
    case resourceExhausted = 8
    /// The state does not allow the call.
    case failedPrecondition = 9
    /// Something else has interrupted the call.
    case aborted = 10
    /// An argument is out of range.
    case outOfRange = 11
    /// The plugin does not implement the call.
    case unimplemented = 12
    /// The plugin has found a fault of its own.
    case internalError = 13
    /// The call cannot be made now, but may work later.
    case unavailable = 14
    /// Data is lost or damaged.
    case dataLoss = 15
    /// The caller is not known.
    case unauthenticated = 16
  }

  /// The kind of error.
  public let code: Code
  /// XLA's message, in full.
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
