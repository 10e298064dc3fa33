import BlitzTensor

extension RowsKernel: CPUKernel {
  func prepared() -> any PreparedKernel { RowsLoop(self) }
}

/// A kernel of which some rows can be run by themselves.
protocol RowwiseKernel: PreparedKernel {
  /// What runs a range of rows, of so many in all.
  func onRows(
    _ run: Run, of rows: Int, _ failures: FailureFlag
  ) -> @Sendable (Range<Int>) -> Void
}

/// Kernels that run together, a block of rows at a time.
final class RowsLoop: PreparedKernel {
  private let parts: [any RowwiseKernel]
  private let rows: Int
  private let rowsInBlock: Int

  /// A block's arrays stay in the second-level cache, and there are enough blocks to share out.
  private static let blockByteCount = 128 * 1024
  private static let fewestBlocks = 16

  init(_ kernel: RowsKernel) {
    parts = kernel.parts.map { part in
      guard let part = prepare(part) as? any RowwiseKernel else {
        fatalError("BlitzCPU runs no rows of \(type(of: part))")
      }
      return part
    }
    rows = kernel.rows
    let fitting = RowsLoop.blockByteCount / max(kernel.rowByteCount, 1)
    let isLarge = rows * kernel.rowByteCount > RowsLoop.blockByteCount
    rowsInBlock = max(1, isLarge ? min(fitting, rows / RowsLoop.fewestBlocks) : rows)
  }

  func call(_ run: Run) throws(TensorError) {
    let failures = FailureFlag()
    let (rows, size) = (rows, rowsInBlock)
    let bodies = parts.map { $0.onRows(run, of: rows, failures) }
    ThreadPool.shared.run(parts: (rows + size - 1) / size) { block in
      let range = block * size..<min((block + 1) * size, rows)
      for body in bodies { body(range) }
    }
    if failures.isRaised { throw .outOfScratch(parts.count) }
  }
}
