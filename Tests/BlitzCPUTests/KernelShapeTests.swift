import Blitz
import CKernels
import Foundation
import Testing

/// Kernels against plain loops in Double, over random shapes.
@Suite("Kernels over random shapes")
struct KernelShapeTests {
  /// How many shapes each test draws, the same in each run; with `BLITZ_TEST_FULL=1`, which
  /// `.ci/run` sets, more.
  static let rounds =
    ProcessInfo.processInfo.environment["BLITZ_TEST_FULL"] == "1" ? 300 : 40

  /// `[outer, count, inner]` with numbers, some of them around a large one.
  struct Case {
    let outer: Int, count: Int, inner: Int
    var numbers: [Float]

    init(mostRows: Int = 70, using random: inout ExampleGenerator) {
      outer = Int.random(in: 1...3, using: &random)
      count = Int.random(in: 1...mostRows, using: &random)
      inner = Bool.random(using: &random) ? 1 : Int.random(in: 1...90, using: &random)
      let offset: Float = Bool.random(using: &random) ? 1e6 : 0
      numbers = []
      numbers = (0..<outer * count * inner).map { _ in
        Float.random(in: -1...1, using: &random) + offset
      }
    }

    func place(_ o: Int, _ c: Int, _ i: Int) -> Int { (o * count + c) * inner + i }

    /// The numbers along the axis.
    func column(_ o: Int, _ i: Int) -> [Double] {
      (0..<count).map { Double(numbers[place(o, $0, i)]) }
    }
  }

  static func isNear(_ found: Float, _ exact: Double) -> Bool {
    abs(Double(found) - exact) <= 1e-6 * abs(exact) + 1e-12
  }

  @Test("moments", arguments: [BLZ_MOMENTS_VARIANCE, BLZ_MOMENTS_DEVIATION, BLZ_MOMENTS_ROOT])
  func moments(kind: Int) {
    for round in 0..<Self.rounds {
      var random = ExampleGenerator(seed: 0, index: round)
      var isRight = true
      let x = Case(using: &random)
      let parameter = kind == BLZ_MOMENTS_ROOT ? 1e-5 : Double(x.count) - 0.5
      var found = [Float](repeating: .nan, count: x.outer * x.inner)
      blz_moments(
        Int32(kind), parameter, &found, 0, x.numbers, Int64(x.count), Int64(x.inner), 0,
        Int64(x.outer), 0, Int64(x.inner))
      for o in 0..<x.outer {
        for i in 0..<x.inner {
          let column = x.column(o, i), n = Double(x.count)
          let mean = column.reduce(0, +) / n
          let squares = column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
          let exact =
            switch kind {
            case BLZ_MOMENTS_VARIANCE: squares / parameter
            case BLZ_MOMENTS_DEVIATION: (squares / parameter).squareRoot()
            default: 1 / (column.reduce(0) { $0 + $1 * $1 } / n + parameter).squareRoot()
            }
          isRight = isRight && Self.isNear(found[o * x.inner + i], exact)
        }
      }
      #expect(isRight)
    }
  }

  @Test("what standardizes, also in parts that are put together")
  func standardization() {
    for round in 0..<Self.rounds {
      var random = ExampleGenerator(seed: 0, index: round)
      var isRight = true
      let x = Case(using: &random)
      let plane = x.outer * x.inner
      var found = [Float](repeating: .nan, count: 4 * plane)
      blz_moments(
        Int32(BLZ_MOMENTS_STANDARD), 1e-5, &found, Int64(plane), x.numbers, Int64(x.count),
        Int64(x.inner), 0, Int64(x.outer), 0, Int64(x.inner))
      // The first row again, cut in two.
      let cut = x.count / 2
      var (first, second) = (
        [blz_moment](repeating: blz_moment(), count: x.inner),
        [blz_moment](repeating: blz_moment(), count: x.inner)
      )
      if cut > 0 {
        let rest = Array(x.numbers[(cut * x.inner)...])
        let kind = Int32(BLZ_MOMENTS_STANDARD)
        blz_moments_part(kind, &first, x.numbers, Int64(cut), Int64(x.inner))
        blz_moments_part(kind, &second, rest, Int64(x.count - cut), Int64(x.inner))
        blz_moments_combine(
          &first, Int64(cut), second, Int64(x.count - cut), Int64(x.inner))
        for i in 0..<x.inner {
          let column = x.column(0, i)
          let mean = column.reduce(0, +) / Double(x.count)
          let squares = column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
          isRight =
            isRight && abs(first[i].mean - mean) <= 1e-12 * abs(mean) + 1e-12
            && abs(first[i].squares - squares) <= 1e-9 * squares
        }
      }
      for o in 0..<x.outer {
        for i in 0..<x.inner {
          let column = x.column(o, i), n = Double(x.count), at = o * x.inner + i
          let mean = column.reduce(0, +) / n
          let variance = column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
          let (rounded, scale, shift) = (
            Double(found[at]), Double(found[plane + at]), Double(found[2 * plane + at])
          )
          let exactScale = 1 / (variance + 1e-5).squareRoot()
          isRight = isRight && Self.isNear(found[plane + at], exactScale)
          isRight = isRight && Self.isNear(found[3 * plane + at], variance.squareRoot())
          // Together they are right for every number, whatever the mean was rounded to.
          for number in column {
            let y = (number - rounded) * scale + shift
            isRight = isRight && abs(y - (number - mean) * exactScale) < 3e-6
          }
        }
      }
      #expect(isRight)
    }
  }

