extension Generator {
  /// Fills `buffer` with numbers spread evenly over `from..<to`.
  ///
  ///     u = (bits mod 2^24) / 2^24,  x = u (to - from) + from, rounded once
  ///
  /// Takes 32 bits a number. As in PyTorch, a number that rounding brings to `to` becomes `from`.
  func fillUniform(
    _ buffer: UnsafeMutableBufferPointer<Float>, from: Float = 0, to: Float = 1
  ) throws(DrawError) {
    try DrawError.checkBounds(from: from, to: to)
    guard let x = buffer.baseAddress else { return }
    core.withLock { core in
      if from == 0 && to == 1 {
        core.twister.forEachWord(buffer.count) { i, bits in x[i] = Float(unit: bits) }
      } else {
        let width = to - from
        core.twister.forEachWord(buffer.count) { i, bits in
          let number = roundedOnce(Float(unit: bits), times: width, plus: from)
          x[i] = number == to ? from : number
        }
      }
    }
  }

  /// Fills `buffer` with numbers spread evenly over `from..<to`.
  ///
  ///     u = (bits mod 2^53) / 2^53,  x = u (to - from) + from, rounded once
  ///
  /// Takes 64 bits a number. As in PyTorch, a number that rounding brings to `to` becomes `from`.
  func fillUniform(
    _ buffer: UnsafeMutableBufferPointer<Double>, from: Double = 0, to: Double = 1
  ) throws(DrawError) {
    try DrawError.checkBounds(from: from, to: to)
    guard let x = buffer.baseAddress else { return }
    core.withLock { core in
      if from == 0 {
        // Adding zero rounds nothing: the fused multiply-add is not needed.
        core.twister.forEachPair(buffer.count) { i, bits in
          let number = Double(unit: bits) * to
          x[i] = number == to ? from : number
        }
      } else {
        let width = to - from
        core.twister.forEachPair(buffer.count) { i, bits in
          let number = from.addingProduct(Double(unit: bits), width)
          x[i] = number == to ? from : number
        }
      }
    }
  }

  /// Fills `buffer` with numbers spread evenly over `from..<to` that become halves.
  ///
  /// As in PyTorch they are drawn as floats, and a number that rounding to `dtype` brings to `to`
  /// becomes `from`.
  func fillUniform(
    _ buffer: UnsafeMutableBufferPointer<Float>, from: Float, to: Float, roundedTo dtype: DType
  ) throws(DrawError) {
    try fillUniform(buffer, from: from, to: to)
    let bound = to.rounded(to: dtype)
    for i in buffer.indices where buffer[i].rounded(to: dtype) == bound { buffer[i] = from }
  }

  /// Fills `buffer` with ones, `probability` of them, and zeros, as PyTorch's `bernoulli_(p)`.
  ///
  /// Takes 64 bits a number. PyTorch's dropout draws its mask this way with the probability to
  /// keep.
  func fillBernoulli(
    _ buffer: UnsafeMutableBufferPointer<Float>, probability: Double
  ) throws(DrawError) {
    try DrawError.checkProbability(probability)
    guard let x = buffer.baseAddress else { return }
    core.withLock { core in
      core.twister.forEachPair(buffer.count) { i, bits in
        x[i] = Double(unit: bits) < probability ? 1 : 0
      }
    }
  }
}

extension Float {
  /// A number in 0..<1 of the lower 24 bits: every one is a float.
  @inline(__always)
  init(unit bits: UInt32) {
    // By way of Int32, for which every vector unit has a conversion.
    self = Float(Int32(bitPattern: bits & 0xff_ffff)) * 0x1p-24
  }
}

extension Float {
  /// The nearest number that a dtype of half precision holds, to even where two are as near.
  fileprivate func rounded(to dtype: DType) -> Float {
    switch dtype {
    case .float16: return Float(Float16(self))
    case .bfloat16:
      let even = bitPattern + 0x7fff + (bitPattern >> 16 & 1)
      return Float(bitPattern: even & 0xffff_0000)
    default: return self
    }
  }
}

extension Double {
  /// A number in 0..<1 of the lower 53 bits: every one is a double.
  @inline(__always)
  init(unit bits: UInt64) {
    self = Double(Int64(bitPattern: bits & 0x1f_ffff_ffff_ffff)) * 0x1p-53
  }
}

/// `a * b + c` rounded once, as the fused multiply-add that PyTorch's build uses.
///
/// Without a flag to the compiler a fused multiply-add is a call of the C library for each number.
/// In double the product is exact, and the sum is rounded to odd (S. Boldo and G. Melquiond,
/// "Emulation of FMA and correctly rounded sums", 2008), so that narrowing rounds as if once.
@inline(__always)
private func roundedOnce(_ a: Float, times b: Float, plus c: Float) -> Float {
  let product = Double(a) * Double(b)
  let addend = Double(c)
  let sum = product + addend
  let rest = sum - product
  let error = (product - (sum - rest)) + (addend - rest)
  // Inexact with an even last bit: step to the odd neighbour on the error's side.
  let bits = Int64(bitPattern: sum.bitPattern)
  let step: Int64 = (error > 0) == (sum > 0) ? 1 : -1
  let odd = error != 0 && bits & 1 == 0 ? bits &+ step : bits
  return Float(Double(bitPattern: UInt64(bitPattern: odd)))
}
