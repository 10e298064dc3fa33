import CKernels
import Foundation

/// A product's matrices, and both sides' ways to compute one thread's part of it.
///
/// Unchecked: threads write disjoint parts of `c`.
final class Sides: @unchecked Sendable {
  private let shape: Shape
  private let threads: Int
  private let a: UnsafeMutablePointer<Float>
  private let b: UnsafeMutablePointer<Float>
  private let c: UnsafeMutablePointer<Float>
  private let product: blz_product
  private let blocks: [blz_block]
  private let scratch: [UnsafeMutableRawPointer]

  init(_ shape: Shape, threads: Int) {
    func matrix(_ count: Int) -> UnsafeMutablePointer<Float> {
      let memory = UnsafeMutableRawPointer.allocate(byteCount: 4 * count, alignment: 64)
      let numbers = memory.bindMemory(to: Float.self, capacity: count)
      for i in 0..<count { numbers[i] = Float((i * 7919) % 2003) / 1000 - 1 }
      return numbers
    }
    self.shape = shape
    self.threads = threads
    a = matrix(shape.m * shape.k)
    b = matrix(shape.k * shape.n)
    c = matrix(shape.m * shape.n)
    var product = blz_product(
      dtype: Int32(BLZ_F32), isa: blz_isa(), trans_a: shape.transposesA,
      trans_b: shape.transposesB, accumulates: shape.accumulates, m: Int64(shape.m),
      n: Int64(shape.n), k: Int64(shape.k), alpha: 1, a: a, lda: Int64(shape.lda), b: b,
      ldb: Int64(shape.ldb), c: c, ldc: Int64(shape.n), addend: nil)
    blocks = (0..<threads).map { blz_product_part(&product, Int32(threads), Int32($0)) }
    scratch = blocks.map {
      .allocate(byteCount: blz_product_scratch(&product, $0) + 64, alignment: 64)
    }
    self.product = product
  }

  deinit {
    for memory in [a, b, c] { memory.deallocate() }
    for memory in scratch { memory.deallocate() }
  }

  func own(_ thread: Int) {
    withUnsafePointer(to: product) { blz_product_run($0, blocks[thread], scratch[thread]) }
  }

  /// oneDNN's, over rows, or over columns where those are more: each thread calls it for its part.
  func oneDNN(_ thread: Int) {
    guard let multiply = OneDNN.sgemm else { return }
    OneDNN.useOneThread()
    let byColumns = !shape.transposesA && 3 * shape.m <= 2 * shape.n
    let (extent, multiple) = byColumns ? (shape.n, 16) : (shape.m, 8)
    let shares = max(1, min(threads, extent / multiple))
    if thread >= shares { return }
    func end(_ share: Int) -> Int {
      share == shares
        ? extent : (share * extent / shares + multiple / 2) / multiple * multiple
    }
    let part = end(thread)..<end(thread + 1)
    let (row, column) = byColumns ? (0, part.lowerBound) : (part.lowerBound, 0)
    _ = multiply(
      CChar(UInt8(ascii: shape.transposesA ? "T" : "N")),
      CChar(UInt8(ascii: shape.transposesB ? "T" : "N")), byColumns ? shape.m : part.count,
      byColumns ? part.count : shape.n, shape.k, 1,
      a + row * (shape.transposesA ? 1 : shape.lda), shape.lda,
      b + column * (shape.transposesB ? shape.ldb : 1), shape.ldb, shape.accumulates ? 1 : 0,
      c + row * shape.n + column, shape.n)
  }
}

/// oneDNN, if it is installed: nothing here is linked with it.
enum OneDNN {
  typealias Multiply =
    @convention(c) (
      CChar, CChar, Int, Int, Int, Float, UnsafePointer<Float>, Int, UnsafePointer<Float>, Int,
      Float,
      UnsafeMutablePointer<Float>, Int
    ) -> Int32

  /// Unchecked: what `dlopen` gives may be used by any thread.
  private struct Library: @unchecked Sendable { let handle: UnsafeMutableRawPointer }

  private static let library: Library? = {
    for name in ["libdnnl.so.3", "libdnnl.so.2", "libdnnl.so"] {
      if let handle = dlopen(name, RTLD_NOW) { return Library(handle: handle) }
    }
    return nil
  }()

  static let sgemm: Multiply? = library.flatMap { dlsym($0.handle, "dnnl_sgemm") }.map {
    unsafeBitCast($0, to: Multiply.self)
  }

  /// OpenMP, which Debian's oneDNN uses, keeps the number of threads for each thread anew.
  static func useOneThread() { setThreads?(1) }

  /// Looked up in what oneDNN is linked with: the program itself has no OpenMP.
  private static let setThreads: (@convention(c) (Int32) -> Void)? = library.flatMap {
    dlsym($0.handle, "omp_set_num_threads")
  }.map { unsafeBitCast($0, to: (@convention(c) (Int32) -> Void).self) }
}
