import BlitzTensor
import CKernels
import COneDNN

/// Matrix products: float32 by oneDNN, other dtypes by a plain blocked loop.
struct Product: PreparedKernel {
  let kernel: MatMulKernel

  /// Products below this many multiplications and additions are done by one thread.
  private static let smallestPart = 500_000
  /// Rows of one thread's share are a multiple of this, so that oneDNN's inner tiles are full.
  private static let rowMultiple = 8
  /// Likewise columns.
  private static let columnMultiple = 16

  /// Rows or columns in about equal parts that end at multiples.
  private struct Shares {
    let extent: Int
    let count: Int
    let multiple: Int

    init(_ extent: Int, pieces: Int, multiple: Int) {
      self.extent = extent
      self.multiple = multiple
      count = max(1, min(pieces, extent / multiple))
    }

    subscript(_ share: Int) -> Range<Int> {
      func end(_ shares: Int) -> Int {
        shares == count
          ? extent : (shares * extent / count + multiple / 2) / multiple * multiple
      }
      return end(share)..<end(share + 1)
    }
  }

  func call(_ run: Run) throws(TensorError) {
    let batches = kernel.batchSizes.reduce(1, *)
    if kernel.m == 0 || kernel.n == 0 || batches == 0 { return }
    let alpha = kernel.alpha.reduce(kernel.alphaSign) { $0 * run.scalars[$1.index].double }
    let c = run.pointer(kernel.c)
    let size = kernel.dtype.byteCount
    if let initial = kernel.initial {
      c.copyMemory(
        from: run.pointer(initial), byteCount: batches * kernel.m * kernel.n * size)
    }
    if kernel.k == 0 {
      // A sum of nothing.
      if !kernel.accumulates {
        c.initializeMemory(
          as: UInt8.self, repeating: 0, count: batches * kernel.m * kernel.n * size)
      }
      return
    }
    let flops = 2 * kernel.m * kernel.n * kernel.k
    let threads = ThreadPool.shared.threadCount
    let wanted = batches * flops < Product.smallestPart ? 1 : threads
    // Whole products are shared out where there are enough of them; rows where not, or columns
    // where those are more: then each thread prepares its own part of the larger matrix only.
    let pieces = batches >= 2 * wanted ? 1 : wanted
    let byColumns =
      kernel.dtype == .float32 && !kernel.transposesA && 3 * kernel.m <= 2 * kernel.n
    let shares = Shares(
      byColumns ? kernel.n : kernel.m, pieces: pieces,
      multiple: byColumns ? Product.columnMultiple : Product.rowMultiple)
    let failures = FailureFlag()
    let work: @Sendable (Int) -> Void = { part in
      let (batch, share) = part.quotientAndRemainder(dividingBy: shares.count)
      let part = shares[share]
      let isDone = multiply(
        run, batch: batch, rows: byColumns ? 0..<kernel.m : part,
        columns: byColumns ? part : 0..<kernel.n, alpha: alpha)
      if !isDone { failures.raise() }
    }
    if wanted == 1 {
      for part in 0..<batches * shares.count { work(part) }
    } else {
      ThreadPool.shared.run(parts: batches * shares.count, work)
    }
    if failures.isRaised {
      throw TensorError(
        "matmul", "no memory for a block of a \(kernel.m)x\(kernel.k)x\(kernel.n) product",
        operands: [("in use", "\(Memory.liveBytes) bytes")], help: "use smaller matrices")
    }
  }

  private func multiply(
    _ run: Run, batch: Int, rows: Range<Int>, columns: Range<Int>, alpha: Double
  ) -> Bool {
    let size = kernel.dtype.byteCount
    let a = run.pointer(kernel.a) + offset(kernel.a, batch) * size
    let b = run.pointer(kernel.b) + offset(kernel.b, batch) * size
    let c = run.pointer(kernel.c) + batch * kernel.m * kernel.n * size
    guard kernel.dtype == .float32 else {
      return blz_matmul(
        Int32(kernel.dtype.rawValue), kernel.transposesA, kernel.transposesB, Int64(kernel.n),
        Int64(kernel.k), alpha, a, Int64(kernel.leadingA), b, Int64(kernel.leadingB),
        kernel.accumulates ? 1 : 0, c, Int64(kernel.n), Int64(rows.lowerBound),
        Int64(rows.upperBound))
    }
    let firstA = rows.lowerBound * (kernel.transposesA ? 1 : kernel.leadingA)
    let firstB = columns.lowerBound * (kernel.transposesB ? kernel.leadingB : 1)
    let firstC = rows.lowerBound * kernel.n + columns.lowerBound
    let blocks = Blocks(
      a: a.assumingMemoryBound(to: Float.self) + firstA, leadingA: kernel.leadingA,
      b: b.assumingMemoryBound(to: Float.self) + firstB, leadingB: kernel.leadingB,
      c: c.assumingMemoryBound(to: Float.self) + firstC, rows: rows.count,
      columns: columns.count, depth: kernel.k)
    Threading.useOneLibraryThread()
    return collides ? multiplyCopied(blocks, alpha) : multiply(blocks, alpha, kernel.accumulates)
  }

