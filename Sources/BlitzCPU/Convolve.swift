import BlitzTensor
import CKernels

extension ConvolutionKernel: CPUKernel {
  func prepared() -> any PreparedKernel { Convolve(self) }
}

/// Convolutions, shared out to threads: products whose one matrix is read from the images.
///
/// Weights that come again are packed once and kept with the plan.
///
/// A class, as calling a struct behind a protocol copies it first.
final class Convolve: RowwiseKernel {
  private let kernel: ConvolutionKernel
  /// With weights packed in each call, and with weights that are kept.
  private let once: Work
  private let again: Work
  private let kept = Lock(KeptWeights())

  init(_ kernel: ConvolutionKernel) {
    self.kernel = kernel
    (once, again) = (Work(kernel), Work(kernel, keepsWeights: true))
  }

  /// How a convolution is cut into units, and what they take.
  private struct Work {
    let keepsWeights, isPlain: Bool
    /// How many units of work each stage has.
    var units: [Int] = []
    /// More shares of them do not pay, where there are as many as threads.
    var mostShares = 0
    var sharedByteCount = 0
    var scratchByteCount = 0

    init(_ kernel: ConvolutionKernel, keepsWeights: Bool = false, isPlain: Bool = false) {
      (self.keepsWeights, self.isPlain) = (keepsWeights, isPlain)
      if kernel.flops == 0 { return }
      var convolution = convolution(kernel)
      units = (0..<Int32(BLZ_CONVOLUTION_STAGES)).map {
        Int(blz_convolution_units(&convolution, $0))
      }
      mostShares = Int(blz_convolution_shares(&convolution))
      sharedByteCount = blz_convolution_shared(&convolution)
      scratchByteCount = blz_convolution_scratch(&convolution)
    }

    /// What the kernel is, without its arrays.
    func convolution(_ kernel: ConvolutionKernel) -> blz_convolution {
      blz_convolution(
        role: Int32(kernel.role.rawValue), dtype: Int32(kernel.dtype.rawValue), isa: blz_isa(),
        keeps_weights: keepsWeights, is_plain: isPlain, batch: Int64(kernel.batch),
        groups: Int64(kernel.groups), filters: Int64(kernel.filters),
        window: blz_window(kernel.window), input: nil, weight: nil, output: nil,
        finish: blz_finishing(
          bias: nil, addend: nil, replaces: false, pools: kernel.finish.pools, bound: 0,
          replacement: 0))
    }
  }

  /// Which weights the last call had, and what was packed of them when they had come twice.
  private struct KeptWeights {
    var version: Run.Version?
    var packed: MemoryBlock?
  }

  /// Convolutions of fewer floating-point operations are done by one thread.
  private static let smallWork = 100_000
  /// Packing, or adding up, of so few bytes is done by one thread.
  private static let smallByteCount = 1 << 18

  func call(_ run: Run) throws(TensorError) {
    if kernel.flops == 0 {
      // Nothing, or sums of nothing.
      run.pointer(kernel.result).initializeMemory(
        as: UInt8.self, repeating: 0, count: kernel.resultCount * kernel.dtype.byteCount)
      return
    }
    let (work, shared) = try packed(run)
    if try !compute(run, work, shared) {
      // Of a gradient: numbers that are not finite stay where they are in the plain way alone.
      let plain = Work(kernel, isPlain: true)
      guard let shared = try? MemoryBlock(byteCount: plain.sharedByteCount) else { throw noMemory }
      _ = try compute(run, plain, shared)
    }
  }

  /// Answers whether the results are right.
  private func compute(
    _ run: Run, _ work: Work, _ shared: MemoryBlock
  ) throws(TensorError) -> Bool {
    let (failures, wrongs) = (FailureFlag(), FailureFlag())
    call(run, work, Int32(BLZ_CONVOLUTION_RUN), shared, failures, wrongs)
    call(run, work, Int32(BLZ_CONVOLUTION_TOTAL), shared, failures, wrongs)
    if failures.isRaised { throw noMemory }
    return !wrongs.isRaised
  }

