import BlitzTensor
import CKernels

extension MatMulKernel: CPUKernel {
  func prepared() -> any PreparedKernel { multipliesBytes ? ByteProduct(self) : Product(self) }

  /// Where a batch's matrix starts, in elements from the first one's.
  func offset(_ operand: Plan.Operand, _ batch: Int) -> Int {
    if batch == 0 { return 0 }
    var rest = batch
    var offset = 0
    for (size, stride) in zip(batchSizes, operand.strides).reversed() {
      offset += rest % size * stride
      rest /= size
    }
    return offset
  }

  var noMemory: TensorError {
    TensorError(
      "matmul", "no memory for a block of a \(m)x\(k)x\(n) product",
      operands: [("in use", "\(Memory.liveBytes) bytes")], help: "use smaller matrices")
  }
}

/// Matrix products, shared out to threads.
///
/// A class, as calling a struct behind a protocol copies it first.
final class Product: RowwiseKernel {
  private let kernel: MatMulKernel
  private let batches: Int

  init(_ kernel: MatMulKernel) {
    self.kernel = kernel
    batches = kernel.batchSizes.reduce(1, *)
  }

  /// Products below this many multiplications and additions are done by one thread.
  static let smallestPart = 500_000
  /// Rows of a block, where the right matrix is packed for all.
  private static let blockRows = 48

  func call(_ run: Run) throws(TensorError) {
    if kernel.m == 0 || kernel.n == 0 || batches == 0 { return }
    let alpha = alpha(run)
    let flops = 2 * kernel.m * kernel.n * kernel.k
    let threads = threads
    // Whole products are shared out where there are enough of them; parts of each where not.
    let partCount = batches >= 2 * threads ? 1 : threads
    var isDone = true
    if threads > 1, batches == 1, !kernel.isPackedB, product(run, 0, alpha).sharesTerms(threads) {
      let failures = FailureFlag()
      let body = try sharingTerms(run, alpha, threads, failures)
      let rows = kernel.m
      ThreadPool.shared.run(parts: threads) { thread in
        body.run(rows * thread / threads..<rows * (thread + 1) / threads)
      }
      isDone = !failures.isRaised
    } else if threads > 1, kernel.blocks == .packing {
      let failures = FailureFlag()
      let body = try packing(run, alpha, failures)
      let (rows, size) = (kernel.m, Product.blockRows)
      ThreadPool.shared.run(parts: (rows + size - 1) / size) { block in
        body.run(block * size..<min((block + 1) * size, rows))
      }
      isDone = !failures.isRaised
    } else if threads == 1 {
      for batch in 0..<batches where isDone { isDone = product(run, batch, alpha).run() }
    } else {
      let failures = FailureFlag()
      // Several small products are taken at a time: taking one costs as much as computing it.
      let total = batches * partCount
      let group = max(1, min(Product.smallestPart / max(flops, 1), total / (4 * threads)))
      ThreadPool.shared.run(parts: (total + group - 1) / group) { [self] taken in
        for place in taken * group..<min((taken + 1) * group, total) {
          let (batch, part) = place.quotientAndRemainder(dividingBy: partCount)
          if !product(run, batch, alpha).run(part: part, of: partCount) { failures.raise() }
        }
      }
      isDone = !failures.isRaised
    }
    if !isDone { throw kernel.noMemory }
  }

  // MARK: Rows

  func onRows(
    _ run: Run, of rows: RowBlocks, _ failures: FailureFlag
  ) throws(TensorError) -> RowsBody {
    let alpha = alpha(run)
    let threads = threads
    if threads > 1, rows.isFirst, !kernel.isPackedB, product(run, 0, alpha).sharesTerms(threads) {
      return try sharingTerms(run, alpha, threads, failures)
    }
    switch kernel.blocks {
    case .packing: return try packing(run, alpha, failures)
    case .direct:
      return RowsBody { [self] rows in
        if !product(run, 0, alpha).run(rows: rows) { failures.raise() }
      }
    case .none:
      try call(run)
      return RowsBody { _ in }
    }
  }

  private func alpha(_ run: Run) -> Double {
    kernel.alpha.reduce(kernel.alphaSign) { $0 * run.scalars[$1.index].double }
  }

  private var threads: Int {
    kernel.flops < Product.smallestPart ? 1 : ThreadPool.shared.threadCount
  }

