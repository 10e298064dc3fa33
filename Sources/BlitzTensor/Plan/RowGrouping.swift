/// Puts kernels that walk the same rows, one reading what another writes, into one `RowsKernel`.
///
/// A softmax is three passes: the greatest of each row, the powers and their sum, the quotients.
/// Row by row they find in the cache what one after the other they would fetch from memory.
struct RowGrouping {
  let graph: PlanGraph

  /// A group looks so many kernels ahead for the next one that it can take.
  private static let lookAhead = 8
  /// A row of more bytes would not stay in the cache.
  private static let largestRow = 512 * 1024
  /// Fewer rows are not shared out well, where there is much to do.
  private static let fewestRows = 16
  private static let smallWork = 256 * 1024

  /// The kernels, those in groups together where the first of them was. What a group passes over
  /// comes behind it.
  func grouped(_ kernels: [any Kernel]) -> [any Kernel] {
    var queue = Queue(kernels: kernels)
    var result: [any Kernel] = []
    result.reserveCapacity(kernels.count)
    while let first = queue.popFirst() {
      guard let rows = rows(of: first, before: queue.first),
        var group = Group(first, rows: rows, graph)
      else {
        result.append(first)
        continue
      }
      let others = queue
      var passed: [any Kernel] = []
      var isPassed: Set<Int> = []
      while passed.count < RowGrouping.lookAhead, let next = queue.popFirst() {
        // A value that has several kernels, one over the other, is written in their order.
        let waits =
          next.reads.contains { isPassed.contains($0.slot) }
          || next.writes.contains(where: isPassed.contains)
        if waits || !group.take(next) {
          passed.append(next)
          isPassed.formUnion(next.writes)
        }
      }
      queue.putBack(passed)
      let isWorth =
        group.parts.count > 1 && group.rowByteCount <= RowGrouping.largestRow
        && (rows >= RowGrouping.fewestRows || rows * group.rowByteCount <= RowGrouping.smallWork)
      result.append(isWorth ? group.kernel : first)
      if !isWorth { queue = others }
    }
    return result
  }

  /// Kernels in order, those first that were put back.
  private struct Queue {
    let kernels: [any Kernel]
    private var next = 0
    private var waiting: [any Kernel] = []

    init(kernels: [any Kernel]) { self.kernels = kernels }

    var first: (any Kernel)? { waiting.first ?? (next < kernels.count ? kernels[next] : nil) }

    mutating func popFirst() -> (any Kernel)? {
      if !waiting.isEmpty { return waiting.removeFirst() }
      guard next < kernels.count else { return nil }
      next += 1
      return kernels[next - 1]
    }

    mutating func putBack(_ kernels: [any Kernel]) { waiting = kernels + waiting }
  }

  /// How many rows a group that starts with a kernel has: as many as it reduces to, or as the next
  /// one does, which reads what it writes.
  private func rows(of kernel: any Kernel, before next: (any Kernel)?) -> Int? {
    if let rows = kernel.reducedRows { return rows }
    guard kernel is FusedKernel, let next, let rows = next.reducedRows else { return nil }
    let written = kernel.writes
    return next.reads.contains { written.contains($0.slot) } ? rows : nil
  }
}

extension Kernel {
  /// How many rows the kernel reduces, if it does.
  fileprivate var reducedRows: Int? {
    switch self {
    case let kernel as FusedKernel: kernel.reduction.map(\.outer)
    case let kernel as MomentsKernel where kernel.batches == 1: kernel.extent.outer
    default: nil
    }
  }
}

/// Kernels that can run together for each of so many rows.
private struct Group {
  private let graph: PlanGraph
  private let rows: Int
  private(set) var parts: [any Kernel] = []
  private(set) var rowByteCount = 0
  private var written: Set<Int> = []
  /// Values of which the parts have read or written elements, and whether only those of the row.
  private var seen: [Int: Bool] = [:]
  /// How many numbers for each place, one plane behind the other, moments have left in a value.
  private var planes: [Int: Int] = [:]

  init?(_ kernel: any Kernel, rows: Int, _ graph: PlanGraph) {
    if rows < 2 { return nil }
    self.rows = rows
    self.graph = graph
    if !take(kernel, first: true) { return nil }
  }

  var kernel: RowsKernel {
    RowsKernel(
      parts: parts, rows: rows, rowByteCount: rowByteCount,
      ownRows: Set(seen.filter { $0.value && planes[$0.key] == nil }.keys))
  }

