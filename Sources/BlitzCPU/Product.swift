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
    // Whole products are shared out where there are enough of them; rows where not.
    let pieces = batches >= 2 * wanted ? 1 : wanted
    let rows = max(
      Product.rowMultiple,
      (kernel.m + pieces * Product.rowMultiple - 1) / (pieces * Product.rowMultiple)
        * Product.rowMultiple)
    let blocks = (kernel.m + rows - 1) / rows
    let failures = FailureFlag()
    let share: @Sendable (Int) -> Void = { part in
      let (batch, block) = part.quotientAndRemainder(dividingBy: blocks)
      let first = block * rows
      let isDone = multiply(
        run, batch: batch, rows: first..<min(first + rows, kernel.m), alpha: alpha)
      if !isDone { failures.raise() }
    }
    if wanted == 1 {
      for part in 0..<batches * blocks { share(part) }
    } else {
      ThreadPool.shared.run(parts: batches * blocks, share)
    }
    if failures.isRaised {
      throw TensorError(
        "matmul", "no memory for a block of a \(kernel.m)x\(kernel.k)x\(kernel.n) product",
        operands: [("in use", "\(Memory.liveBytes) bytes")], help: "use smaller matrices")
    }
  }

  private func multiply(_ run: Run, batch: Int, rows: Range<Int>, alpha: Double) -> Bool {
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
    let firstC = rows.lowerBound * kernel.n
    Threading.useOneLibraryThread()
    return dnnl_sgemm(
      kernel.transposesA ? CChar(UInt8(ascii: "T")) : CChar(UInt8(ascii: "N")),
      kernel.transposesB ? CChar(UInt8(ascii: "T")) : CChar(UInt8(ascii: "N")),
      Int64(rows.count), Int64(kernel.n), Int64(kernel.k), Float(alpha),
      a.assumingMemoryBound(to: Float.self) + firstA, Int64(kernel.leadingA),
      b.assumingMemoryBound(to: Float.self), Int64(kernel.leadingB),
      kernel.accumulates ? 1 : 0, c.assumingMemoryBound(to: Float.self) + firstC,
      Int64(kernel.n)) == dnnl_success
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