  /// Packs the right matrix, and answers what computes some rows with it.
  private func packing(
    _ run: Run, _ alpha: Double, _ failures: FailureFlag
  ) throws(TensorError) -> RowsBody {
    let whole = product(run, 0, alpha)
    guard let packed = try? MemoryBlock(byteCount: whole.packedByteCount) else {
      throw kernel.noMemory
    }
    let panels = whole.panelCount
    let parts = min(panels, 4 * ThreadPool.shared.threadCount)
    ThreadPool.shared.run(parts: parts) { part in
      self.product(run, 0, alpha).pack(
        into: packed.pointer, panels: panels * part / parts..<panels * (part + 1) / parts)
    }
    return RowsBody { [self] rows in
      var product = product(run, 0, alpha)
      (product.b, product.isPackedB) = (UnsafeRawPointer(packed.pointer), true)
      if !product.run(rows: rows) { failures.raise() }
    }
  }

  /// Lets each thread have some of the sums that the elements are made of, and answers what adds
  /// those of some rows in order: each element is to the last bit what one thread would have made
  /// of it.
  private func sharingTerms(
    _ run: Run, _ alpha: Double, _ threads: Int, _ failures: FailureFlag
  ) throws(TensorError) -> RowsBody {
    let sums = product(run, 0, alpha).sumCount
    let own = sums / threads
    let columns = kernel.n
    let count = kernel.m * columns
    let size = kernel.dtype.byteCount
    guard let others = try? MemoryBlock(byteCount: (sums - own) * count * size) else {
      throw kernel.noMemory
    }
    ThreadPool.shared.run(parts: threads) { [self] thread in
      let whole = product(run, 0, alpha)
      for index in sums * thread / threads..<sums * (thread + 1) / threads {
        var part = whole.sum(index)
        if index > 0 { (part.accumulates, part.addend) = (index < own, nil) }
        if index >= own { part.c = others.pointer + (index - own) * count * size }
        if !part.run() { failures.raise() }
      }
    }
    return RowsBody { [self] rows in
      let (first, end) = (rows.lowerBound * columns, rows.upperBound * columns)
      for index in 0..<sums - own {
        blz_add_arrays(
          run.pointer(kernel.c) + first * size, others.pointer + (index * count + first) * size,
          Int32(kernel.dtype.rawValue), Int64(end - first))
      }
    }
  }

  private func product(_ run: Run, _ batch: Int, _ alpha: Double) -> MatrixProduct {
    let size = kernel.dtype.byteCount
    return MatrixProduct(
      dtype: kernel.dtype, m: kernel.m, n: kernel.n, k: kernel.k, alpha: alpha,
      a: run.pointer(kernel.a) + kernel.offset(kernel.a, batch) * size,
      transposesA: kernel.transposesA, leadingA: kernel.leadingA,
      b: run.pointer(kernel.b) + kernel.offset(kernel.b, batch) * size,
      transposesB: kernel.transposesB, leadingB: kernel.leadingB,
      accumulates: kernel.accumulates,
      c: run.pointer(kernel.c) + batch * kernel.m * kernel.n * size, leadingC: kernel.n,
      addend: kernel.initial.map { run.pointer($0) + batch * kernel.m * kernel.n * size },
      isPackedB: kernel.isPackedB)
  }
}

extension PackKernel: CPUKernel {
  func prepared() -> any PreparedKernel { Packing(kernel: self) }
}

/// Right matrices in the order in which products read them.
struct Packing: PreparedKernel {
  let kernel: PackKernel

  func call(_ run: Run) throws(TensorError) {
    var product = product(run)
    let count = Int(blz_product_panels(&product))
    Rows.split(count, workPerRow: kernel.k * kernel.n / count) { panels in
      var product = self.product(run)
      blz_product_pack(
        &product, run.pointer(kernel.result), Int64(panels.lowerBound), Int64(panels.upperBound))
    }
  }

  /// Any product of the matrix.
  private func product(_ run: Run) -> blz_product {
    var product = blz_product()
    product.dtype = Int32(kernel.dtype.rawValue)
    product.isa = blz_isa()
    product.trans_b = kernel.isTransposed
    (product.m, product.n, product.k) = (1, Int64(kernel.n), Int64(kernel.k))
    product.b = UnsafeRawPointer(run.pointer(kernel.source))
    product.ldb = Int64(kernel.leading)
    return product
  }
}
