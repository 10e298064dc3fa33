import CKernels
import Foundation
import Testing

/// float32 functions against the double functions of the C library, casts, and integer ops.
@Suite("Kernel arithmetic")
struct KernelMathTests {
  /// A function, its reference, and how far it may be from the exact value, in ulp.
  struct Function: CustomTestStringConvertible, Sendable {
    var name: String
    var op: Int
    var bound: Double
    var reference: @Sendable (Double) -> Double
    var testDescription: String { name }
  }

  static let functions: [Function] = [
    Function(name: "exp", op: BLZ_EXP, bound: 1) { exp($0) },
    Function(name: "expm1", op: BLZ_EXPM1, bound: 1.5) { expm1($0) },
    Function(name: "log", op: BLZ_LOG, bound: 1) { log($0) },
    Function(name: "log1p", op: BLZ_LOG1P, bound: 1.5) { log1p($0) },
    Function(name: "sqrt", op: BLZ_SQRT, bound: 0.5) { $0.squareRoot() },
    Function(name: "rsqrt", op: BLZ_RSQRT, bound: 1.5) { 1 / $0.squareRoot() },
    Function(name: "sin", op: BLZ_SIN, bound: 1) { sin($0) },
    Function(name: "cos", op: BLZ_COS, bound: 1) { cos($0) },
    Function(name: "tan", op: BLZ_TAN, bound: 1.5) { tan($0) },
    Function(name: "tanh", op: BLZ_TANH, bound: 1.5) { tanh($0) },
    Function(name: "sigmoid", op: BLZ_SIGMOID, bound: 2.3) { 1 / (1 + exp(-$0)) },
    Function(name: "erf", op: BLZ_ERF, bound: 1.5) { erf($0) },
  ]

  static let specials: [Float] = [
    0, -0, .infinity, -.infinity, .nan, .leastNonzeroMagnitude, -.leastNonzeroMagnitude,
    .leastNormalMagnitude, .greatestFiniteMagnitude, -.greatestFiniteMagnitude, 1, -1, 0.5, 2,
    88.72283, 88.73, -87.4, -103.97, -104.5, -1.000_000_1, -0.999_999_94, 1e5, -1e5, 100_001,
    1e10, 0.625, 4, 10,
  ]

  /// The distance from the exact value in units of the last place of the result.
  static func ulps(_ got: Float, _ exact: Double) -> Double {
    if exact.isNaN || got.isNaN { return exact.isNaN && got.isNaN ? 0 : .infinity }
    let rounded = Float(exact)
    if rounded.isInfinite || got.isInfinite { return rounded == got ? 0 : .infinity }
    if rounded == 0 && got == 0 { return exact != 0 || rounded.sign == got.sign ? 0 : .infinity }
    let unit = Double(max(rounded.ulp, .leastNonzeroMagnitude))
    return abs(Double(got) - exact) / unit
  }

