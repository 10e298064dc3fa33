import BlitzTensor
import CKernels

/// Matrix products of whole numbers of 8 bits with sums of 32, shared out to threads.
final class ByteProduct: PreparedKernel {
  private let kernel: MatMulKernel
  private let batches: Int

  init(_ kernel: MatMulKernel) {
    self.kernel = kernel
    batches = kernel.batchSizes.reduce(1, *)
  }

  /// Products below this many multiplications and additions are done by one thread.
  private static let smallestPart = 1_000_000

  func call(_ run: Run) throws(TensorError) {
    if kernel.m == 0 || kernel.n == 0 || batches == 0 { return }
    let isSmall = kernel.flops < ByteProduct.smallestPart
    let threads = isSmall ? 1 : ThreadPool.shared.threadCount
    if batches >= 2 * threads, threads > 1 {
      let failures = FailureFlag()
      ThreadPool.shared.run(parts: batches) { [self] batch in
        do { try compute(run, batch, threads: 1) } catch { failures.raise() }
      }
      if failures.isRaised { throw kernel.noMemory }
    } else {
      for batch in 0..<batches { try compute(run, batch, threads: threads) }
    }
  }

  private func compute(_ run: Run, _ batch: Int, threads: Int) throws(TensorError) {
    var whole = product(run, batch)
    var packed: MemoryBlock?
    if blz_bytes_packs(&whole) {
      let block = try MemoryBlock(byteCount: blz_bytes_packed_bytes(&whole))
      let panels = Int(blz_bytes_panels(&whole))
      ThreadPool.shared.run(parts: threads) { [self] part in
        var product = product(run, batch)
        blz_bytes_pack(
          &product, block.pointer, Int64(panels * part / threads),
          Int64(panels * (part + 1) / threads))
      }
      packed = block
    }
    let scratch = blz_bytes_scratch(&whole)
    let failures = FailureFlag()
    // Several parts each: a thread that comes late has fewer.
    let parts = threads == 1 ? 1 : 4 * threads
    ThreadPool.shared.run(parts: parts) { [self, packed] part in
      let isDone = Scratch.use(scratch) { scratch in
        var product = product(run, batch)
        blz_bytes_run(
          &product, packed?.pointer, blz_bytes_part(&product, Int64(parts), Int64(part)), scratch)
      }
      if !isDone { failures.raise() }
    }
    if failures.isRaised { throw kernel.noMemory }
  }

  private func product(_ run: Run, _ batch: Int) -> blz_byte_product {
    blz_byte_product(
      isa: blz_isa(), trans_a: kernel.transposesA, trans_b: kernel.transposesB,
      signed_a: kernel.a.dtype.isSigned, signed_b: kernel.b.dtype.isSigned, m: Int64(kernel.m),
      n: Int64(kernel.n), k: Int64(kernel.k),
      a: run.pointer(kernel.a) + kernel.offset(kernel.a, batch),
      lda: Int64(kernel.leadingA), b: run.pointer(kernel.b) + kernel.offset(kernel.b, batch),
      ldb: Int64(kernel.leadingB),
      c: run.pointer(kernel.c).assumingMemoryBound(to: Int32.self) + batch * kernel.m * kernel.n,
      ldc: Int64(kernel.n))
  }
}
