import CPJRT

/// What a plugin says went wrong in one call, in XLA's own words.
public struct XLAError: Error, Sendable {
  /// The kind of failure.
  public enum Code: Int32, Sendable {
    case cancelled = 1
    case unknown = 2
    case invalidArgument = 3
    case deadlineExceeded = 4
    case notFound = 5
    case alreadyExists = 6
    case permissionDenied = 7
    case resourceExhausted = 8
    case failedPrecondition = 9
    case aborted = 10
    case outOfRange = 11
    case unimplemented = 12
    case internalError = 13
    case unavailable = 14
    case dataLoss = 15
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
  /// Throws the error that a call answered, if it did.
  func check(_ error: OpaquePointer?) throws(XLAError) {
    if let error { throw XLAError(error, of: self) }
  }
}

extension String {
  /// The text that a plugin answered as a pointer and a size.
  init(_ text: UnsafePointer<CChar>?, _ size: Int) {
    guard let text, size > 0 else {
      self = ""
      return
    }
    self = String(
      decoding: UnsafeRawBufferPointer(start: text, count: size), as: Unicode.UTF8.self)
  }
}