  /// The matrices of a call of the library.
  private struct Blocks {
    var a: UnsafePointer<Float>
    var leadingA: Int
    var b: UnsafePointer<Float>
    var leadingB: Int
    var c: UnsafeMutablePointer<Float>
    var rows: Int
    var columns: Int
    var depth: Int

    init(
      a: UnsafeMutablePointer<Float>, leadingA: Int, b: UnsafeMutablePointer<Float>,
      leadingB: Int, c: UnsafeMutablePointer<Float>, rows: Int, columns: Int, depth: Int
    ) {
      self.a = UnsafePointer(a)
      self.leadingA = leadingA
      self.b = UnsafePointer(b)
      self.leadingB = leadingB
      self.c = c
      self.rows = rows
      self.columns = columns
      self.depth = depth
    }
  }

  private func multiply(_ blocks: Blocks, _ alpha: Double, _ accumulates: Bool) -> Bool {
    dnnl_sgemm(
      CChar(UInt8(ascii: kernel.transposesA ? "T" : "N")),
      CChar(UInt8(ascii: kernel.transposesB ? "T" : "N")), Int64(blocks.rows),
      Int64(blocks.columns),
      Int64(blocks.depth), Float(alpha), blocks.a, Int64(blocks.leadingA), blocks.b,
      Int64(blocks.leadingB), accumulates ? 1 : 0, blocks.c, Int64(kernel.n)) == dnnl_success
  }

  /// Whether an operand that is read down its columns has rows a multiple of 4096 bytes apart: the
  /// elements of a column then share a few lines of the first-level cache. Measured on Zen 3 with
  /// 512 x 2048 x 256 and rows of 1024: 40 GFLOP/s, 68 with rows of 1040.
  private var collides: Bool {
    kernel.k >= 2 * Product.depthAtOnce && (isSpreadA || isSpreadB)
  }
  private var isSpreadA: Bool { kernel.transposesA && kernel.leadingA % 1024 == 0 }
  private var isSpreadB: Bool { !kernel.transposesB && kernel.leadingB % 1024 == 0 }
  private static let depthAtOnce = 256

  /// The product in parts of its depth, with operands whose rows collide copied apart.
  private func multiplyCopied(_ blocks: Blocks, _ alpha: Double) -> Bool {
    let depth = Product.depthAtOnce
    let (widthA, widthB) = (isSpreadA ? blocks.rows + 16 : 0, isSpreadB ? blocks.columns + 16 : 0)
    guard let scratch = try? Buffer(byteCount: (widthA + widthB) * depth * 4) else { return false }
    let copyA = scratch.pointer.assumingMemoryBound(to: Float.self)
    let copyB = copyA + widthA * depth
    for first in stride(from: 0, to: kernel.k, by: depth) {
      var part = blocks
      part.depth = min(depth, kernel.k - first)
      part.a += first * (kernel.transposesA ? blocks.leadingA : 1)
      part.b += first * (kernel.transposesB ? 1 : blocks.leadingB)
      if isSpreadA {
        for row in 0..<part.depth {
          (copyA + row * widthA).update(from: part.a + row * blocks.leadingA, count: blocks.rows)
        }
        (part.a, part.leadingA) = (UnsafePointer(copyA), widthA)
      }
      if isSpreadB {
        for row in 0..<part.depth {
          (copyB + row * widthB).update(from: part.b + row * blocks.leadingB, count: blocks.columns)
        }
        (part.b, part.leadingB) = (UnsafePointer(copyB), widthB)
      }
      if !multiply(part, alpha, kernel.accumulates || first > 0) { return false }
    }
    return true
  }

  /// Where a batch's matrix starts, in elements from the first one's.
  private func offset(_ operand: Plan.Operand, _ batch: Int) -> Int {
    var rest = batch
    var offset = 0
    for (size, stride) in zip(kernel.batchSizes, operand.strides).reversed() {
      offset += rest % size * stride
      rest /= size
    }
    return offset
  }
}
