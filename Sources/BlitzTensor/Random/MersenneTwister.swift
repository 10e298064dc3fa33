/// The 32-bit Mersenne Twister, mt19937: the source of every random number in Blitz.
///
/// M. Matsumoto and T. Nishimura, "Mersenne Twister", ACM TOMACS 8 (1998). Seeding is the authors'
/// 2002 `init_genrand`, which PyTorch uses with the low 32 bits of its 64-bit seed.
///
/// The state advances 624 words at a time. Both passes, advancing and tempering, are plain loops
/// over unsafe pointers without a carried dependency, so that the compiler vectorises them.
struct MersenneTwister: Sendable {
  /// Words of state, and so the numbers made by one advance.
  static let length = 624

  /// The distance of the word that each word is mixed with.
  private static let offset = 397

  /// The state proper.
  private(set) var words: [UInt32]

  /// The next word of `tempered` to hand out, `length` when all are spent.
  private(set) var position: Int

  /// `words` after the output transformation.
  private var tempered: [UInt32]

  /// The twister in its state after `init_genrand(seed)`.
  init(seed: UInt32) {
    words = [UInt32](repeating: seed, count: Self.length)
    for i in 1..<Self.length {
      let last = words[i - 1]
      words[i] = 1_812_433_253 &* (last ^ (last >> 30)) &+ UInt32(i)
    }
    tempered = [UInt32](repeating: 0, count: Self.length)
    position = Self.length
  }

  /// The twister in a stored state; nil unless there are 624 words and `position` is 0 to 624.
  init?(words: [UInt32], position: Int) {
    guard words.count == Self.length, (0...Self.length).contains(position) else { return nil }
    self.words = words
    self.position = position
    tempered = [UInt32](repeating: 0, count: Self.length)
    temper()
  }

  /// The next 32 random bits.
  mutating func next() -> UInt32 {
    if position == Self.length { advance() }
    defer { position += 1 }
    return tempered[position]
  }

  /// The next 64 random bits: the first draw is the upper half, as in PyTorch's `random64`.
  mutating func next64() -> UInt64 {
    let upper = next()
    return UInt64(upper) << 32 | UInt64(next())
  }

  /// Calls `body(i, bits)` with 32 new bits for each i in 0..<count.
  @inline(__always)
  mutating func forEachWord(_ count: Int, _ body: (Int, UInt32) -> Void) {
    var done = 0
    while done < count {
      if position == Self.length { advance() }
      let run = min(count - done, Self.length - position)
      tempered.withUnsafeBufferPointer { source in
        let from = source.baseAddress.unsafelyUnwrapped + position
        for i in 0..<run { body(done &+ i, from[i]) }
      }
      position += run
      done += run
    }
  }

  /// Calls `body(i, bits)` with 64 new bits for each i in 0..<count.
  @inline(__always)
  mutating func forEachPair(_ count: Int, _ body: (Int, UInt64) -> Void) {
    var done = 0
    while done < count {
      let run = min(count - done, (Self.length - position) / 2)
      if run == 0 {
        // No word is left, or one: a pair may straddle two advances.
        body(done, next64())
        done += 1
        continue
      }
      tempered.withUnsafeBufferPointer { source in
        let from = source.baseAddress.unsafelyUnwrapped + position
        for i in 0..<run {
          body(done &+ i, UInt64(from[2 &* i]) << 32 | UInt64(from[2 &* i &+ 1]))
        }
      }
      position += 2 * run
      done += run
    }
  }

  /// Makes the next 624 words.
  private mutating func advance() {
    words.withUnsafeMutableBufferPointer { buffer in
      let w = buffer.baseAddress.unsafelyUnwrapped
      let length = Self.length
      let offset = Self.offset
      for i in 0..<(length &- offset) {
        w[i] = w[i &+ offset] ^ Self.twist(w[i], w[i &+ 1])
      }
      for i in (length &- offset)..<(length &- 1) {
        w[i] = w[i &+ offset &- length] ^ Self.twist(w[i], w[i &+ 1])
      }
      w[length &- 1] = w[offset &- 1] ^ Self.twist(w[length &- 1], w[0])
    }
    temper()
    position = 0
  }

  /// The top bit of `u` joined to the lower bits of `v`, times the twist matrix.
  @inline(__always)
  private static func twist(_ u: UInt32, _ v: UInt32) -> UInt32 {
    let joined = (u & 0x8000_0000) | (v & 0x7fff_ffff)
    return (joined >> 1) ^ ((0 &- (v & 1)) & 0x9908_b0df)
  }

  /// Fills `tempered` from `words`.
  private mutating func temper() {
    words.withUnsafeBufferPointer { source in
      tempered.withUnsafeMutableBufferPointer { target in
        let s = source.baseAddress.unsafelyUnwrapped
        let t = target.baseAddress.unsafelyUnwrapped
        for i in 0..<Self.length {
          var y = s[i]
          y ^= y >> 11
          y ^= (y << 7) & 0x9d2c_5680
          y ^= (y << 15) & 0xefc6_0000
          y ^= y >> 18
          t[i] = y
        }
      }
    }
  }
}
