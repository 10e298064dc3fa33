/// The numbers that PyTorch makes normal together.
let normalBlock = 16

/// Eight floats, computed on together.
private typealias Floats = SIMD8<Float>

/// Turns blocks of 16 uniform floats into normals: numbers 0 to 7 of a block are the radii, 8 to
/// 15 the angles.
///
///     r = sqrt(-2 ln(1 - d[j])),  t = 2 pi d[j + 8]
///     d[j] = r cos(t) std + mean,  d[j + 8] = r sin(t) std + mean
///
/// `1 - d[j]` and `t` are rounded to float as in PyTorch: an angle's last bit counts more than all
/// the rest. The logarithm, sine and cosine are Taylor polynomials on reduced arguments, within
/// 1.5 units in the last place, in vectors of eight (PyTorch's are others, hence its last bits).
func transformToNormals(
  _ x: UnsafeMutablePointer<Float>, blocks: Int, mean: Float, std: Float
) {
  let data = UnsafeMutableRawPointer(x)
  let half = MemoryLayout<Floats>.size
  for block in 0..<blocks {
    let first = data + 2 * half * block
    let second = first + half
    let radius = root(-2 * logarithm(1 - first.loadUnaligned(as: Floats.self)))
    let (sine, cosine) = sineAndCosine(twoPi * second.loadUnaligned(as: Floats.self))
    first.storeBytes(of: radius * cosine * std + mean, as: Floats.self)
    second.storeBytes(of: radius * sine * std + mean, as: Floats.self)
  }
}

/// 2 pi to the nearest float, which is above it; twice `Float.pi`, rounded down, is another number.
private let twoPi: Float = 0x1.921fb6p2

/// 1.5 * 2^23: adding it to a small float rounds that to an integer, which is then in the low bits.
private let roundingShift: Float = 0x1.8p23

/// ln(x) for normal, positive, finite x.
@inline(__always)
private func logarithm(_ x: Floats) -> Floats {
  // x = m 2^e with m from sqrt(1/2) to sqrt(2).
  let bits = unsafeBitCast(x, to: SIMD8<Int32>.self)
  let rootHalf = SIMD8<Int32>(repeating: Int32(bitPattern: Float(0.5).squareRoot().bitPattern))
  let e = (bits &- rootHalf) &>> 23
  let m = unsafeBitCast(bits &- (e &<< 23), to: Floats.self)
  let shiftBits = SIMD8<Int32>(repeating: Int32(bitPattern: roundingShift.bitPattern))
  let exponent = unsafeBitCast(e &+ shiftBits, to: Floats.self) - roundingShift

  // ln(m) = 2 artanh(s) = 2 (s + s^3/3 + s^5/5 + ...), |s| < 0.1716; the next term is under 2e-9.
  let s = (m - 1) / (m + 1)
  let z = s * s
  var p = z * (1 / 9.0) + (1 / 7.0)
  p = p * z + (1 / 5.0)
  p = p * z + (1 / 3.0)
  // ln 2 in two parts: the first has so few bits that exponent times it is exact.
  let ln2Upper: Float = 0x1.62ep-1
  let ln2Lower: Float = 0x1.0bfbe8p-15
  return exponent * ln2Upper + (2 * s + (2 * s * z * p + exponent * ln2Lower))
}

/// The square root of x, 0 or normal: by Newton's steps, since `squareRoot()` on a vector becomes
/// eight branches, each with a call of the C library for negative numbers.
@inline(__always)
private func root(_ x: Floats) -> Floats {
  // Halving the exponent's bits gives 1 / sqrt(x) within 3.5 %; a step squares the error.
  let bits = unsafeBitCast(x, to: SIMD8<Int32>.self)
  var y = unsafeBitCast(0x5f37_59df &- (bits &>> 1), to: Floats.self)
  let halved = 0.5 * x
  y = y * (1.5 - halved * y * y)
  y = y * (1.5 - halved * y * y)
  y = y * (1.5 - halved * y * y)
  // The last step is on the root itself, where its rounding is least.
  let guess = x * y
  return guess + 0.5 * y * (x - guess * guess)
}

/// sin(t) and cos(t) for t from 0 to 2 pi.
@inline(__always)
private func sineAndCosine(_ t: Floats) -> (sine: Floats, cosine: Floats) {
  // t = q pi/2 + r with q from 0 to 4 and |r| <= pi/4. The first part of pi/2 has 21 bits, so
  // that q times it is exact, and so is the difference.
  let shifted = t * (4 / twoPi) + roundingShift
  let q = shifted - roundingShift
  let upper: Float = 0x1.921fbp0
  let lower: Float = 0x1.5110b4p-22
  let r = (t - q * upper) - q * lower
  let z = r * r

  var s = z * (1 / 362_880.0) - (1 / 5_040.0)
  s = s * z + (1 / 120.0)
  s = s * z - (1 / 6.0)
  let sine = r + r * z * s

  var c = z * (-1 / 3_628_800.0) + (1 / 40_320.0)
  c = c * z - (1 / 720.0)
  c = c * z + (1 / 24.0)
  let cosine = 1 + (z * z * c - 0.5 * z)

  // Odd quadrants swap the two; bit 1 of q, and of q + 1, is the sign of the sine and the cosine.
  let quadrant = unsafeBitCast(shifted, to: SIMD8<UInt32>.self)
  let swap = 0 &- (quadrant & 1)
  let a = unsafeBitCast(sine, to: SIMD8<UInt32>.self)
  let b = unsafeBitCast(cosine, to: SIMD8<UInt32>.self)
  let difference = (a ^ b) & swap
  let sineSign = (quadrant & 2) &<< 30
  let cosineSign = ((quadrant &+ 1) & 2) &<< 30
  return (
    unsafeBitCast(a ^ difference ^ sineSign, to: Floats.self),
    unsafeBitCast(b ^ difference ^ cosineSign, to: Floats.self)
  )
}
