import CKernels
import Foundation
import Testing

/// Matrix products of floats: random draws against sums in Double, on every instruction set that
/// this processor has, with pages that cannot be read or written next to each matrix.
@Suite("Matrix products")
struct ProductTests {
  /// `.ci/products` draws 20,000.
  static let draws = 200

  static let sets = [BLZ_ISA_PORTABLE, BLZ_ISA_AVX2, BLZ_ISA_AVX512].filter { $0 <= blz_isa() }

  @Test("float32 products are right on every instruction set")
  func singles() { check(Float.self, dtype: BLZ_F32, seed: 1) }

  @Test("float64 products are right on every instruction set")
  func doubles() { check(Double.self, dtype: BLZ_F64, seed: 2) }

  private func check<T: BinaryFloatingPoint & SIMDScalar>(
    _ type: T.Type, dtype: Int, seed: UInt64
  ) {
    var random = Draws(state: seed)
    let arenas = (0..<3).map { _ in GuardedPages(byteCount: 8 << 20) }
    for index in 0..<ProductTests.draws {
      let draw = ProductDraw(&random)
      let set = ProductTests.sets[random.below(ProductTests.sets.count)]
      let a = draw.matrix(draw.storedA, T.self, &random)
      let b = draw.matrix(draw.storedB, T.self, &random)
      // Without accumulation what is there must not matter.
      var c = draw.matrix((draw.m, draw.n, draw.ldc), T.self, &random)
      if !draw.accumulates {
        for i in 0..<draw.m { for j in 0..<draw.n { c[i * draw.ldc + j] = .nan } }
      }
      /// What is left in `C`, computed in so many parts.
      func result(parts: Int32) -> [T] {
        let places = zip(arenas, [a, b, c]).map { arena, numbers in
          arena.place(numbers, atEnd: random.below(2) == 0)
        }
        var product = draw.product(dtype, set, places[0], places[1], places[2])
        for part in 0..<parts {
          let block = blz_product_part(&product, parts, part)
          let scratch = UnsafeMutableRawPointer.allocate(
            byteCount: blz_product_scratch(&product, block), alignment: 64)
          blz_product_run(&product, block, scratch)
          scratch.deallocate()
        }
        let found = places[2].bindMemory(to: T.self, capacity: c.count)
        return Array(UnsafeBufferPointer(start: found, count: c.count))
      }
      let whole = result(parts: 1)
      let parted = result(parts: Int32(2 + random.below(4)))
      let same =
        whole == parted || zip(whole, parted).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) }
      let wrong = same ? draw.firstWrong(whole, a, b, c, &random) : "differs in parts"
      if let wrong {
        Issue.record("draw \(index), instruction set \(set): \(draw) \(wrong)")
        return
      }
    }
  }

  @Test(
    "products of halves sum in float32 and round once, on every instruction set",
    arguments: [BLZ_F16, BLZ_BF16])
  func halves(dtype: Int) {
    var random = Draws(state: 4)
    for index in 0..<60 {
      let set = ProductTests.sets[random.below(ProductTests.sets.count)]
      let (m, n, k) = (1 + random.below(70), 1 + random.below(70), 1 + random.below(100))
      let (transposesA, transposesB) = (random.below(2) == 0, random.below(2) == 0)
      // Whole numbers, so that sums are exact.
      let a = (0..<m * k).map { _ in Float(random.below(17) - 8) }
      let b = (0..<k * n).map { _ in Float(random.below(17) - 8) }
      var sums = [Float](repeating: 0, count: m * n)
      for i in 0..<m {
        for p in 0..<k {
          let x = a[transposesA ? p * m + i : i * k + p]
          for j in 0..<n { sums[i * n + j] += x * b[transposesB ? j * k + p : p * n + j] }
        }
      }
      var found = [UInt16](repeating: 0x7fff, count: m * n)
      let (left, right) = (half(a, dtype), half(b, dtype))
      left.withUnsafeBytes { left in
        right.withUnsafeBytes { right in
          found.withUnsafeMutableBytes { found in
            var product = blz_product(
              dtype: Int32(dtype), isa: Int32(set), trans_a: transposesA, trans_b: transposesB,
              accumulates: false, m: Int64(m), n: Int64(n), k: Int64(k), alpha: 1,
              a: left.baseAddress, lda: Int64(transposesA ? m : k), b: right.baseAddress,
              ldb: Int64(transposesB ? k : n), c: found.baseAddress, ldc: Int64(n),
              addend: nil)
            let parts = Int32(1 + random.below(3))
            for part in 0..<parts {
              let block = blz_product_part(&product, parts, part)
              let scratch = UnsafeMutableRawPointer.allocate(
                byteCount: blz_product_scratch(&product, block), alignment: 64)
              blz_product_run(&product, block, scratch)
              scratch.deallocate()
            }
          }
        }
      }
      let sizes = "\(m)x\(k)x\(n)"
      #expect(found == half(sums, dtype), "draw \(index), instruction set \(set): \(sizes)")
    }
  }

  private func half(_ numbers: [Float], _ dtype: Int) -> [UInt16] {
    var halves = [UInt16](repeating: 0, count: numbers.count)
    blz_cast(&halves, Int32(dtype), numbers, Int32(BLZ_F32), Int64(numbers.count))
    return halves
  }

  @Test("a product in many parts covers every element once", arguments: [1, 2, 3, 4, 7, 64])
  func parts(count: Int32) {
    for (m, n) in [(1, 1), (1, 100), (100, 1), (8, 48), (64, 100), (1000, 17), (3, 5000)] {
      var product = blz_product()
      (product.m, product.n, product.k) = (Int64(m), Int64(n), 10)
      product.isa = blz_isa()
      var seen = [Int](repeating: 0, count: m * n)
      for index in 0..<count {
        let block = blz_product_part(&product, count, index)
        for i in block.row_begin..<block.row_end {
          for j in block.column_begin..<block.column_end { seen[Int(i) * n + Int(j)] += 1 }
        }
      }
      #expect(seen.allSatisfy { $0 == 1 }, "\(m) x \(n) in \(count) parts")
    }
  }
}