  /// Adds a kernel, if it walks the rows and reads something that the group has written.
  mutating func take(_ kernel: any Kernel, first: Bool = false) -> Bool {
    // What is reduced to is not cut within a row of it.
    guard !kernel.isEmpty, !kernel.mayFail, (kernel.reducedRows ?? rows) % rows == 0,
      let walks = Walk.all(of: kernel),
      first || walks.contains(where: { !$0.isWritten && written.contains($0.operand.slot) })
    else { return false }
    var own: [Bool] = []
    for walk in walks {
      let isOwn = isOwn(walk)
      if !isOwn && (walk.isWritten || written.contains(walk.operand.slot)) { return false }
      own.append(isOwn)
    }
    for (walk, isOwn) in zip(walks, own) {
      let value = walk.operand.slot
      if walk.isWritten {
        written.insert(value)
        if walk.planes > 1 { planes[value] = walk.planes }
      }
      if seen[value] == nil {
        rowByteCount += graph.values[value].shape.elementCount / rows * walk.operand.dtype.byteCount
      }
      seen[value] = (seen[value] ?? true) && isOwn
    }
    parts.append(kernel)
    return true
  }

  /// Whether, for each row of the kernel, a walk stays in that row of the value.
  private func isOwn(_ walk: Walk) -> Bool {
    let value = walk.operand.slot
    let plane = graph.values[value].shape.elementCount / max(planes[value] ?? walk.planes, 1)
    guard plane > 0, plane % rows == 0, let (outer, inner) = walk.split(rows) else { return false }
    let size = plane / rows
    var expected = size
    for (count, stride) in outer.reversed() where count > 1 {
      if stride != expected { return false }
      expected *= count
    }
    var lowest = walk.operand.offset % plane
    var highest = lowest
    for (count, stride) in inner {
      if stride < 0 { lowest += stride * (count - 1) } else { highest += stride * (count - 1) }
    }
    return lowest >= 0 && highest < size
  }
}

/// How a kernel walks an array: a space, and strides through it.
private struct Walk {
  let operand: Plan.Operand
  let dimensions: [(count: Int, stride: Int)]
  let isWritten: Bool
  var planes = 1

  init(_ operand: Plan.Operand, _ sizes: [Int], isWritten: Bool = false, planes: Int = 1) {
    self.operand = operand
    self.isWritten = isWritten
    self.planes = planes
    dimensions = zip(sizes, operand.strides).map { ($0, $1) }
  }

  /// All walks of a kernel whose rows can be run by themselves; nil for another.
  static func all(of kernel: any Kernel) -> [Walk]? {
    switch kernel {
    case let kernel as FusedKernel:
      if kernel.elementCount == 0 { return nil }
      let walks =
        kernel.operands.map { Walk($0, kernel.sizes) }
        + kernel.stores.map { Walk($0.to, kernel.sizes, isWritten: true) }
      return walks
        + (kernel.reduction.map { reduction in
          [
            Walk(
              Plan.Operand(
                slot: reduction.slot, dtype: reduction.dtype, offset: reduction.offset,
                strides: [reduction.inner, 1], isContiguous: true),
              [reduction.outer, reduction.inner], isWritten: true)
          ]
        } ?? [])
    case let kernel as MomentsKernel where kernel.batches == 1:
      let extent = kernel.extent
      var (source, result) = (kernel.source, kernel.result)
      source.strides = [extent.count * extent.inner, 1]
      result.strides = [extent.inner, 1]
      return [
        Walk(source, [extent.outer, extent.count * extent.inner]),
        Walk(
          result, [extent.outer, extent.inner], isWritten: true,
          planes: kernel.moments.resultCount),
      ]
    default: return nil
    }
  }

  /// The dimensions over rows, and those within one; nil where a row ends within a dimension.
  func split(
    _ rows: Int
  ) -> (outer: [(count: Int, stride: Int)], inner: [(count: Int, stride: Int)])? {
    var outer: [(count: Int, stride: Int)] = []
    var rest = rows
    for (index, (count, stride)) in dimensions.enumerated() {
      if rest == 1 { return (outer, Array(dimensions[index...])) }
      if rest % count == 0 {
        outer.append((count, stride))
        rest /= count
      } else if count % rest == 0 {
        outer.append((rest, stride * (count / rest)))
        return (outer, [(count / rest, stride)] + dimensions[(index + 1)...])
      } else {
        return nil
      }
    }
    return rest == 1 ? (outer, []) : nil
  }
}
