extension Generator {
  /// Fills `buffer` with integers from `low` up to, not including, `high`.
  ///
  ///     x = bits mod (high - low) + low
  ///
  /// Takes 32 bits a number where `high - low` is under 2^28, 64 from there on. The remainder
  /// favours small numbers by less than 1 in 16 for the widest ranges; so it is in PyTorch.
  func fillIntegers<T: FixedWidthInteger>(
    _ buffer: UnsafeMutableBufferPointer<T>, from low: Int64, to high: Int64
  ) throws(DrawError) {
    try DrawError.checkRange(low: low, high: high, type: T.self)
    guard let x = buffer.baseAddress else { return }
    let width = UInt64(bitPattern: high &- low)
    core.withLock { core in
      if width < 1 << 28 {
        // The remainder by two products: D. Lemire, O. Kaser and N. Kurz, "Faster remainder by
        // direct computation", 2019. Exact for 32-bit operands.
        let inverse = UInt64.max / width &+ 1
        core.twister.forEachWord(buffer.count) { i, bits in
          let remainder = (inverse &* UInt64(bits)).multipliedFullWidth(by: width).high
          x[i] = T(truncatingIfNeeded: low &+ Int64(bitPattern: remainder))
        }
      } else {
        core.twister.forEachPair(buffer.count) { i, bits in
          x[i] = T(truncatingIfNeeded: low &+ Int64(bitPattern: bits % width))
        }
      }
    }
  }

  /// Fills `buffer` with the numbers 0, 1, ..., count - 1 in random order.
  ///
  /// A Fisher-Yates shuffle: from the front, with 32 bits for each number but the last; from
  /// 214,748,364 numbers up PyTorch takes 64 bits a number and builds from the inside out.
  func fillPermutation<T: FixedWidthInteger>(
    _ buffer: UnsafeMutableBufferPointer<T>
  ) throws(DrawError) {
    let count = buffer.count
    if count > 0 { try DrawError.checkRange(low: 0, high: Int64(count), type: T.self) }
    guard let x = buffer.baseAddress else { return }
    core.withLock { core in
      if count < Int(UInt32.max / 20) {
        for i in 0..<count { x[i] = T(truncatingIfNeeded: i) }
        core.twister.forEachWord(max(count - 1, 0)) { i, bits in
          let j = i &+ Int(truncatingIfNeeded: bits % UInt32(truncatingIfNeeded: count &- i))
          let moved = x[i]
          x[i] = x[j]
          x[j] = moved
        }
      } else {
        core.twister.forEachPair(count) { i, bits in
          let j = Int(truncatingIfNeeded: bits % UInt64(i &+ 1))
          x[i] = T(truncatingIfNeeded: i)
          x[i] = x[j]
          x[j] = T(truncatingIfNeeded: i)
        }
      }
    }
  }
}
