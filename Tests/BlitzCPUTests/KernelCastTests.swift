import CKernels
import Testing

/// Casts between dtypes, against Swift's own conversions.
@Suite("Kernel casts")
struct KernelCastTests {
  static func cast<S: BitwiseCopyable, D: BitwiseCopyable>(
    _ source: [S], _ from: Int, _ to: Int, zero: D
  ) -> [D] {
    var out = [D](repeating: zero, count: source.count)
    out.withUnsafeMutableBytes { out in
      source.withUnsafeBytes {
        blz_cast(
          out.baseAddress, Int32(to), $0.baseAddress, Int32(from), Int64(source.count))
      }
    }
    return out
  }

  @Test("floats to integers truncate and saturate, NaN gives 0")
  func saturation() {
    let x: [Float] = [
      1.9, -1.9, .nan, .infinity, -.infinity, 3e9, -3e9, 300, -1, -0.5, 2_147_483_520,
    ]
    #expect(
      Self.cast(x, BLZ_F32, BLZ_I32, zero: Int32(0))
        == [1, -1, 0, .max, .min, .max, .min, 300, -1, 0, 2_147_483_520])
    #expect(
      Self.cast(x, BLZ_F32, BLZ_U8, zero: UInt8(0)) == [1, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255])
    #expect(
      Self.cast(x.map(Double.init), BLZ_F64, BLZ_I64, zero: 0)
        == [1, -1, 0, .max, .min, 3_000_000_000, -3_000_000_000, 300, -1, 0, 2_147_483_520])
    let edges: [Double] = [-2_147_483_648.5, 2_147_483_647.5, 2_147_483_648]
    #expect(
      Self.cast(
        edges, BLZ_F64, BLZ_I32, zero: Int32(0))
        == [.min, .max, .max])
  }

  @Test("anything to bool asks whether it is not zero; NaN is not")
  func bools() {
    #expect(
      Self.cast([0, -0, 2, .nan] as [Float], BLZ_F32, BLZ_BOOL, zero: true)
        == [false, false, true, true])
    #expect(Self.cast([0, 256, -1], BLZ_I64, BLZ_BOOL, zero: true) == [false, true, true])
    #expect(Self.cast([true, false], BLZ_BOOL, BLZ_F64, zero: 0.5) == [1, 0])
  }

  @Test("integers to narrower integers wrap")
  func wrapping() {
    let x = [1 << 32 + 5, -1, 300]
    #expect(
      Self.cast(x, BLZ_I64, BLZ_I32, zero: Int32(0)) == x.map { Int32(truncatingIfNeeded: $0) })
    #expect(
      Self.cast(x, BLZ_I64, BLZ_U8, zero: UInt8(0)) == x.map { UInt8(truncatingIfNeeded: $0) })
  }

  @Test("every float16 survives the way to float32 and back")
  func halfRoundTrip() {
    let all = (0...UInt16.max).map { $0 }
    let floats = Self.cast(all, BLZ_F16, BLZ_F32, zero: Float(0))
    let back = Self.cast(floats, BLZ_F32, BLZ_F16, zero: UInt16(0))
    for bits in all {
      let half = Float16(bitPattern: bits)
      let float = floats[Int(bits)]
      #expect(half.isNaN ? float.isNaN : float == Float(half) && float.sign == half.sign)
      #expect(half.isNaN ? Float16(bitPattern: back[Int(bits)]).isNaN : back[Int(bits)] == bits)
    }
  }

  @Test("rounding to float16 is to nearest even, once, from float32, float64 and int64")
  func halfRounding() {
    let patterns = stride(from: 0, through: Int(UInt32.max), by: 70_001)
    let floats = patterns.map { Float(bitPattern: UInt32($0)) }.filter { !$0.isNaN }
    #expect(
      Self.cast(floats, BLZ_F32, BLZ_F16, zero: UInt16(0)) == floats.map { Float16($0).bitPattern })
    // Just above the middle between two halves, by less than a float can say.
    let doubles = [
      1 + 0x1p-11 + 0x1p-40, 1 + 0x1p-11, 1 + 0x3p-11 - 0x1p-40, 65519.999_999_9, 65520,
    ]
    #expect(
      Self.cast(doubles, BLZ_F64, BLZ_F16, zero: UInt16(0))
        == doubles.map { Float16($0).bitPattern })
    let integers = [2049, -2049, 2051, 65519, 65520, .max, .min]
    #expect(
      Self.cast(integers, BLZ_I64, BLZ_F16, zero: UInt16(0))
        == integers.map { Float16($0).bitPattern })
  }

  @Test("rounding to bfloat16 is to nearest even, once")
  func brainRounding() {
    let up = Float(bitPattern: 0x3f80_8001), tie = Float(bitPattern: 0x3f80_8000)
    let odd = Float(bitPattern: 0x3f81_8000)
    let got = Self.cast(
      [up, tie, odd, .infinity, -.greatestFiniteMagnitude, .nan], BLZ_F32, BLZ_BF16, zero: UInt16(0)
    )
    #expect(Array(got[..<5]) == [0x3f81, 0x3f80, 0x3f82, 0x7f80, 0xff80])
    #expect(got[5] & 0x7fff > 0x7f80)
    #expect(Self.cast([1 + 0x1p-8 + 0x1p-40], BLZ_F64, BLZ_BF16, zero: UInt16(0)) == [0x3f81])
    // 2^62 + 2^54 is the middle between two bfloat16; one more must round up.
    #expect(
      Self.cast([1 << 62 + 1 << 54, 1 << 62 + 1 << 54 + 1], BLZ_I64, BLZ_BF16, zero: UInt16(0))
        == [0x5e80, 0x5e81])
    #expect(Self.cast([UInt16(0x5e81)], BLZ_BF16, BLZ_F32, zero: Float(0)) == [0x1p62 + 0x1p55])
  }
}