  /// What the units share, with the weights packed.
  private func packed(_ run: Run) throws(TensorError) -> (Work, MemoryBlock) {
    var work = once
    if kernel.role != .weight, let version = run.version(kernel.operands[1]) {
      let packed = kept.withLock { kept -> MemoryBlock? in
        if kept.version == version {
          work = again
          return kept.packed
        }
        kept = KeptWeights(version: version)
        return nil
      }
      if let packed { return (again, packed) }
    }
    guard let shared = try? MemoryBlock(byteCount: work.sharedByteCount) else { throw noMemory }
    call(run, work, Int32(BLZ_CONVOLUTION_PACK), shared, FailureFlag(), FailureFlag())
    if work.keepsWeights { kept.withLock { $0.packed = shared } }
    return (work, shared)
  }

  /// Units of a stage, shared out.
  private func call(
    _ run: Run, _ work: Work, _ stage: Int32, _ shared: MemoryBlock, _ failures: FailureFlag,
    _ wrongs: FailureFlag
  ) {
    let count = work.units[Int(stage)]
    let isMain = stage == BLZ_CONVOLUTION_RUN
    let threads = ThreadPool.shared.threadCount
    let isSmall =
      isMain
      ? kernel.flops < Convolve.smallWork : work.sharedByteCount < Convolve.smallByteCount
    let shares = isMain ? max(threads, min(8 * threads, work.mostShares)) : 8 * threads
    let parts = min(count, isSmall ? 1 : shares)
    ThreadPool.shared.run(parts: parts) { [self] part in
      let isDone = Scratch.use(isMain ? work.scratchByteCount : 0) { scratch in
        var convolution = convolution(run, work)
        let isRight = blz_convolution_run(
          &convolution, stage, shared.pointer, scratch, Int64(part * count / parts),
          Int64((part + 1) * count / parts))
        if !isRight { wrongs.raise() }
      }
      if !isDone { failures.raise() }
    }
  }

  /// Rows are images. Weights are packed before.
  func onRows(
    _ run: Run, of rows: RowBlocks, _ failures: FailureFlag
  ) throws(TensorError) -> RowsBody {
    let (work, shared) = try packed(run)
    let stage = Int32(BLZ_CONVOLUTION_RUN)
    let (count, batch) = (work.units[Int(stage)], kernel.batch)
    return RowsBody { [self] images in
      let isDone = Scratch.use(work.scratchByteCount) { scratch in
        var convolution = convolution(run, work)
        // Of each group and block of pixels the units of all images follow each other.
        for first in stride(from: 0, to: count, by: batch) {
          _ = blz_convolution_run(
            &convolution, stage, shared.pointer, scratch, Int64(first + images.lowerBound),
            Int64(first + images.upperBound))
        }
      }
      if !isDone { failures.raise() }
    }
  }

  private func convolution(_ run: Run, _ work: Work) -> blz_convolution {
    var convolution = work.convolution(kernel)
    let (a, b) = (run.pointer(kernel.operands[0]), run.pointer(kernel.operands[1]))
    let result = run.pointer(kernel.result)
    (convolution.input, convolution.weight, convolution.output) =
      switch kernel.role {
      case .output: (a, b, result)
      case .input: (result, b, a)
      case .weight: (a, result, b)
      }
    let finish = kernel.finish
    convolution.finish.bias = finish.bias.map { UnsafeRawPointer(run.pointer($0)) }
    convolution.finish.addend = finish.addend.map { UnsafeRawPointer(run.pointer($0)) }
    if let replacement = finish.replacement {
      convolution.finish.replaces = true
      convolution.finish.bound = run.scalars[replacement.bound.index].double
      convolution.finish.replacement = run.scalars[replacement.value.index].double
    }
    return convolution
  }

  private var noMemory: TensorError {
    TensorError(
      "conv2d", "no memory for parts of \(kernel.summary)",
      operands: [("in use", "\(Memory.liveBytes) bytes")], help: "use smaller images or batches")
  }
}