/// Shapes and strides of one product.
struct ProductDraw: CustomStringConvertible {
  var m, n, k: Int
  var transposesA, transposesB, accumulates, hasSpecials: Bool
  var lda, ldb, ldc: Int
  var alpha: Double

  init(_ random: inout Draws) {
    // Mostly near the tiles' sizes; at times long enough for packing, blocks of k, or rows times
    // rows.
    func size(_ most: Int) -> Int { random.below(8) == 0 ? random.below(3) : random.below(most) }
    m = size(random.below(10) == 0 ? 70 : 30)
    n = size(random.below(10) == 0 ? 200 : 70)
    k = size(random.below(20) == 0 ? 900 : random.below(3) == 0 ? 120 : 40)
    transposesA = random.below(2) == 0
    transposesB = random.below(2) == 0
    accumulates = random.below(2) == 0
    hasSpecials = random.below(6) == 0
    alpha = [1, 1, -1, 0.5, -1e-3][random.below(5)]
    func leading(_ width: Int) -> Int {
      let gaps = [0, 0, random.below(9), random.below(300), 512 - width % 512]
      return max(1, width + gaps[random.below(5)])
    }
    lda = leading(transposesA ? m : k)
    ldb = leading(transposesB ? k : n)
    ldc = leading(n)
  }

  var storedA: (Int, Int, Int) { transposesA ? (k, m, lda) : (m, k, lda) }
  var storedB: (Int, Int, Int) { transposesB ? (n, k, ldb) : (k, n, ldb) }

  var description: String {
    "\(m)x\(k)\(transposesA ? " transposed" : "") (\(lda)) by \(k)x\(n)"
      + "\(transposesB ? " transposed" : "") (\(ldb)), alpha \(alpha), C (\(ldc))"
      + (accumulates ? " is added to" : "")
  }

  /// Numbers from -1 to 1, as many as there are from the first element to the last.
  func matrix<T: BinaryFloatingPoint>(
    _ stored: (rows: Int, columns: Int, leading: Int), _: T.Type, _ random: inout Draws
  ) -> [T] {
    if stored.rows == 0 || stored.columns == 0 { return [] }
    let count = (stored.rows - 1) * stored.leading + stored.columns
    var numbers = [T](unsafeUninitializedCapacity: count) { memory, initialized in
      // Pieces of the same numbers from other places on: draws are many, and a debug build is slow.
      while initialized < count {
        let first = random.below(Pool<T>.numbers.count - 1)
        let piece = Pool<T>.numbers[first...].prefix(count - initialized)
        _ = UnsafeMutableBufferPointer(rebasing: memory[initialized...]).initialize(from: piece)
        initialized += piece.count
      }
    }
    if hasSpecials {
      for value in [T.infinity, -.infinity, .nan] { numbers[random.below(count)] = value }
    }
    return numbers
  }

