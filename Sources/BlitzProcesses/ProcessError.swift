/// An error between the processes of a job.
public struct ProcessError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The kind of error.
  public enum Kind: Sendable, Hashable {
    /// Nobody listens at the address, or its name cannot be resolved.
    case unreachable
    /// The other side refuses this process: another token, job or version.
    case refused
    /// Something did not happen in time.
    case timedOut
    /// Another process of the job, or the rendezvous, has ended without a goodbye.
    case lost
    /// Bytes that are not a message of the protocol, or a message that is too large.
    case malformed
  }

  /// The kind of error.
  public let kind: Kind
  /// What is wrong, with the values, and what to do instead.
  public let description: String

  /// Makes an error with a description.
  public init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }
}
