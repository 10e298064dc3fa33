import BlitzTensor
import CKernels

extension ConvolutionKernel: CPUKernel {
  func prepared() -> any PreparedKernel { Convolve(self) }
}

/// Convolutions, shared out to threads: products whose one matrix is read from the images.
///
/// A class, as calling a struct behind a protocol copies it first.
final class Convolve: RowwiseKernel {
  private let kernel: ConvolutionKernel
  /// How many units of work each stage has.
  private let units: [Int]
  private let sharedByteCount: Int
  private let scratchByteCount: Int

  init(_ kernel: ConvolutionKernel) {
    self.kernel = kernel
    var convolution = Convolve.convolution(kernel)
    if kernel.flops == 0 {
      (units, sharedByteCount, scratchByteCount) = ([], 0, 0)
      return
    }
    units = (0..<Convolve.stageCount).map { Int(blz_convolution_units(&convolution, $0)) }
    sharedByteCount = blz_convolution_shared(&convolution)
    scratchByteCount = blz_convolution_scratch(&convolution)
  }

  private static let stageCount = Int32(BLZ_CONVOLUTION_STAGES)

  /// Packing, or adding up, of so few bytes is done by one thread.
  private static let smallByteCount = 1 << 18

  func call(_ run: Run) throws(TensorError) {
    if kernel.flops == 0 {
      // Nothing, or sums of nothing.
      run.pointer(kernel.result).initializeMemory(
        as: UInt8.self, repeating: 0, count: kernel.resultCount * kernel.dtype.byteCount)
      return
    }
    guard let shared = try? MemoryBlock(byteCount: sharedByteCount) else { throw noMemory }
    let failures = FailureFlag()
    for stage in 0..<Convolve.stageCount { call(run, stage, shared, failures) }
    if failures.isRaised { throw noMemory }
  }

  /// Units of a stage, shared out.
  private func call(
    _ run: Run, _ stage: Int32, _ shared: MemoryBlock, _ failures: FailureFlag
  ) {
    let count = units[Int(stage)]
    let isMain = stage == BLZ_CONVOLUTION_RUN
    let threads = ThreadPool.shared.threadCount
    let isSmall = !isMain && sharedByteCount < Convolve.smallByteCount
    let parts = min(count, isSmall ? 1 : 8 * threads)
    ThreadPool.shared.run(parts: parts) { [self] part in
      guard let scratch = try? MemoryBlock(byteCount: isMain ? scratchByteCount : 0) else {
        return failures.raise()
      }
      var convolution = self.convolution(run)
      blz_convolution_run(
        &convolution, stage, shared.pointer, scratch.pointer, Int64(part * count / parts),
        Int64((part + 1) * count / parts))
    }
  }

  /// Rows are images. Weights are packed before.
  func onRows(
    _ run: Run, of rows: RowBlocks, _ failures: FailureFlag
  ) throws(TensorError) -> RowsBody {
    guard let shared = try? MemoryBlock(byteCount: sharedByteCount) else { throw noMemory }
    call(run, Int32(BLZ_CONVOLUTION_PACK), shared, failures)
    let stage = Int32(BLZ_CONVOLUTION_RUN)
    let (count, batch) = (units[Int(stage)], kernel.batch)
    return RowsBody { [self] images in
      guard let scratch = try? MemoryBlock(byteCount: scratchByteCount) else {
        return failures.raise()
      }
      var convolution = convolution(run)
      // Of each group and block of pixels the units of all images follow each other.
      for first in stride(from: 0, to: count, by: batch) {
        blz_convolution_run(
          &convolution, stage, shared.pointer, scratch.pointer, Int64(first + images.lowerBound),
          Int64(first + images.upperBound))
      }
    }
  }

  /// What the kernel is, without its arrays.
  private static func convolution(_ kernel: ConvolutionKernel) -> blz_convolution {
    blz_convolution(
      role: Int32(kernel.role.rawValue), dtype: Int32(kernel.dtype.rawValue), isa: blz_isa(),
      batch: Int64(kernel.batch), groups: Int64(kernel.groups), filters: Int64(kernel.filters),
      window: blz_window(kernel.window), input: nil, weight: nil, output: nil)
  }

  private func convolution(_ run: Run) -> blz_convolution {
    var convolution = Convolve.convolution(kernel)
    let (a, b) = (run.pointer(kernel.operands[0]), run.pointer(kernel.operands[1]))
    let result = run.pointer(kernel.result)
    (convolution.input, convolution.weight, convolution.output) =
      switch kernel.role {
      case .output: (a, b, result)
      case .input: (result, b, a)
      case .weight: (a, result, b)
      }
    return convolution
  }

  private var noMemory: TensorError {
    TensorError(
      "conv2d", "no memory for parts of \(kernel.summary)",
      operands: [("in use", "\(Memory.liveBytes) bytes")], help: "use smaller images or batches")
  }
}
