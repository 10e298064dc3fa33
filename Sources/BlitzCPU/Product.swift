import BlitzTensor
import CKernels

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
  func call(_ run: Run) throws(TensorError) {
    if kernel.m == 0 || kernel.n == 0 || batches == 0 { return }
    let alpha = kernel.alpha.reduce(kernel.alphaSign) { $0 * run.scalars[$1.index].double }
    let flops = 2 * kernel.m * kernel.n * kernel.k
    let threads = batches * flops < Product.smallestPart ? 1 : ThreadPool.shared.threadCount
    // Whole products are shared out where there are enough of them; parts of each where not.
    let partCount = batches >= 2 * threads ? 1 : threads
    var isDone = true
    if threads > 1, batches == 1, !kernel.isPackedB, product(run, 0, alpha).sharesTerms(threads) {
      isDone = sharingTerms(run, alpha, threads)
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
    if !isDone {
      throw TensorError(
        "matmul", "no memory for a block of a \(kernel.m)x\(kernel.k)x\(kernel.n) product",
        operands: [("in use", "\(Memory.liveBytes) bytes")], help: "use smaller matrices")
    }
  }

  /// Lets each thread have some of the sums that the elements are made of, and adds them in order:
  /// each element is to the last bit what one thread would have made of it.
  ///
  /// - Returns: whether there was memory.
  private func sharingTerms(_ run: Run, _ alpha: Double, _ threads: Int) -> Bool {
    let sums = product(run, 0, alpha).sumCount
    let own = sums / threads
    let (rows, columns) = (kernel.m, kernel.n)
    let count = rows * columns
    let size = kernel.dtype.byteCount
    guard let others = try? MemoryBlock(byteCount: (sums - own) * count * size) else {
      return false
    }
    let failures = FailureFlag()
    ThreadPool.shared.run(parts: threads) { [self] thread in
      let whole = product(run, 0, alpha)
      for index in sums * thread / threads..<sums * (thread + 1) / threads {
        var part = whole.sum(index)
        if index > 0 { (part.accumulates, part.addend) = (index < own, nil) }
        if index >= own { part.c = others.pointer + (index - own) * count * size }
        if !part.run() { failures.raise() }
      }
    }
    ThreadPool.shared.run(parts: threads) { [self] thread in
      let first = rows * thread / threads * columns
      let end = rows * (thread + 1) / threads * columns
      for index in 0..<sums - own {
        blz_add_arrays(
          run.pointer(kernel.c) + first * size, others.pointer + (index * count + first) * size,
          Int32(kernel.dtype.rawValue), Int64(end - first))
      }
    }
    return !failures.isRaised
  }

  private func product(_ run: Run, _ batch: Int, _ alpha: Double) -> MatrixProduct {
    let size = kernel.dtype.byteCount
    return MatrixProduct(
      dtype: kernel.dtype, m: kernel.m, n: kernel.n, k: kernel.k, alpha: alpha,
      a: run.pointer(kernel.a) + offset(kernel.a, batch) * size,
      transposesA: kernel.transposesA, leadingA: kernel.leadingA,
      b: run.pointer(kernel.b) + offset(kernel.b, batch) * size,
      transposesB: kernel.transposesB, leadingB: kernel.leadingB,
      accumulates: kernel.accumulates,
      c: run.pointer(kernel.c) + batch * kernel.m * kernel.n * size, leadingC: kernel.n,
      addend: kernel.initial.map { run.pointer($0) + batch * kernel.m * kernel.n * size },
      isPackedB: kernel.isPackedB)
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