  @Test("moments of batches that lie apart are those of all their numbers")
  func momentsApart() {
    for round in 0..<Self.rounds {
      var random = ExampleGenerator(seed: 0, index: round)
      var isRight = true
      let x = Case(using: &random)
      // [batches, outer, count] out of [outer, count, inner].
      let (batches, outer, count) = (x.outer, x.count, x.inner)
      var found = [Float](repeating: .nan, count: outer)
      let kind = Int32(BLZ_MOMENTS_DEVIATION)
      let (n, middle) = (Double(batches * count), Int64(outer / 2))
      for (begin, end) in [(0, middle), (middle, Int64(outer))] {
        blz_moments_apart(
          kind, n, &found, Int64(outer), x.numbers, Int64(batches), Int64(count), Int64(outer),
          begin, end)
      }
      for o in 0..<outer {
        let numbers = (0..<batches).flatMap { batch in
          (0..<count).map { Double(x.numbers[(batch * outer + o) * count + $0]) }
        }
        let mean = numbers.reduce(0, +) / n
        let squares = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        isRight = isRight && Self.isNear(found[o], (squares / n).squareRoot())
      }
      #expect(isRight)
    }
  }

  @Test("running sums and products", arguments: [BLZ_REDUCE_SUM, BLZ_REDUCE_PROD])
  func scans(kind: Int) {
    for round in 0..<Self.rounds {
      var random = ExampleGenerator(seed: 0, index: round)
      var isRight = true
      var x = Case(using: &random)
      if kind == BLZ_REDUCE_PROD { x.numbers = x.numbers.map { $0 > 1e5 ? 1.01 : $0 + 1 } }
      var found = [Float](repeating: .nan, count: x.numbers.count)
      blz_scan(
        Int32(kind), &found, x.numbers, Int32(BLZ_F32), Int64(x.count), Int64(x.inner), 0,
        Int64(x.outer))
      for o in 0..<x.outer {
        for i in 0..<x.inner {
          var state = kind == BLZ_REDUCE_SUM ? 0.0 : 1
          for (c, number) in x.column(o, i).enumerated() {
            state = kind == BLZ_REDUCE_SUM ? state + number : state * number
            isRight = isRight && Self.isNear(found[x.place(o, c, i)], state)
          }
        }
      }
      #expect(isRight)
    }
  }

