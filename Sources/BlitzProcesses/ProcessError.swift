/// What went wrong between the processes of a job.
public struct ProcessError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The kind of failure.
  public enum Kind: Sendable, Hashable {
    /// Nobody listens there, or the address says nothing.
    case unreachable
    /// The other side does not want this process: another token, job or version.
    case refused
    /// It did not come in time.
    case timedOut
    /// Another process of the job, or the rendezvous, has ended without a goodbye.
    case lost
    /// Bytes that are no message of the protocol, or a message that is too large.
    case malformed
  }

  /// The kind of failure.
  public let kind: Kind
  /// What was wrong, with the values, and what to do instead.
  public let description: String

  /// A failure in words.
  public init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }
}
