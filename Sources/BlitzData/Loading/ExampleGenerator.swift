/// The source of random numbers for one example in one epoch.
///
/// SplitMix64 (G. Steele, D. Lea and C. Flood, "Fast splittable pseudorandom number generators",
/// 2014): it takes a nanosecond to start, where `Generator` first makes 624 words. It is a
/// `RandomNumberGenerator`, so it can be passed to `Float.random(in:using:)` and the like.
public struct ExampleGenerator: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// The generator of an example: the same for the same seed of the epoch and index.
  public init(seed: UInt64, index: Int) {
    // Mixed, so that the next example's numbers are not these, moved by one.
    var mixer = ExampleGenerator(state: UInt64(truncatingIfNeeded: index))
    state = seed ^ mixer.next()
  }

  private init(state: UInt64) { self.state = state }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// An integer from 0 to below `bound`, the same in every version of Swift.
  mutating func next(below bound: UInt64) -> UInt64 {
    next().multipliedFullWidth(by: bound).high
  }

  /// A number from 0 to below 1.
  mutating func nextUnit() -> Double { Double(next() >> 11) * 0x1p-53 }
}
