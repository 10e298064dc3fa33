import CKernels
import Testing

/// Gathers, scatters, sorts, scans and matrix products.
@Suite("Kernels by index")
struct KernelIndexTests {
  /// An index over an array, which must stay where it is during the call.
  static func with<R>(
    _ positions: [Int], _ strides: (Int, Int, Int), _ body: (blz_index) -> R
  ) -> R {
    positions.withUnsafeBytes {
      body(
        blz_index(
          data: $0.baseAddress, dtype: Int32(BLZ_I64), outer_stride: Int64(strides.0),
          axis_stride: Int64(strides.1), inner_stride: Int64(strides.2)))
    }
  }

  @Test("gathers rows and elements, and names the first bad index")
  func gather() {
    let data: [Int32] = Array(0..<24)  // [2, 3, 4]
    let rows = [2, 0]
    var out = [Int32](repeating: 0, count: 16)
    // The same two rows from each of the outer two.
    var bad = Self.with(rows, (0, 1, 0)) {
      blz_gather(&out, data, 4, 12, 3, 4, 2, $0, 0, 4)
    }
    #expect(bad == -1 && out == [8, 9, 10, 11, 0, 1, 2, 3, 20, 21, 22, 23, 12, 13, 14, 15])
    let each = [0, 1, 2, 0, 2, 2, 1, 1]  // [2, 1, 4]
    bad = Self.with(each, (4, 4, 1)) {
      blz_gather(&out, data, 4, 12, 3, 4, 1, $0, 0, 2)
    }
    #expect(bad == -1 && Array(out[..<8]) == [0, 5, 10, 3, 20, 21, 18, 19])
    bad = Self.with([1, 3], (0, 1, 0)) {
      blz_gather(&out, data, 4, 12, 3, 4, 2, $0, 0, 4)
    }
    #expect(bad == 4)
    bad = Self.with([0, 0, -1, 0, 0, 0, 0, 0], (4, 4, 1)) {
      blz_gather(
        &out, data, 4, 12, 3, 4, 1, $0, 0, 2)
    }
    #expect(bad == 2)
  }

  @Test(
    "gathers and adds long lists as one by one, up to the first bad index",
    arguments: [1, 3, 4, 5, 1023, 1024, 1025, 2500])
  func lists(count: Int) {
    var random = SystemRandomNumberGenerator()
    let (outer, axis) = (2, 37)
    let data = (0..<outer * axis).map { _ in Float.random(in: -1...1, using: &random) }
    var index = (0..<outer * count).map { _ in Int.random(in: 0..<axis, using: &random) }
    let strides = (count, 1, 1)
    var out = [Float](repeating: .nan, count: outer * count)
    let bad = Self.with(index, strides) {
      blz_gather(
        &out, data, 4, Int64(axis), Int64(axis), 1, Int64(count), $0, 0, Int64(outer * count))
    }
    #expect(bad == -1)
    #expect(out == index.indices.map { data[$0 / count * axis + index[$0]] })

    var (sums, exact) = (data, data)
    Self.with(index, strides) {
      blz_scatter_add(
        &sums, out, Int32(BLZ_F32), Int64(axis), 1, Int64(count), $0, 0, Int64(outer), 0,
        Int64(axis))
    }
    for place in index.indices { exact[place / count * axis + index[place]] += out[place] }
    #expect(sums == exact)

    let place = Int.random(in: index.indices, using: &random)
    index[place] = Bool.random(using: &random) ? -1 : axis
    let found = Self.with(index, strides) {
      blz_gather(
        &out, data, 4, Int64(axis), Int64(axis), 1, Int64(count), $0, 0, Int64(outer * count))
    }
    #expect(found == place)
  }

  @Test("scatters, the last of equal indices winning, and adds")
  func scatter() {
    let source: [Float] = [1, 2, 3, 4, 5, 6]  // [1, 3, 2]
    let index = [1, 1, 0]
    var out = [Float](repeating: 10, count: 4)
    Self.with(index, (0, 1, 0)) { blz_scatter(&out, source, 4, 2, 2, 3, $0, 0, 1, 0, 2) }
    #expect(out == [5, 6, 3, 4])
    // Only what goes to place 1.
    Self.with(index, (0, 1, 0)) {
      blz_scatter_add(&out, source, Int32(BLZ_F32), 2, 2, 3, $0, 0, 1, 1, 2)
    }
    #expect(out == [5, 6, 7, 10])
    #expect(Self.with(index, (0, 1, 0)) { blz_bad_index($0, 2, 3, 2, 0, 3) } == -1)
    #expect(Self.with([0, 5, 0], (0, 1, 0)) { blz_bad_index($0, 2, 3, 2, 0, 3) } == 2)
    #expect(Self.with([0, 1, 0, -1], (0, 2, 1)) { blz_bad_index($0, 2, 2, 2, 0, 2) } == 3)
  }

