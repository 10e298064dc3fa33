import BlitzTensor

extension RowsKernel: CPUKernel {
  func prepared() -> any PreparedKernel { RowsLoop(self) }
}

/// A kernel of which some rows can be run by themselves.
protocol RowwiseKernel: PreparedKernel {
  /// Does what comes before all rows, and answers what runs some of them.
  func onRows(
    _ run: Run, of rows: RowBlocks, _ failures: FailureFlag
  ) throws(TensorError) -> RowsBody
}

/// Rows that are run in blocks. Each block is some grains, rows that sums over rows are made of:
/// how many of them there are depends on sizes alone.
struct RowBlocks {
  let rows: Int
  let grain: Int
  /// Whether the kernel is the first, which reads nothing that others write for the rows.
  var isFirst = true
  var grainCount: Int { (rows + grain - 1) / grain }
}

/// What runs some rows of a kernel, and what ends it when all rows are done.
struct RowsBody: Sendable {
  let run: @Sendable (Range<Int>) -> Void
  var end: @Sendable () -> Void = {}
}

/// Kernels that run together, a block of rows at a time.
final class RowsLoop: PreparedKernel {
  private let parts: [any RowwiseKernel]
  private let blocks: RowBlocks
  private let blockCount: Int
  /// Whether there is so little to do that parts run one after the other.
  private let isSmall: Bool

  /// A block's arrays stay in the second-level cache, and there are enough blocks to share out.
  private static let blockByteCount = 128 * 1024
  private static let fewestBlocks = 16
  /// Each block of a product reads the right matrix once more: it has many rows, as many as some of
  /// its tiles, and fewer where they are long.
  private static let productRows = 48...96
  private static let productByteCount = 2 * 1024 * 1024

  init(_ kernel: RowsKernel) {
    parts = kernel.parts.map { part in
      guard let part = prepare(part) as? any RowwiseKernel else {
        fatalError("BlitzCPU runs no rows of \(type(of: part))")
      }
      return part
    }
    let rows = kernel.rows
    let hasProduct = kernel.parts.contains { $0 is MatMulKernel }
    let hasConvolution = kernel.parts.contains { $0 is ConvolutionKernel }
    isSmall = (hasProduct || hasConvolution) && kernel.flops < Product.smallestPart
    if hasProduct && !hasConvolution && rows >= MatMulKernel.manyRows {
      let fitting = RowsLoop.productByteCount / max(kernel.rowByteCount, 1)
      let (least, most) = (RowsLoop.productRows.lowerBound, RowsLoop.productRows.upperBound)
      blocks = RowBlocks(rows: rows, grain: min(max(fitting / 24 * 24, least), most))
      blockCount = blocks.grainCount
    } else if hasProduct && !hasConvolution {
      blocks = RowBlocks(rows: rows, grain: max(1, min(16, rows / 8)))
      let threads = ThreadPool.shared.threadCount
      blockCount = min(threads, blocks.grainCount)
    } else {
      let fitting = RowsLoop.blockByteCount / max(kernel.rowByteCount, 1)
      let isLarge = hasConvolution || rows * kernel.rowByteCount > RowsLoop.blockByteCount
      let grain = isLarge ? min(fitting, rows / RowsLoop.fewestBlocks) : rows
      blocks = RowBlocks(rows: rows, grain: max(1, grain))
      blockCount = blocks.grainCount
    }
  }

  func call(_ run: Run) throws(TensorError) {
    if isSmall {
      for part in parts { try part.call(run) }
      return
    }
    let failures = FailureFlag()
    let blockCount = blockCount
    var blocks = blocks
    var bodies: [RowsBody] = []
    for part in parts {
      bodies.append(try part.onRows(run, of: blocks, failures))
      blocks.isFirst = false
    }
    ThreadPool.shared.run(parts: blockCount) { [blocks, bodies] block in
      let first = blocks.grainCount * block / blockCount * blocks.grain
      let end = blocks.grainCount * (block + 1) / blockCount * blocks.grain
      for body in bodies { body.run(first..<min(end, blocks.rows)) }
    }
    for body in bodies { body.end() }
    if failures.isRaised { throw .outOfScratch(parts.count) }
  }
}