  @Test("the first places of an order, and the extremes", arguments: [false, true])
  func orders(descending: Bool) {
    for round in 0..<Self.rounds {
      var random = ExampleGenerator(seed: 0, index: round)
      var isRight = true
      var x = Case(mostRows: 300, using: &random)
      x.numbers = x.numbers.map { number in
        let small = (number.truncatingRemainder(dividingBy: 1) * 20).rounded()
        return small == 7 ? .nan : small == 5 ? .infinity : small == 3 ? -0.0 : small
      }
      let first = max(1, x.count / Int.random(in: 1...20, using: &random))
      var found = [Int64](repeating: -1, count: x.outer * first * x.inner)
      #expect(
        blz_argsort(
          &found, x.numbers, Int32(BLZ_F32), descending, Int64(x.count), Int64(x.inner),
          Int64(first), 0, Int64(x.outer)))
      var extremes = [Int64](repeating: -1, count: x.outer * x.inner)
      blz_arg_extreme(
        &extremes, x.numbers, Int32(BLZ_F32), descending, Int64(x.count), Int64(x.inner), 0,
        Int64(x.outer))
      for o in 0..<x.outer {
        for i in 0..<x.inner {
          let column = x.column(o, i)
          func comes(_ a: Double, before b: Double) -> Bool {
            if a.isNaN || b.isNaN { return descending ? a.isNaN && !b.isNaN : !a.isNaN && b.isNaN }
            return descending ? a > b : a < b
          }
          let order = column.indices.sorted { a, b in
            comes(column[a], before: column[b])
              || (!comes(column[b], before: column[a]) && a < b)
          }
          for c in 0..<first {
            isRight = isRight && found[(o * first + c) * x.inner + i] == Int64(order[c])
          }
          let best = column.firstIndex { $0.isNaN } ?? order[0]
          isRight = isRight && extremes[o * x.inner + i] == Int64(best)
        }
      }
      #expect(isRight)
    }
  }

  @Test("scattered sums, whatever rows of the result are taken together")
  func scatterAdd() {
    for round in 0..<Self.rounds {
      var random = ExampleGenerator(seed: 0, index: round)
      var isRight = true
      let x = Case(using: &random)
      let axis = Int.random(in: 1...20, using: &random),
        cut = Int.random(in: 0...axis, using: &random)
      // One position for a row, or each its own.
      let isRow = Bool.random(using: &random)
      let strides = (isRow ? 0 : x.count * x.inner, isRow ? 1 : x.inner, isRow ? 0 : 1)
      let index = x.numbers.indices.map { _ in Int.random(in: 0..<axis, using: &random) }
      var found = [Float](repeating: 0, count: x.outer * axis * x.inner)
      KernelIndexTests.with(index, strides) { index in
        for (low, high) in [(0, cut), (cut, axis)] {
          blz_scatter_add(
            &found, x.numbers, Int32(BLZ_F32), Int64(axis), Int64(x.inner), Int64(x.count), index,
            0, Int64(x.outer), Int64(low), Int64(high))
        }
      }
      var exact = [Double](repeating: 0, count: found.count)
      for o in 0..<x.outer {
        for c in 0..<x.count {
          for i in 0..<x.inner {
            let k = index[o * strides.0 + c * strides.1 + i * strides.2]
            exact[(o * axis + k) * x.inner + i] += Double(x.numbers[x.place(o, c, i)])
          }
        }
      }
      for (a, b) in zip(found, exact) {
        isRight = isRight && abs(Double(a) - b) <= 1e-5 * max(1, abs(b))
      }
      #expect(isRight)
    }
  }

  @Test("copies of permuted, repeated and spread arrays", arguments: [1, 2, 4, 8])
  func copies(size: Int) {
    let dtype = [1: BLZ_U8, 2: BLZ_BF16, 4: BLZ_F32, 8: BLZ_F64][size]!
    for round in 0..<Self.rounds {
      var random = ExampleGenerator(seed: 0, index: round)
      var isRight = true
      let rank = Int.random(in: 1...4, using: &random)
      let dims = (0..<rank).map { _ in Int.random(in: 1...20, using: &random) }
      let order = (0..<rank).shuffled(using: &random), count = dims.reduce(1, *)
      var strides = [Int](repeating: 0, count: rank), step = Int.random(in: 1...2, using: &random)
      for axis in order.reversed() {
        strides[axis] = step
        step *= dims[axis]
      }
      if Int.random(in: 0..<5, using: &random) == 0 { strides[0] = 0 }
      let gap = Int.random(in: 1...2, using: &random)
      var spread = [Int](repeating: 0, count: rank), place = gap
      for axis in (0..<rank).reversed() {
        spread[axis] = place
        place *= dims[axis]
      }
      var program = KernelProgram(dims: dims)
      let operand = program.operand(dtype, offset: 1, strides: strides)
      program.store(operand, dtype, strides: gap == 1 ? nil : spread)
      let from = (0..<(step + 1) * size).map { UInt8(truncatingIfNeeded: $0 &* 131 + $0 >> 8) }
      var to = [UInt8](repeating: 0, count: place * size)
      let cut = Int64(Int.random(in: 0...count, using: &random))
      from.withUnsafeBytes { from in
        to.withUnsafeMutableBytes { to in
          program.withProgram { program in
            for (begin, end) in [(0, cut), (cut, Int64(count))] {
              _ = blz_run(program, [from.baseAddress], [], [to.baseAddress], nil, begin, end)
            }
          }
        }
      }
      for element in 0..<count {
        var (rest, a, b) = (element, 1, 0)
        for axis in (0..<rank).reversed() {
          a += rest % dims[axis] * strides[axis]
          b += rest % dims[axis] * spread[axis]
          rest /= dims[axis]
        }
        isRight = isRight && (0..<size).allSatisfy { from[a * size + $0] == to[b * size + $0] }
      }
      #expect(isRight)
    }
  }
}
