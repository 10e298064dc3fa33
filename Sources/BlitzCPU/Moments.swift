import BlitzTensor
import CKernels

extension MomentsKernel: CPUKernel {
  func prepared() -> any PreparedKernel { MomentsOfRows(kernel: self) }
}

/// Means and squared distances from them.
struct MomentsOfRows: RowwiseKernel {
  let kernel: MomentsKernel
  private var extent: Plan.AxisExtent { kernel.extent }
  private var plane: Int64 { Int64(extent.outer * extent.inner) }
  private var kind: Int32 { Int32(kernel.moments.kind) }

  /// One row of fewer elements is not cut.
  private static let smallestPart = 64 * 1024
  private static let mostParts = 16
  /// Wider rows are cut by columns.
  private static let widest = 4096

  func call(_ run: Run) throws(TensorError) {
    if kernel.batches > 1 {
      Rows.split(extent.outer, workPerRow: kernel.batches * extent.count) {
        blz_moments_apart(
          kind, kernel.moments.parameter, run.floats(kernel.result), plane,
          run.floats(kernel.source), Int64(kernel.batches), Int64(extent.count),
          Int64(extent.outer), Int64($0.lowerBound), Int64($0.upperBound))
      }
      return
    }
    let row = extent.count * extent.inner
    // How rows are cut depends on sizes alone, so that results do not depend on the threads.
    if extent.outer >= 8 || row <= MomentsOfRows.smallestPart {
      Rows.split(extent.outer, workPerRow: max(row, 1)) {
        part(run, rows: $0, columns: 0..<extent.inner)
      }
    } else if extent.inner > MomentsOfRows.widest {
      Rows.split(extent.inner, workPerRow: extent.count * extent.outer) {
        part(run, rows: 0..<extent.outer, columns: $0)
      }
    } else {
      for row in 0..<extent.outer { inParts(run, row: row) }
    }
  }

  private func part(_ run: Run, rows: Range<Int>, columns: Range<Int>) {
    blz_moments(
      kind, kernel.moments.parameter, run.floats(kernel.result), plane, run.floats(kernel.source),
      Int64(extent.count), Int64(extent.inner), Int64(rows.lowerBound), Int64(rows.upperBound),
      Int64(columns.lowerBound), Int64(columns.upperBound))
  }

  func onRows(_ run: Run, of rows: RowBlocks, _ failures: FailureFlag) -> RowsBody {
    let size = extent.outer / rows.rows
    return RowsBody {
      part(run, rows: $0.lowerBound * size..<$0.upperBound * size, columns: 0..<extent.inner)
    }
  }

  /// One row in parts, which are put together in order.
  private func inParts(_ run: Run, row: Int) {
    let (count, inner) = (extent.count, extent.inner)
    let parts = min(
      MomentsOfRows.mostParts, max(1, count * inner / MomentsOfRows.smallestPart), count)
    let size = (count + parts - 1) / parts
    let used = (count + size - 1) / size
    let found = Moment(count: used * inner)
    ThreadPool.shared.run(parts: used) { part in
      let first = part * size
      blz_moments_part(
        kind, found.pointer + part * inner,
        run.floats(kernel.source) + (row * count + first) * inner,
        Int64(min(size, count - first)), Int64(inner))
    }
    for part in 1..<max(used, 1) {
      blz_moments_combine(
        found.pointer, Int64(part * size), found.pointer + part * inner,
        Int64(min(size, count - part * size)), Int64(inner))
    }
    blz_moments_end(
      kind, kernel.moments.parameter, found.pointer, Int64(inner), Int64(count),
      run.floats(kernel.result) + row * inner, plane)
    // The pointer does not keep what it points to.
    withExtendedLifetime(found) {}
  }
}

/// What parts of a row come to.
///
/// Unchecked: each thread writes the part it was given.
private final class Moment: @unchecked Sendable {
  let pointer: UnsafeMutablePointer<blz_moment>
  init(count: Int) { pointer = .allocate(capacity: count) }
  deinit { pointer.deallocate() }
}

extension Run {
  /// The first element of a float32 operand.
  fileprivate func floats(_ operand: Plan.Operand) -> UnsafeMutablePointer<Float> {
    pointer(operand).assumingMemoryBound(to: Float.self)
  }
}
