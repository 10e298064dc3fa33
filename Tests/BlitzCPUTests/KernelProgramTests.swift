import CKernels
import Foundation
import Testing

/// Fused programs: strided operands and outputs, in place, reductions whole and in parts.
@Suite("Fused programs")
struct KernelProgramTests {
  static func floats(_ count: Int) -> [Float] {
    (0..<count).map { Float(($0 * 7919) % 2003) / 1000 - 1 }
  }

  @Test("reads broadcast, transposed and flipped operands", arguments: [1, 3, 40, 600])
  func strided(columns: Int) {
    let rows = 37, x = Self.floats(columns * 37), bias = Self.floats(columns)
    var program = KernelProgram(dims: [rows, columns])
    // x transposed, the bias of every column, and x with both axes flipped.
    let transposed = program.operand(BLZ_F32, strides: [1, rows])
    let row = program.operand(BLZ_F32, strides: [0, 1])
    let flipped = program.operand(BLZ_F32, offset: x.count - 1, strides: [-columns, -1])
    let two = program.scalar(BLZ_F32)
    let sum = program.instruction(BLZ_ADD, BLZ_F32, transposed, row)
    let product = program.instruction(BLZ_MUL, BLZ_F32, flipped, two)
    program.instruction(BLZ_SUB, BLZ_F32, sum, product, into: sum)
    program.store(sum, BLZ_F32)
    // The same again into every second column of a wider array.
    program.store(sum, BLZ_F32, offset: 1, strides: [2 * columns, 2])
    var out = [Float](repeating: 0, count: x.count),
      wide = [Float](repeating: 0, count: x.count * 2)
    x.withUnsafeBytes { x in
      bias.withUnsafeBytes { bias in
        out.withUnsafeMutableBytes { out in
          wide.withUnsafeMutableBytes { wide in
            let inputs = [x.baseAddress, bias.baseAddress, x.baseAddress]
            let scalars = [blz_scalar(f: 2)]
            #expect(
              program.run(inputs, scalars: scalars, outputs: [out.baseAddress, wide.baseAddress]))
          }
        }
      }
    }
    for i in 0..<rows {
      for j in 0..<columns {
        let expected = x[j * rows + i] + bias[j] - x[x.count - 1 - i * columns - j] * 2
        #expect(out[i * columns + j] == expected)
        #expect(wide[(i * columns + j) * 2 + 1] == expected && wide[(i * columns + j) * 2] == 0)
      }
    }
  }

  @Test("updates an operand in place although it is read again later")
  func inPlace() {
    let start = Self.floats(1500)
    var x = start, copy = [Float](repeating: 0, count: 1500)
    var program = KernelProgram(dims: [1500])
    let operand = program.operand(BLZ_F32)
    let negative = program.instruction(BLZ_NEG, BLZ_F32, operand)
    let square = program.instruction(BLZ_MUL, BLZ_F32, operand, operand)
    program.store(negative, BLZ_F32)
    program.store(square, BLZ_F32)
    x.withUnsafeMutableBytes { x in
      copy.withUnsafeMutableBytes { copy in
        #expect(
          program.run(
            [UnsafeRawPointer(x.baseAddress)], outputs: [x.baseAddress, copy.baseAddress]))
      }
    }
    #expect(x == start.map { -$0 })
    #expect(copy == start.map { $0 * $0 })
  }

  @Test("runs programs with more registers than fit on the stack")
  func manyRegisters() {
    let x = Self.floats(700)
    var program = KernelProgram(dims: [700])
    let operand = program.operand(BLZ_F32), one = program.scalar(BLZ_F32)
    var last = operand
    for _ in 0..<200 { last = program.instruction(BLZ_ADD, BLZ_F32, last, one) }
    program.store(last, BLZ_F32)
    var out = [Float](repeating: 0, count: 700)
    out.withUnsafeMutableBytes { out in
      x.withUnsafeBytes {
        #expect(
          program.run([$0.baseAddress], scalars: [blz_scalar(f: 1)], outputs: [out.baseAddress]))
      }
    }
    for place in x.indices { #expect(abs(out[place] - (x[place] + 200)) < 1e-3) }
  }

  /// [outer, count, inner]; the widths fall on both sides of a tile and of a panel.
  static let shapes = [
    [1, 1, 1], [5, 3, 1], [3, 512, 1], [2, 513, 1], [1, 20_000, 1], [4, 7, 5], [1, 1000, 10],
    [2, 3, 600], [1, 9, 2100], [300, 3, 4], [2, 0, 3],
  ]

  @Test(
    "reduces along any axis", arguments: shapes,
    [BLZ_REDUCE_SUM, BLZ_REDUCE_MAX, BLZ_REDUCE_NORM])
  func reductions(shape: [Int], kind: Int) {
    let (outer, count, inner) = (shape[0], shape[1], shape[2])
    let x = Self.floats(outer * count * inner)
    var program = KernelProgram(dims: shape)
    let operand = program.operand(BLZ_F32)
    let register = program.instruction(BLZ_NEG, BLZ_F32, operand)
    program.reduce(kind, register, BLZ_F32, outer: outer, count: count, inner: inner)
    var whole = [Float](repeating: 9, count: outer * inner)
    var parts = whole
    x.withUnsafeBytes { x in
      whole.withUnsafeMutableBytes {
        #expect(program.run([x.baseAddress], reduced: $0.baseAddress))
      }
      // Again in two parts of `count`, combined.
      for o in 0..<outer {
        var first = [blz_scalar](repeating: blz_scalar(), count: inner)
        blz_reduce_begin(Int32(kind), Int32(BLZ_F32), &first, Int64(inner))
        var second = first
        program.withProgram { program in
          let cut = Int64(count / 3), n = Int64(inner)
          _ = blz_run_partial(program, [x.baseAddress], [], [], Int64(o), 0, cut, 0, n, &first)
          _ = blz_run_partial(
            program, [x.baseAddress], [], [], Int64(o), cut, Int64(count), 0, n, &second)
          blz_reduce_combine(Int32(kind), Int32(BLZ_F32), &first, second, n)
        }
        parts.withUnsafeMutableBufferPointer {
          blz_reduce_end(
            Int32(kind), Int32(BLZ_F32), first, $0.baseAddress! + o * inner, Int64(inner))
        }
      }
    }
    for o in 0..<outer {
      for i in 0..<inner {
        let column = (0..<count).map { Double(-x[(o * count + $0) * inner + i]) }
        let exact =
          switch kind {
          case BLZ_REDUCE_SUM: column.reduce(0, +)
          case BLZ_REDUCE_NORM: column.reduce(0) { $0 + $1 * $1 }.squareRoot()
          default: column.max() ?? -.infinity
          }
        for got in [whole[o * inner + i], parts[o * inner + i]] {
          #expect(
            Double(got) == exact || abs(Double(got) - exact) < 1e-6 * max(1, abs(exact)))
        }
      }
    }
  }

  @Test("a sum of ten million float32 is right to 1e-7")
  func longSum() {
    let block = (0..<0x10000).map { Float($0) / 65536 }
    var x: [Float] = []
    for _ in 0..<150 { x += block }
    let exact = 150 * 65535.0 / 2
    var program = KernelProgram(dims: [x.count])
    let operand = program.operand(BLZ_F32)
    program.reduce(BLZ_REDUCE_SUM, operand, BLZ_F32, outer: 1, count: x.count, inner: 1)
    var sum: Float = 0
    x.withUnsafeBytes { x in #expect(program.run([x.baseAddress], reduced: &sum)) }
    #expect(abs(Double(sum) / exact - 1) < 1e-7)
  }

  @Test("a norm whose square is beyond float32 is right", arguments: [1, 7, 16, 100, 1000])
  func longNorm(count: Int) {
    for size in [Float(1e30), 1e-30] {
      let x = [Float](repeating: size, count: count)
      for (outer, inner) in [(1, 1), (1, count)] {
        let along = count / inner
        var program = KernelProgram(dims: [outer, along, inner])
        let operand = program.operand(BLZ_F32)
        program.reduce(
          BLZ_REDUCE_NORM, operand, BLZ_F32, outer: outer, count: along, inner: inner)
        var norm = [Float](repeating: 0, count: inner)
        x.withUnsafeBytes { x in
          norm.withUnsafeMutableBytes {
            #expect(program.run([x.baseAddress], reduced: $0.baseAddress))
          }
        }
        let exact = Double(size) * Double(along).squareRoot()
        #expect(norm.allSatisfy { abs(Double($0) / exact - 1) < 1e-6 })
      }
    }
  }

  @Test("says so if a whole number is divided by zero")
  func divisionByZero() {
    for (dtype, op) in [(BLZ_I64, BLZ_REM), (BLZ_I64, BLZ_DIV)] {
      for zero in [nil, 0, 699] {
        let x = [Int64](repeating: 7, count: 700)
        var y = x
        if let zero { y[zero] = 0 }
        var out = x
        var program = KernelProgram(dims: [700])
        let (a, b) = (program.operand(dtype), program.operand(dtype))
        let register = program.instruction(op, dtype, a, b)
        program.store(register, dtype)
        let status = x.withUnsafeBytes { x in
          y.withUnsafeBytes { y in
            out.withUnsafeMutableBytes { out in
              program.status([x.baseAddress, y.baseAddress], outputs: [out.baseAddress])
            }
          }
        }
        #expect(status == Int32(zero == nil ? BLZ_DONE : BLZ_DIVIDED_BY_ZERO))
      }
    }
  }

  @Test("a maximum or minimum of anything with NaN is NaN", arguments: [0, 700, 1999])
  func nan(place: Int) {
    for kind in [BLZ_REDUCE_MAX, BLZ_REDUCE_MIN] {
      var x = Self.floats(2000)
      x[place] = .nan
      var program = KernelProgram(dims: [2000])
      let operand = program.operand(BLZ_F32)
      program.reduce(kind, operand, BLZ_F32, outer: 1, count: 2000, inner: 1)
      var extreme: Float = 0
      x.withUnsafeBytes { x in #expect(program.run([x.baseAddress], reduced: &extreme)) }
      #expect(extreme.isNaN)
    }
  }
}
