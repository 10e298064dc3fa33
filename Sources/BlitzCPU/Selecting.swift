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
  private var extent: Plan.AxisExtent { kernel.extent }

  /// A list of fewer elements is not cut.
  private static let smallestPart = 32 * 1024
  private static let mostParts = 8

  func call(_ run: Run) throws(TensorError) {
    // Looked at before anything is written, so that an error leaves the base as it was.
    try checkIndex(run)
    let result = run.pointer(kernel.result)
    let base = run.pointer(kernel.base)
    let byteCount = extent.elementCount * kernel.dtype.byteCount
    if result != base { result.copyMemory(from: base, byteCount: byteCount) }
    let work = kernel.indexCount * extent.inner
    let parts = min(Scatter.mostParts, work / Scatter.smallestPart)
    // Equal places are written in order, so threads share out rows of the result, not places.
    if extent.outer >= 8 {
      Rows.split(extent.outer, workPerRow: work) { place(run, outer: $0, axis: 0..<extent.count) }
    } else if kernel.adds, parts > 1, 2 * parts * extent.count * extent.inner <= work {
      for row in 0..<extent.outer { try addInParts(run, row: row, parts: parts) }
    } else {
      // Each thread looks at all places, which pays where a place is a row of elements.
      let ranges = parts > 1 && extent.inner >= 16 ? ThreadPool.shared.threadCount : 1
      let size = max(1, (extent.count + ranges - 1) / ranges)
      ThreadPool.shared.run(parts: (extent.count + size - 1) / size) { part in
        place(
          run, outer: 0..<extent.outer,
          axis: part * size..<min((part + 1) * size, extent.count))
      }
    }
  }

  private func place(_ run: Run, outer: Range<Int>, axis: Range<Int>) {
    let (result, updates) = (run.pointer(kernel.result), run.pointer(kernel.updates))
    let index = blz_index(kernel.index, run)
    if kernel.adds {
      blz_scatter_add(
        result, updates, Int32(kernel.dtype.rawValue), Int64(extent.count), Int64(extent.inner),
        Int64(kernel.indexCount), index, Int64(outer.lowerBound), Int64(outer.upperBound),
        Int64(axis.lowerBound), Int64(axis.upperBound))
    } else {
      blz_scatter(
        result, updates, kernel.dtype.byteCount, Int64(extent.count), Int64(extent.inner),
        Int64(kernel.indexCount), index, Int64(outer.lowerBound), Int64(outer.upperBound),
        Int64(axis.lowerBound), Int64(axis.upperBound))
    }
  }

  /// Many numbers for few places: parts of the list are added up by themselves, and then one after
  /// the other. How many depends on sizes alone, so that results do not depend on the threads.
  private func addInParts(_ run: Run, row: Int, parts: Int) throws(TensorError) {
    let size = kernel.dtype.byteCount
    let places = extent.count * extent.inner
    let sums = try MemoryBlock(byteCount: parts * places * size)
    let share = (kernel.indexCount + parts - 1) / parts
    let used = (kernel.indexCount + share - 1) / share
    ThreadPool.shared.run(parts: used) { part in
      let (first, own) = (part * share, sums.pointer + part * places * size)
      own.initializeMemory(as: UInt8.self, repeating: 0, count: places * size)
      var index = blz_index(kernel.index, run)
      let strides = kernel.index.strides
      index.data = index.data.advanced(
        by: (row * strides[0] + first * strides[1]) * kernel.index.dtype.byteCount)
      let updates =
        run.pointer(kernel.updates) + (row * kernel.indexCount + first) * extent.inner * size
      blz_scatter_add(
        own, updates, Int32(kernel.dtype.rawValue), Int64(extent.count), Int64(extent.inner),
        Int64(min(share, kernel.indexCount - first)), index, 0, 1, 0, Int64(extent.count))
    }
    let result = run.pointer(kernel.result) + row * places * size
    for part in 0..<used {
      blz_add_arrays(
        result, sums.pointer + part * places * size, Int32(kernel.dtype.rawValue),
        Int64(places))
    }
    // The pointer does not keep what it points to.
    withExtendedLifetime(sums) {}
  }

  private func checkIndex(_ run: Run) throws(TensorError) {
    if extent.inner == 0 || kernel.indexCount == 0 { return }
    // A stride of 0 names the same place again.
    let outer = kernel.index.strides[0] == 0 ? min(extent.outer, 1) : extent.outer
    let width = kernel.index.strides[2] == 0 ? 1 : extent.inner
    let bad = FirstBad()
    Rows.split(outer * kernel.indexCount, workPerRow: width) { rows in
      bad.note(
        blz_bad_index(
          blz_index(kernel.index, run), Int64(extent.count), Int64(kernel.indexCount),
          Int64(extent.inner), Int64(rows.lowerBound), Int64(rows.upperBound)))
    }
    try bad.check(
      kernel.reader, run, kernel.index, kernel.indexCount, extent.inner, size: extent.count)
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