  static func expectWithin(
    _ bound: Double, _ got: [Float], _ exact: (Int) -> Double, _ argument: (Int) -> String
  ) {
    var worst = 0
    for place in got.indices where ulps(got[place], exact(place)) > ulps(got[worst], exact(worst)) {
      worst = place
    }
    let distance = ulps(got[worst], exact(worst))
    #expect(
      distance <= bound,
      "at \(argument(worst)): got \(got[worst]), exact \(exact(worst)), \(distance) ulp")
  }

  @Test("is within its bound of the exact value over all of float32", arguments: functions)
  func sweep(function: Function) {
    let sweep = stride(from: 0, through: Int(UInt32.max), by: 50_021)
    let arguments = sweep.map { Float(bitPattern: UInt32($0)) } + Self.specials
    let got = elementwise(function.op, BLZ_F32, [arguments], zero: Float(0))
    Self.expectWithin(function.bound, got) {
      function.reference(Double(arguments[$0]))
    } _: {
      "\(arguments[$0])"
    }
  }

  @Test("computes one element as it computes many", arguments: functions)
  func single(function: Function) {
    for argument in Self.specials {
      let got = elementwise(function.op, BLZ_F32, [[argument]], zero: Float(0))
      Self.expectWithin(function.bound, got) { _ in
        function.reference(Double(argument))
      } _: { _ in
        "\(argument)"
      }
    }
  }

  @Test("raises to powers within 1 ulp, special cases as in C")
  func power() {
    var random = SystemRandomNumberGenerator()
    var bases: [Float] = [], exponents: [Float] = []
    for base in Self.specials + [3, -3, -2.5] {
      for exponent in Self.specials + [3, -3, -2.5, 16_777_215, 16_777_216] {
        bases.append(base)
        exponents.append(exponent)
      }
    }
    for place in 0..<20_000 {
      bases.append(exp(Float.random(in: -80...80, using: &random)))
      exponents.append(Float.random(in: -3...3, using: &random))
      bases.append(Float.random(in: -20...20, using: &random))
      exponents.append(Float(place % 41 - 20))
    }
    let got = elementwise(BLZ_POW, BLZ_F32, [bases, exponents], zero: Float(0))
    Self.expectWithin(1, got) {
      pow(Double(bases[$0]), Double(exponents[$0]))
    } _: {
      "\(bases[$0]), \(exponents[$0])"
    }
  }

  @Test("finds angles within 2.5 ulp, special cases as in C")
  func angle() {
    var random = SystemRandomNumberGenerator()
    var heights: [Float] = [], widths: [Float] = []
    for height in Self.specials {
      for width in Self.specials {
        heights.append(height)
        widths.append(width)
      }
    }
    for place in 0..<40_000 {
      let sign: Float = place % 2 == 0 ? 1 : -1
      heights.append(exp(Float.random(in: -80...80, using: &random)))
      widths.append(sign * exp(Float.random(in: -80...80, using: &random)))
      heights.append(Float.random(in: -2...2, using: &random))
      widths.append(Float.random(in: -2...2, using: &random))
    }
    let got = elementwise(BLZ_ATAN2, BLZ_F32, [heights, widths], zero: Float(0))
    Self.expectWithin(2.5, got) {
      atan2(Double(heights[$0]), Double(widths[$0]))
    } _: {
      "\(heights[$0]), \(widths[$0])"
    }
  }

  @Test("integer division, remainder and power have no traps")
  func integers() {
    let x: [Int32] = [7, -7, 7, -7, 5, .min, 0, 2, -1, 3, -1]
    let y: [Int32] = [2, 2, -2, -2, 0, -1, 3, -1, -3, 40, -2]
    #expect(
      elementwise(BLZ_DIV, BLZ_I32, [x, y], zero: Int32(0))
        == [3, -3, -3, 3, 0, .min, 0, -2, 0, 0, 0])
    #expect(
      elementwise(BLZ_REM, BLZ_I32, [x, y], zero: Int32(0)) == [
        1, 1, -1, -1, 0, 0, 0, 0, -1, 3, -1,
      ]
    )
    #expect(
      elementwise(BLZ_POW, BLZ_I32, [x, y], zero: Int32(0))
        == [
          49, 49, 0, 0, 1, 0, 0, 0, -1,
          Int32(truncatingIfNeeded: 12_157_665_459_056_928_801 as UInt64), 1,
        ])
  }

  @Test("minimum and maximum give NaN if either is NaN; remainder has the divisor's sign")
  func floats() {
    let x: [Float] = [.nan, 1, 2, -5, 5, 5], y: [Float] = [1, .nan, 3, 3, -3, 0]
    let least = elementwise(BLZ_MIN, BLZ_F32, [x, y], zero: Float(0))
    let most = elementwise(BLZ_MAX, BLZ_F32, [x, y], zero: Float(0))
    #expect(least[0].isNaN && least[1].isNaN && most[0].isNaN && most[1].isNaN)
    #expect(Array(least[2...]) == [2, -5, -3, 0] && Array(most[2...]) == [3, 3, 5, 5])
    let remainder = elementwise(BLZ_REM, BLZ_F32, [x, y], zero: Float(0))
    #expect(Array(remainder[3...4]) == [1, -1] && remainder[5].isNaN)
    let isNaN = elementwise(BLZ_ISNAN, BLZ_F32, [x], zero: false)
    #expect(isNaN == [true, false, false, false, false, false])
  }
}
