/// Puts kernels that walk the same rows, one reading what another writes, into one `RowsKernel`.
///
/// A softmax is three passes: the greatest of each row, the powers and their sum, the quotients.
/// Row by row they find in the cache what one after the other they would fetch from memory. So does
/// what follows a matrix product or a convolution: a bias, an activation, a mask, a pooling, the
/// next product.
struct RowGrouping {
  let graph: PlanGraph

  /// A group looks so many kernels ahead for the next one that it can take.
  private static let lookAhead = 8
  /// A row of more bytes would not stay in the cache.
  fileprivate static let largestRow = 512 * 1024
  /// More kernels are not put together: how long planning takes would grow with their square.
  fileprivate static let mostParts = 64
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
        group.parts.count > 1
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
    if let product = kernel as? MatMulKernel { return product.batchSizes.isEmpty ? product.m : nil }
    if let convolution = kernel as? ConvolutionKernel { return convolution.batch }
    if let maximum = kernel as? WindowMaximumKernel {
      return graph.values[maximum.result.slot].shape.sizes.first
    }
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
  /// Values of which the parts have read or written elements: how many elements of the value a row
  /// is, if only those of the row; otherwise 0. As many rows one after the other are a plane; a
  /// value may be several, such as the steps of a sequence.
  private var seen: [Int: Int] = [:]
  /// What the rows are reduced to: not there before all are done.
  private var totals: Set<Int> = []
  private var hasProduct = false

  init?(_ kernel: any Kernel, rows: Int, _ graph: PlanGraph) {
    if rows < 2 { return nil }
    self.rows = rows
    self.graph = graph
    if !take(kernel, first: true) { return nil }
  }

  var kernel: RowsKernel {
    RowsKernel(
      parts: parts, rows: rows, rowByteCount: rowByteCount,
      ownRows: Set(
        seen.filter {
          $0.value > 0 && graph.values[$0.key].shape.elementCount == rows * $0.value
        }.keys))
  }

  /// Adds a kernel, if it walks the rows and reads something that the group has written.
  mutating func take(_ kernel: any Kernel, first: Bool = false) -> Bool {
    if parts.count == RowGrouping.mostParts { return false }
    let total = total(of: kernel)
    // What is reduced to is not cut within a row of it.
    guard !kernel.isEmpty, !kernel.mayFail,
      total != nil || (kernel.reducedRows ?? rows) % rows == 0,
      let walks = Walk.all(of: kernel, reduces: total == nil),
      first || walks.contains(where: { !$0.isWritten && written.contains($0.operand.slot) }),
      takesRows(kernel, first: first)
    else { return false }
    let whole = readWhole(by: kernel)
    if let whole, written.contains(whole) { return false }
    var (known, changed, byteCount) = (seen, written, rowByteCount)
    for walk in walks {
      let value = walk.operand.slot
      let size = rowSize(walk)
      let before = known[value]
      if walk.isWritten { changed.insert(value) }
      if changed.contains(value) && (size == 0 || (before ?? size) != size) { return false }
      if totals.contains(value) || value == total { return false }
      if before == nil {
        let count = size > 0 ? size : graph.values[value].shape.elementCount / rows
        byteCount += count * walk.operand.dtype.byteCount
      }
      known[value] = (before ?? size) == size ? size : 0
    }
    if !first && byteCount > RowGrouping.largestRow { return false }
    if let total {
      if known[total] != nil { return false }
      totals.insert(total)
    }
    if kernel is MatMulKernel { hasProduct = true }
    if let whole { known[whole] = 0 }
    (seen, written, rowByteCount) = (known, changed, byteCount)
    parts.append(kernel)
    return true
  }

  /// The value that a kernel reduces all rows to. Only beside a product are blocks large enough to
  /// keep what each comes to.
  private func total(of kernel: any Kernel) -> Int? {
    guard hasProduct, let reduction = (kernel as? FusedKernel)?.reduction, reduction.outer == 1,
      reduction.count > 0, reduction.count % rows == 0
    else { return nil }
    return reduction.slot
  }

  /// Whether a kernel can be computed for some rows alone; or, if it is the first, before all.
  private func takesRows(_ kernel: any Kernel, first: Bool) -> Bool {
    switch kernel {
    case let kernel as MatMulKernel:
      kernel.m == rows
        && (kernel.blocks != .none || (first && rows < MatMulKernel.manyRows))
    case let kernel as ConvolutionKernel: kernel.batch == rows
    case let kernel as WindowMaximumKernel: kernel.planes % rows == 0
    default: true
    }
  }

