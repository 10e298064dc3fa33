import BlitzTensor
import CKernels

extension FourierKernel: CPUKernel {
  func prepared() -> any PreparedKernel { FourierRows(self) }
}

/// Transforms of rows, which threads share out.
///
/// Unchecked: what the transforms use is written once, in `init`, and only read from then on.
final class FourierRows: PreparedKernel, @unchecked Sendable {
  private let kernel: FourierKernel
  /// Null if there is no memory.
  private let transform: OpaquePointer?

  init(_ kernel: FourierKernel) {
    self.kernel = kernel
    transform = blz_fft_make(
      Int32(kernel.fourier.kind.rawValue), Int64(kernel.fourier.count), kernel.dtype == .float64)
  }

  deinit { blz_fft_free(transform) }

  func call(_ run: Run) throws(TensorError) {
    let failures = FailureFlag()
    if transform == nil { throw outOfMemory }
    Rows.split(kernel.rows, workPerRow: kernel.fourier.work) { [self] rows in
      let isDone = blz_fft_run(
        transform, run.pointer(kernel.source), run.pointer(kernel.result), Int64(rows.lowerBound),
        Int64(rows.upperBound))
      if !isDone { failures.raise() }
    }
    if failures.isRaised { throw outOfMemory }
  }

  private var outOfMemory: TensorError {
    TensorError(
      "fft", "no memory to transform \(kernel.fourier.count) numbers",
      operands: [("in use", "\(Memory.liveBytes) bytes")], help: "transform fewer at a time")
  }
}
