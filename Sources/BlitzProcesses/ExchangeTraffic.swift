/// The cost so far, for one process, of adding up numbers over all processes.
public struct ExchangeTraffic: Sendable, Hashable {
  /// The number of sums.
  public var count = 0
  /// The number of floats that were added up, of 4 bytes each.
  public var numbers = 0
  /// The bytes that this process has sent; nil if the library does not say.
  public var bytes: Int?
  /// The seconds from the calls to their returns, with the waiting for slower processes.
  public var seconds = 0.0

  /// Starts at zero.
  public init(bytes: Int? = nil) { self.bytes = bytes }

  /// Adds a sum.
  public mutating func add(_ numbers: Int, since start: ContinuousClock.Instant) {
    count += 1
    self.numbers += numbers
    seconds += (ContinuousClock.now - start) / .seconds(1)
  }
}