  func product(
    _ dtype: Int, _ set: Int, _ a: UnsafeMutableRawPointer, _ b: UnsafeMutableRawPointer,
    _ c: UnsafeMutableRawPointer
  ) -> blz_product {
    blz_product(
      dtype: Int32(dtype), isa: Int32(set), trans_a: transposesA, trans_b: transposesB,
      accumulates: accumulates, m: Int64(m), n: Int64(n), k: Int64(k), alpha: alpha, a: a,
      lda: Int64(lda), b: b, ldb: Int64(ldb), c: c, ldc: Int64(ldc), addend: nil)
  }

  /// What is wrong with an element of the result: all of them are looked at in a release build,
  /// some in a debug build, and all of the gaps between rows.
  func firstWrong<T: BinaryFloatingPoint>(
    _ found: [T], _ a: [T], _ b: [T], _ c: [T], _ random: inout Draws
  ) -> String? {
    for i in 0..<max(0, m - 1) where ldc > n && n > 0 {
      let gap = (i * ldc + n)..<((i + 1) * ldc)
      for (value, before) in zip(found[gap], c[gap]) where value != before && !before.isNaN {
        return "writes between rows"
      }
    }
    #if DEBUG
      let places =
        (0..<(m * n == 0 ? 0 : 60)).map { _ in (random.below(m), random.below(n)) }
        + (m * n == 0 ? [] : [(m - 1, n - 1), (0, n - 1), (m - 1, 0)])
    #else
      let places = (0..<m).flatMap { i in (0..<n).map { (i, $0) } }
    #endif
    for (i, j) in places {
      var (sum, size) = (0.0, 0.0)
      for p in 0..<k {
        let term =
          Double(a[transposesA ? p * lda + i : i * lda + p])
          * Double(b[transposesB ? j * ldb + p : p * ldb + j])
        sum += term
        size += abs(term)
      }
      let before = accumulates ? Double(c[i * ldc + j]) : 0
      // A sum of nothing is 0, whatever alpha is.
      let expected = (k == 0 ? 0 : alpha * sum) + before
      let value = Double(found[i * ldc + j])
      let bound = (Double(k) + 4) * Double(T.ulpOfOne) * (abs(alpha) * size + abs(before))
      let isRight =
        expected.isNaN
        ? value.isNaN
        : expected.isInfinite ? value == expected : abs(value - expected) <= bound
      if !isRight { return "at (\(i), \(j)): \(value), expected \(expected)" }
    }
    return nil
  }
}

/// Numbers from -1 to 1.
private enum Pool<T: BinaryFloatingPoint> {
  static var numbers: [T] {
    if let single = singles as? [T] { return single }
    return doubles as! [T]
  }
}
private let doubles: [Double] = {
  var random = Draws(state: 3)
  return (0..<50_000).map { _ in Double(random.below(2001) - 1000) / 1000 }
}()
private let singles = doubles.map { Float($0) }

/// Numbers that follow from a seed (Knuth's 64-bit linear congruence).
struct Draws {
  var state: UInt64

  mutating func below(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % max(1, bound)
  }
}

/// Memory between two pages that cannot be read or written.
final class GuardedPages {
  private let pages: UnsafeMutableRawPointer
  private let byteCount: Int
  private static let pageSize = Int(sysconf(Int32(_SC_PAGESIZE)))

  /// `byteCount` is a multiple of the size of pages.
  init(byteCount: Int) {
    self.byteCount = byteCount
    pages = mmap(
      nil, byteCount + 2 * GuardedPages.pageSize, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)!
    mprotect(pages + GuardedPages.pageSize, byteCount, PROT_READ | PROT_WRITE)
  }

  deinit { munmap(pages, byteCount + 2 * GuardedPages.pageSize) }

  /// Copies elements to the very end or beginning.
  func place<T>(_ elements: [T], atEnd: Bool) -> UnsafeMutableRawPointer {
    let count = elements.count * MemoryLayout<T>.stride
    let place = pages + GuardedPages.pageSize + (atEnd ? byteCount - count : 0)
    elements.withUnsafeBytes { bytes in
      if let first = bytes.baseAddress, count > 0 {
        place.copyMemory(from: first, byteCount: count)
      }
    }
    return place
  }
}
