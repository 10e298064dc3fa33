import BlitzTensor

extension MatMulKernel: CPUKernel {
  func prepared() -> any PreparedKernel { Product(self) }
}

/// Matrix products, shared out to threads.
///
/// A class, as calling a struct behind a protocol copies it first.
final class Product: PreparedKernel {
  private let kernel: MatMulKernel
  private let batches: Int

  init(_ kernel: MatMulKernel) {
    self.kernel = kernel
    batches = kernel.batchSizes.reduce(1, *)
  }

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
    var isDone = true
    if wanted == 1 {
      for batch in 0..<batches where isDone {
        isDone = multiply(
          run, batch: batch, rows: 0..<kernel.m, columns: 0..<kernel.n, alpha: alpha)
      }
    } else {
      // Whole products are shared out where there are enough of them; rows where not, or columns
      // where those are more: then each thread prepares its own part of the larger matrix only.
      let pieces = batches >= 2 * wanted ? 1 : wanted
      let byColumns =
        kernel.dtype == .float32 && !kernel.transposesA && 3 * kernel.m <= 2 * kernel.n
      let shares = Shares(
        byColumns ? kernel.n : kernel.m, pieces: pieces,
        multiple: byColumns ? Product.columnMultiple : Product.rowMultiple)
      let failures = FailureFlag()
      // Several small products are taken at a time: taking one costs as much as computing it.
      let total = batches * shares.count
      let group = max(1, min(Product.smallestPart / max(flops, 1), total / (4 * threads)))
      ThreadPool.shared.run(parts: (total + group - 1) / group) { [self] part in
        for place in part * group..<min((part + 1) * group, total) {
          let (batch, share) = place.quotientAndRemainder(dividingBy: shares.count)
          let part = shares[share]
          let isDone = multiply(
            run, batch: batch, rows: byColumns ? 0..<kernel.m : part,
            columns: byColumns ? part : 0..<kernel.n, alpha: alpha)
          if !isDone { failures.raise() }
        }
      }
      isDone = !failures.isRaised
    }
    if !isDone {
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
    let firstA = rows.lowerBound * (kernel.transposesA ? 1 : kernel.leadingA)
    let firstB = columns.lowerBound * (kernel.transposesB ? kernel.leadingB : 1)
    let firstC = rows.lowerBound * kernel.n + columns.lowerBound
    let product = MatrixProduct(
      dtype: kernel.dtype, m: rows.count, n: columns.count, k: kernel.k, alpha: alpha,
      a: a + firstA * size, transposesA: kernel.transposesA, leadingA: kernel.leadingA,
      b: b + firstB * size, transposesB: kernel.transposesB, leadingB: kernel.leadingB,
      accumulates: kernel.accumulates, c: c + firstC * size, leadingC: kernel.n)
    return collides ? runCopied(product) : product.run()
  }

  /// Whether an operand that is read down its columns has rows a multiple of 4096 bytes apart: the
  /// elements of a column then share a few lines of the first-level cache. Measured on Zen 3 with
  /// 512 x 2048 x 256 and rows of 1024: 40 GFLOP/s, 68 with rows of 1040.
  private var collides: Bool {
    kernel.dtype == .float32 && kernel.k >= 2 * Product.depthAtOnce && (isSpreadA || isSpreadB)
  }
  private var isSpreadA: Bool { kernel.transposesA && kernel.leadingA % 1024 == 0 }
  private var isSpreadB: Bool { !kernel.transposesB && kernel.leadingB % 1024 == 0 }
  private static let depthAtOnce = 256

  /// The product in parts of its depth, with operands whose rows collide copied apart.
  private func runCopied(_ product: MatrixProduct) -> Bool {
    let (depth, size) = (Product.depthAtOnce, MemoryLayout<Float>.size)
    let (widthA, widthB) = (isSpreadA ? product.m + 16 : 0, isSpreadB ? product.n + 16 : 0)
    guard let scratch = try? MemoryBlock(byteCount: (widthA + widthB) * depth * size) else {
      return false
    }
    /// Copies the first `depth` rows of `count` elements.
    func copyApart(
      _ rows: inout UnsafeRawPointer, _ leading: inout Int, depth: Int, count: Int,
      to copy: UnsafeMutableRawPointer, width: Int
    ) {
      for row in 0..<depth {
        (copy + row * width * size).copyMemory(
          from: rows + row * leading * size, byteCount: count * size)
      }
      (rows, leading) = (UnsafeRawPointer(copy), width)
    }
    for first in stride(from: 0, to: product.k, by: depth) {
      var part = product
      part.k = min(depth, product.k - first)
      part.a += first * (product.transposesA ? product.leadingA : 1) * size
      part.b += first * (product.transposesB ? 1 : product.leadingB) * size
      part.accumulates = product.accumulates || first > 0
      if isSpreadA {
        copyApart(
          &part.a, &part.leadingA, depth: part.k, count: product.m, to: scratch.pointer,
          width: widthA)
      }
      if isSpreadB {
        copyApart(
          &part.b, &part.leadingB, depth: part.k, count: product.n,
          to: scratch.pointer + widthA * depth * size, width: widthB)
      }
      if !part.run() { return false }
    }
    return true
  }

  /// Where a batch's matrix starts, in elements from the first one's.
  private func offset(_ operand: Plan.Operand, _ batch: Int) -> Int {
    if batch == 0 { return 0 }
    var rest = batch
    var offset = 0
    for (size, stride) in zip(kernel.batchSizes, operand.strides).reversed() {
      offset += rest % size * stride
      rest /= size
    }
    return offset
  }
}
