import Blitz
import Testing

/// Dtypes of whole numbers against Swift's own arithmetic, which wraps around as PyTorch's does.
@Suite struct WholeNumberTests {
  /// Numbers with the extremes among them, and divisors of which none is 0.
  private static func numbers<T: FixedWidthInteger>(_ type: T.Type) -> (x: [T], y: [T]) {
    var generator = SplitMix(state: UInt64(T.bitWidth))
    var x: [T] = [.min, .max, 0, 1, .max - 1, .min + 1]
    while x.count < 700 { x.append(.random(in: .min ... .max, using: &generator)) }
    let y = x.indices.map { $0 % 3 == 0 ? x[($0 * 7 + 5) % 700] : T(truncatingIfNeeded: $0 % 11) }
    return (x, y.map { $0 == 0 || ~$0 == 0 ? 3 : $0 })
  }

  private struct SplitMix: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9e37_79b9_7f4a_7c15
      var z = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
      z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
      return z ^ (z >> 31)
    }
  }

  private static func check<T: FixedWidthInteger & NestedElements>(
    _ type: T.Type
  ) throws where T.ElementType == T {
    let (x, y) = numbers(T.self)
    let (a, b) = (Tensor(x), Tensor(y))
    #expect(a.dtype == T.dtype && T.dtype.byteCount == T.bitWidth / 8)
    #expect(T.dtype.isSigned == T.isSigned)

    func equal(_ name: String, _ found: Tensor, _ expected: [T]) throws {
      #expect(found.dtype == T.dtype, "\(name): \(found.signature)")
      let same = try found.flattened().array(as: [T].self) == expected
      #expect(same, "\(T.self): \(name)")
    }
    func floorDivided(_ x: T, _ y: T) -> T {
      let (quotient, rest) = x.quotientAndRemainder(dividingBy: y)
      return rest != 0 && (rest < 0) != (y < 0) ? quotient - 1 : quotient
    }
    let pairs = Array(zip(x, y))
    try equal("+", a + b, pairs.map { $0 &+ $1 })
    try equal("-", a - b, pairs.map { $0 &- $1 })
    try equal("*", a * b, pairs.map { $0 &* $1 })
    try equal("x * x + 1", a * a + 1, x.map { $0 &* $0 &+ 1 })
    try equal("floorDivided", a.floorDivided(by: b), pairs.map { floorDivided($0, $1) })
    try equal("%", a % b, pairs.map { $0 &- floorDivided($0, $1) &* $1 })
    try equal("minimum", a.minimum(b), pairs.map { min($0, $1) })
    try equal("maximum", a.maximum(b), pairs.map { max($0, $1) })
    try equal("where", .where(a .< b, a, b), pairs.map { min($0, $1) })
    try equal("&", a .& b, pairs.map { $0 & $1 })
    try equal("|", a .| b, pairs.map { $0 | $1 })
    try equal("negated", -a, x.map { 0 &- $0 })
    try equal("abs", a.abs(), x.map { $0 < 0 ? 0 &- $0 : $0 })
    try equal("pow", a.pow(3), x.map { $0 &* $0 &* $0 })
    try equal("fused", (a + b).maximum(a * 3) - b, pairs.map { max($0 &+ $1, $0 &* 3) &- $1 })
    try equal("sort", a.sort().values, x.sorted())
    try equal("max", a.max(), [x.max()!])
    try equal("min", a.min(), [x.min()!])
    let columns = (0..<100).map { c in (0..<7).map { x[$0 * 100 + c] }.max()! }
    try equal("max of columns", a.reshaped(to: [7, 100]).max(axis: 0), columns)
    try equal("picked", a[Tensor([5, 0, 1])], [x[5], x[0], x[1]])
    try equal("flipped", a.flipped(axes: [0]), x.reversed())
    let turned = (0..<350).flatMap { [x[$0], x[$0 + 350]] }
    try equal("transposed", a.reshaped(to: [2, 350]).transposed(), turned)
    try equal("concatenated", concatenate([a, b], axis: 0), x + y)
    try equal("padded", a[0..<2].padded([(1, 1)], value: 7), [7, x[0], x[1], 7])
    let added = a[0..<3].scatterAdd(axis: 0, index: Tensor([0, 0, 2]), updates: b[0..<3])
    try equal("added at places", added, [x[0] &+ y[0] &+ y[1], x[1], x[2] &+ y[2]])
    var product = [T](repeating: 0, count: 49)
    for place in 0..<49 {
      for k in 0..<100 { product[place] &+= x[place / 7 * 100 + k] &* y[k * 7 + place % 7] }
    }
    try equal("matmul", a.reshaped(to: [7, 100]).matmul(b.reshaped(to: [100, 7])), product)

    func same<U: Equatable & NestedElements>(
      _ name: String, _ found: Tensor, _ expected: [U]
    ) throws where U.ElementType == U {
      let same = try found.flattened().array(as: [U].self) == expected
      #expect(same, "\(T.self): \(name)")
    }
    try same("<", a .< b, pairs.map { $0 < $1 })
    try same("==", a .== a.flipped(axes: [0]), zip(x, x.reversed()).map { $0 == $1 })
    try same("sum", a.sum(), [x.reduce(0) { $0 &+ Int(truncatingIfNeeded: $1) }])
    try same("argmax", a.argmax(), [x.firstIndex(of: x.max()!)!])
    try same("argmin", a.argmin(), [x.firstIndex(of: x.min()!)!])
    try same("float32", a.cast(to: .float32), x.map { Float($0) })
    try same("float64", a.cast(to: .float64), x.map { Double($0) })
    try same("int8", a.cast(to: .int8), x.map { Int8(truncatingIfNeeded: $0) })
    try same("int32", a.cast(to: .int32), x.map { Int32(truncatingIfNeeded: $0) })
    try same("uint64", a.cast(to: .uint64), x.map { UInt64(truncatingIfNeeded: $0) })
    try same("bool", a.cast(to: .bool), x.map { $0 != 0 })
    #expect((a / b).dtype == .float32)
    try equal("from bool", (a .> 0).cast(to: T.dtype), x.map { $0 > 0 ? 1 : 0 })
    try equal("from int64", Tensor(x.map { Int(truncatingIfNeeded: $0) }).cast(to: T.dtype), x)
    // Fractions are cut off; what is out of range becomes the nearest number in it.
    let reals = [-1e30, -1.7, -0.5, 0.9, 1.5, 100.99, 1e30, .nan]
    try equal(
      "from float64", Tensor(reals).cast(to: T.dtype),
      reals.map { T(exactly: $0.rounded(.towardZero)) ?? ($0 < 0 ? .min : $0 > 0 ? .max : 0) })
  }

  @Test func uint8() throws { try Self.check(UInt8.self) }
  @Test func int32() throws { try Self.check(Int32.self) }
  @Test func int64() throws { try Self.check(Int64.self) }
  @Test func int8() throws { try Self.check(Int8.self) }
  @Test func int16() throws { try Self.check(Int16.self) }
  @Test func uint16() throws { try Self.check(UInt16.self) }
  @Test func uint32() throws { try Self.check(UInt32.self) }
  @Test func uint64() throws { try Self.check(UInt64.self) }

  @Test func printsAndRefuses() throws {
    #expect("\(Tensor([Int8.min, 5]))" == "[-128,    5], int8[2]")
    #expect("\(Tensor([UInt64.max]))" == "[18446744073709551615], uint64[1]")
    #expect(try Tensor([UInt64.max]).item(as: UInt64.self) == .max)
    #expect((Tensor([1] as [Int8]) + 300).error?.rule.contains("300") == true)
    let mixed = Tensor([1] as [UInt64]) + Tensor([-1] as [Int8])
    #expect(mixed.error?.rule == "no dtype holds all of uint64 and numbers below 0")
    #expect((Tensor([1] as [UInt16]) + Tensor([-1] as [Int16])).dtype == .int32)
  }

  @Test("bools that meet at one place, and the greater and the lesser of two")
  func bools() throws {
    let here = Tensor([false, true, false, true])
    let index: Tensor = Tensor([0, 0, 1, 3])
    let updates = Tensor([false, true, false, false])
    func joined(_ reduction: ScatterReduction) throws -> [Bool] {
      try here.scatterReduce(axis: 0, index: index, updates: updates, reduction)
        .scalars(as: Bool.self)
    }
    // As PyTorch 2.15: torch.Tensor.scatter_reduce with amax, amin, prod, and scatter_add.
    #expect(try joined(.maximum) == [true, true, false, true])
    #expect(try joined(.minimum) == [false, false, false, false])
    #expect(try joined(.product) == [false, false, false, false])
    #expect(try joined(.sum) == [true, true, false, true])
    #expect(
      try here.scatterAdd(axis: 0, index: index, updates: updates).scalars(as: Bool.self)
        == [true, true, false, true])
    #expect(here.scatterReduce(axis: 0, index: index, updates: updates, .mean).error != nil)
    #expect(try here.fmax(updates).scalars(as: Bool.self) == [false, true, false, true])
    #expect(try here.fmin(updates).scalars(as: Bool.self) == [false, true, false, false])
  }
}