  @Test("sorts stably with NaN last, or first if descending", arguments: [6, 1000])
  func sort(count: Int) {
    var x = (0..<count).map { Float(($0 * 7919) % 13) - 6 }
    x[0] = .nan
    x[3] = -.infinity
    x[4] = -0
    x[5] = 0
    var order = [Int64](repeating: 0, count: count)
    func before(_ a: Float, _ b: Float) -> Bool { b.isNaN ? !a.isNaN : a < b }
    #expect(blz_argsort(&order, x, Int32(BLZ_F32), false, Int64(count), 1, Int64(count), 0, 1))
    #expect(
      order.map { Int($0) }
        == x.indices.sorted { before(x[$0], x[$1]) || (!before(x[$1], x[$0]) && $0 < $1) })
    #expect(blz_argsort(&order, x, Int32(BLZ_F32), true, Int64(count), 1, Int64(count), 0, 1))
    #expect(
      order.map { Int($0) }
        == x.indices.sorted { before(x[$1], x[$0]) || (!before(x[$0], x[$1]) && $0 < $1) })
  }

  @Test("sorts columns of int64, negative ones too")
  func sortColumns() {
    let x = [3, -1, -2, 9, .min, 9]  // [3, 2]
    var order = [Int64](repeating: 0, count: 6)
    #expect(blz_argsort(&order, x, Int32(BLZ_I64), false, 3, 2, 3, 0, 1))
    #expect(order == [2, 0, 1, 1, 0, 2])
  }

  @Test("finds the first of the extremes, and the first NaN")
  func argExtreme() {
    let x: [Float] = [1, 5, 5, 2, 0, .nan, 0, .nan]
    var place: Int64 = 0
    blz_arg_extreme(&place, x, Int32(BLZ_F32), true, 5, 1, 0, 1)
    #expect(place == 1)
    blz_arg_extreme(&place, x, Int32(BLZ_F32), false, 8, 1, 0, 1)
    #expect(place == 5)
    var places = [Int64](repeating: 0, count: 2)  // [1, 4, 2]
    blz_arg_extreme(&places, [3, 1, 0, 7, 9, 7, 9, 0] as [Int32], Int32(BLZ_I32), true, 4, 2, 0, 1)
    #expect(places == [2, 1])
  }

  @Test("sums along an axis while running")
  func cumulativeSum() {
    var out = [Int32](repeating: 0, count: 6)
    blz_scan(
      Int32(BLZ_REDUCE_SUM), &out, [1, 2, 3, 4, .max, 6] as [Int32], Int32(BLZ_I32), 3, 2, 0, 1)
    #expect(out == [1, 2, 4, 6, .min + 3, 12])
  }

  @Test("counts and lists true elements", arguments: [0, 1, 7, 8, 100])
  func nonzero(count: Int) {
    let mask = (0..<count).map { UInt8($0 % 13 == 5 || $0 == count - 1 ? 1 : 0) }
    let expected = mask.indices.filter { mask[$0] == 1 }.map { Int64($0 + 3) }
    #expect(blz_count_true(mask, Int64(count)) == Int64(expected.count))
    var places = [Int64](repeating: 0, count: expected.count)
    blz_positions_true(&places, mask, 3, Int64(count))
    #expect(places == expected)
  }

  @Test(
    "multiplies integers with both transpositions and alpha",
    arguments: [[1, 1, 1], [7, 5, 3], [13, 300, 33], [6, 16, 130], [2, 0, 3]], 0..<4)
  func matmul(shape: [Int], transposition: Int) {
    let (m, k, n) = (shape[0], shape[1], shape[2])
    let (transA, transB) = (transposition & 1 == 1, transposition & 2 == 2)
    let a = (0..<m * k).map { Double(($0 * 31) % 17) - 8 }
    let b = (0..<k * n).map { Double(($0 * 57) % 13) - 6 }
    let c = (0..<m * n).map { Double($0 % 7) }
    var expected = c
    for i in 0..<m {
      for j in 0..<n {
        for p in 0..<k {
          expected[i * n + j] +=
            2 * a[transA ? p * m + i : i * k + p] * b[transB ? j * k + p : p * n + j]
        }
      }
    }
    func product<T: BitwiseCopyable>(_ dtype: Int, _ convert: (Double) -> T) -> [T] {
      var out = c.map(convert)
      let left = a.map(convert), right = b.map(convert)
      left.withUnsafeBytes { left in
        right.withUnsafeBytes { right in
          out.withUnsafeMutableBytes { out in
            var product = blz_product(
              dtype: Int32(dtype), isa: blz_isa(), trans_a: transA, trans_b: transB,
              accumulates: true, m: Int64(m), n: Int64(n), k: Int64(k), alpha: 2,
              a: left.baseAddress, lda: Int64(transA ? m : k), b: right.baseAddress,
              ldb: Int64(transB ? k : n), c: out.baseAddress, ldc: Int64(n),
              addend: nil)
            for part in 0..<Int32(3) {
              let block = blz_product_part(&product, 3, part)
              let scratch = UnsafeMutableRawPointer.allocate(
                byteCount: blz_product_scratch(&product, block), alignment: 64)
              blz_product_run(&product, block, scratch)
              scratch.deallocate()
            }
          }
        }
      }
      return out
    }
    #expect(product(BLZ_I32) { Int32($0) } == expected.map { Int32($0) })
    #expect(product(BLZ_I64) { Int64($0) } == expected.map { Int64($0) })
  }
}
