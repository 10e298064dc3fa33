/// What adding numbers up over processes has cost one of them.
public struct ExchangeTraffic: Sendable, Hashable {
  /// Sums.
  public var count = 0
  /// Numbers that were added up, each of 4 bytes.
  public var numbers = 0
  /// Bytes that this process has sent, or nil where the library does not say.
  public var bytes: Int?
  /// Seconds from the calls to their returns: waiting for slower processes counts.
  public var seconds = 0.0

  /// Nothing yet.
  public init(bytes: Int? = nil) { self.bytes = bytes }

  /// Counts a sum.
  public mutating func add(_ numbers: Int, since start: ContinuousClock.Instant) {
    count += 1
    self.numbers += numbers
    seconds += (ContinuousClock.now - start) / .seconds(1)
  }
}