  /// What a kernel reads for each row from the first element to the last: the right matrix of a
  /// product, the weights of a convolution.
  private func readWhole(by kernel: any Kernel) -> Int? {
    switch kernel {
    case let kernel as MatMulKernel: kernel.b.slot
    case let kernel as ConvolutionKernel: kernel.operands[1].slot
    default: nil
    }
  }

  /// How many elements lie between a row and the next, if a walk stays, for each row of the kernel,
  /// in that row; otherwise 0.
  private func rowSize(_ walk: Walk) -> Int {
    guard let (outer, inner) = walk.split(rows) else { return 0 }
    var size = 0
    var expected = 0
    for (count, stride) in outer.reversed() where count > 1 {
      if size == 0 { (size, expected) = (stride, stride) }
      if stride != expected || stride <= 0 { return 0 }
      expected *= count
    }
    if size == 0 { return 0 }
    var lowest = walk.operand.offset % (rows * size)
    var highest = lowest
    for (count, stride) in inner {
      if stride < 0 { lowest += stride * (count - 1) } else { highest += stride * (count - 1) }
    }
    return lowest >= 0 && highest < size ? size : 0
  }
}

/// How a kernel walks an array: a space, and strides through it.
private struct Walk {
  let operand: Plan.Operand
  let dimensions: [(count: Int, stride: Int)]
  let isWritten: Bool

  init(_ operand: Plan.Operand, _ sizes: [Int], isWritten: Bool = false) {
    self.operand = operand
    self.isWritten = isWritten
    dimensions = zip(sizes, operand.strides).map { ($0, $1) }
  }

  /// Of rows that lie one after the other without gaps.
  init(_ operand: Plan.Operand, rowsOf sizes: [Int], isWritten: Bool = false) {
    var rows = operand
    rows.strides = [sizes[1], 1]
    self.init(rows, sizes, isWritten: isWritten)
  }

  /// All walks of a kernel whose rows can be run by themselves; nil for another, as for products of
  /// bytes. Not that of what is read whole.
  ///
  /// - Parameter reduces: whether what a kernel reduces to is walked, too.
  static func all(of kernel: any Kernel, reduces: Bool) -> [Walk]? {
    switch kernel {
    case let kernel as FusedKernel:
      if kernel.elementCount == 0 { return nil }
      let walks =
        kernel.operands.map { Walk($0, kernel.sizes) }
        + kernel.stores.map { Walk($0.to, kernel.sizes, isWritten: true) }
      guard reduces, let reduction = kernel.reduction else { return walks }
      let reduced = Plan.Operand(
        slot: reduction.slot, dtype: reduction.dtype, offset: reduction.offset,
        strides: [reduction.inner, 1], isContiguous: true)
      return walks + [Walk(reduced, [reduction.outer, reduction.inner], isWritten: true)]
    case let kernel as MatMulKernel where kernel.batchSizes.isEmpty && !kernel.multipliesBytes:
      let (down, across) =
        kernel.transposesA ? (1, kernel.leadingA) : (kernel.leadingA, 1)
      var (left, result, initial) = (kernel.a, kernel.c, kernel.initial)
      left.strides = [down, across]
      result.strides = [kernel.n, 1]
      initial?.strides = [kernel.n, 1]
      let sizes = [kernel.m, kernel.n]
      return [Walk(left, [kernel.m, kernel.k]), Walk(result, sizes, isWritten: true)]
        + (initial.map { [Walk($0, sizes)] } ?? [])
    case let kernel as ConvolutionKernel
    where kernel.role != .weight && kernel.flops > 0 && kernel.finish.isEmpty:
      let sizes = [kernel.batch, kernel.operandCount / kernel.batch]
      let results = [kernel.batch, kernel.resultCount / kernel.batch]
      return [
        Walk(kernel.operands[0], rowsOf: sizes),
        Walk(kernel.result, rowsOf: results, isWritten: true),
      ]
    case let kernel as WindowMaximumKernel where kernel.planes > 0:
      let image = [kernel.planes, kernel.window.image.height * kernel.window.image.width]
      let output = [kernel.planes, kernel.window.outputCount]
      return [
        Walk(kernel.keys, rowsOf: image),
        Walk(kernel.values, rowsOf: kernel.places ? output : image),
        Walk(kernel.result, rowsOf: kernel.places ? image : output, isWritten: true),
      ] + (kernel.mask.map { [Walk($0.truths, rowsOf: image)] } ?? [])
    case let kernel as MomentsKernel where kernel.batches == 1:
      let extent = kernel.extent
      var (source, result) = (kernel.source, kernel.result)
      source.strides = [extent.count * extent.inner, 1]
      result.strides = [extent.inner, 1]
      return [
        Walk(source, [extent.outer, extent.count * extent.inner]),
        Walk(result, [extent.outer, extent.inner], isWritten: true),
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
