import BlitzTensor
import CKernels
import Synchronization

extension GatherKernel: CPUKernel {
  func prepared() -> any PreparedKernel { Gather(kernel: self) }
}

/// Elements at places along an axis.
struct Gather: PreparedKernel {
  let kernel: GatherKernel

  func call(_ run: Run) throws(TensorError) {
    let rows = kernel.extent.outer * kernel.indexCount
    let bad = FirstBad()
    Rows.split(rows, workPerRow: kernel.extent.inner) { range in
      bad.note(
        blz_gather(
          run.pointer(kernel.result), run.pointer(kernel.source), kernel.dtype.byteCount,
          Int64(kernel.extent.count * kernel.extent.inner), Int64(kernel.extent.count),
          Int64(kernel.extent.inner),
          Int64(kernel.indexCount), blz_index(kernel.index, run), Int64(range.lowerBound),
          Int64(range.upperBound)))
    }
    try bad.check(
      kernel.reader, run, kernel.index, kernel.indexCount, kernel.extent.inner,
      size: kernel.extent.count)
  }
}

extension ScatterKernel: CPUKernel {
  func prepared() -> any PreparedKernel { Scatter(kernel: self) }
}

/// Elements put, or added, at places along an axis.
struct Scatter: PreparedKernel {
  let kernel: ScatterKernel

  func call(_ run: Run) throws(TensorError) {
    let bad = FirstBad()
    // Looked at before anything is written, so that an error leaves the base as it was.
    try checkIndex(run)
    let result = run.pointer(kernel.result)
    let base = run.pointer(kernel.base)
    let byteCount =
      kernel.extent.outer * kernel.extent.count * kernel.extent.inner * kernel.dtype.byteCount
    if result != base { result.copyMemory(from: base, byteCount: byteCount) }
    // Equal places are written in order, so threads share out rows and columns, not places.
    let byRows = kernel.extent.outer >= kernel.extent.inner
    let items = byRows ? kernel.extent.outer : kernel.extent.inner
    let work = kernel.indexCount * (byRows ? kernel.extent.inner : kernel.extent.outer)
    Rows.split(items, workPerRow: work) { range in
      let outer = byRows ? range : 0..<kernel.extent.outer
      let inner = byRows ? 0..<kernel.extent.inner : range
      let result = run.pointer(kernel.result)
      let updates = run.pointer(kernel.updates)
      let index = blz_index(kernel.index, run)
      let (axis, width, count) = (
        Int64(kernel.extent.count), Int64(kernel.extent.inner), Int64(kernel.indexCount)
      )
      bad.note(
        kernel.adds
          ? blz_scatter_add(
            result, updates, Int32(kernel.dtype.rawValue), axis, width, count, index,
            Int64(outer.lowerBound), Int64(outer.upperBound), Int64(inner.lowerBound),
            Int64(inner.upperBound))
          : blz_scatter(
            result, updates, kernel.dtype.byteCount, axis, width, count, index,
            Int64(outer.lowerBound), Int64(outer.upperBound), Int64(inner.lowerBound),
            Int64(inner.upperBound)))
    }
  }

  private func checkIndex(_ run: Run) throws(TensorError) {
    if kernel.extent.inner == 0 || kernel.indexCount == 0 { return }
    let strides = kernel.index.strides
    let data = run.pointer(kernel.index).assumingMemoryBound(to: Int64.self)
    // A stride of 0 names the same place again.
    let inner = strides[2] == 0 ? min(kernel.extent.inner, 1) : kernel.extent.inner
    let outer = strides[0] == 0 ? min(kernel.extent.outer, 1) : kernel.extent.outer
    for o in 0..<outer {
      for j in 0..<kernel.indexCount {
        for i in 0..<inner {
          let value = data[o * strides[0] + j * strides[1] + i * strides[2]]
          if value < 0 || value >= kernel.extent.count {
            throw kernel.reader.error(Int(value), at: (o, j, i), size: kernel.extent.count)
          }
        }
      }
    }
  }
}

extension blz_index {
  fileprivate init(_ operand: Plan.Operand, _ run: Run) {
    self.init(
      data: run.pointer(operand), dtype: Int32(operand.dtype.rawValue),
      outer_stride: Int64(operand.strides[0]), axis_stride: Int64(operand.strides[1]),
      inner_stride: Int64(operand.strides[2]))
  }
}

/// The first place at which an index was out of range, over all threads.
private final class FirstBad: Sendable {
  private let position = Atomic<Int64>(Int64.max)

  func note(_ found: Int64) {
    if found >= 0 { position.min(found, ordering: .relaxed) }
  }

  func check(
    _ reader: PositionReader, _ run: Run, _ index: Plan.Operand, _ count: Int, _ inner: Int,
    size: Int
  ) throws(TensorError) {
    let place = Int(position.load(ordering: .relaxed))
    if place == Int.max { return }
    let (row, i) = place.quotientAndRemainder(dividingBy: max(inner, 1))
    let (o, j) = row.quotientAndRemainder(dividingBy: max(count, 1))
    let data = run.pointer(index).assumingMemoryBound(to: Int64.self)
    let strides = index.strides
    let value = data[o * strides[0] + j * strides[1] + i * strides[2]]
    throw reader.error(Int(value), at: (o, j, i), size: size)
  }
}

/// Splits rows over the threads.
enum Rows {
  private static let smallestPart = 16 * 1024

  /// Runs `body` for ranges of rows; a row is about `workPerRow` additions. Rows without
  /// elements, of which a tensor can have any number, are no work at all.
  static func split(
    _ rows: Int, workPerRow: Int, _ body: @escaping @Sendable (Range<Int>) -> Void
  ) {
    if workPerRow == 0 { return }
    let least = max(1, smallestPart / workPerRow)
    let size = max(least, (rows + 63) / 64)
    ThreadPool.shared.run(parts: (rows + size - 1) / size) { part in
      body(part * size..<min((part + 1) * size, rows))
    }
  }
}
