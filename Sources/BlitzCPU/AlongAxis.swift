import BlitzTensor
import CKernels

extension AxisKernel {
  /// Runs `body` on parts of the outer axis, several at a time; an element is about `work`
  /// additions.
  func split(work: Int = 1, _ body: @escaping @Sendable (Part) -> Void) {
    let (count, inner) = (extent.count, extent.inner)
    Rows.split(extent.outer, workPerRow: work * count * inner) { rows in
      body(
        Part(
          count: Int64(count), inner: Int64(inner), first: Int64(rows.lowerBound),
          end: Int64(rows.upperBound)))
    }
  }
}

/// A part of an array seen along an axis: rows `first` to before `end`, each `[count, inner]`.
struct Part {
  let count: Int64
  let inner: Int64
  let first: Int64
  let end: Int64
}

extension ScanKernel: CPUKernel {
  func prepared() -> any PreparedKernel { Scan(kernel: self) }
}

/// Running sums and products.
struct Scan: PreparedKernel {
  let kernel: ScanKernel

  func call(_ run: Run) throws(TensorError) {
    kernel.split { part in
      blz_scan(
        kernel.kind.code, run.pointer(kernel.result), run.pointer(kernel.source),
        Int32(kernel.dtype.rawValue), part.count, part.inner, part.first, part.end)
    }
  }
}

extension ArgReduceKernel: CPUKernel {
  func prepared() -> any PreparedKernel { ArgReduce(kernel: self) }
}

/// Positions of extremes.
struct ArgReduce: PreparedKernel {
  let kernel: ArgReduceKernel

  func call(_ run: Run) throws(TensorError) {
    kernel.split { part in
      blz_arg_extreme(
        run.pointer(kernel.result).assumingMemoryBound(to: Int64.self),
        run.pointer(kernel.source), Int32(kernel.dtype.rawValue), kernel.greatest, part.count,
        part.inner, part.first, part.end)
    }
  }
}

extension ArgSortKernel: CPUKernel {
  func prepared() -> any PreparedKernel { ArgSort(kernel: self) }
}

/// Positions that sort.
struct ArgSort: PreparedKernel {
  let kernel: ArgSortKernel

  func call(_ run: Run) throws(TensorError) {
    let failures = FailureFlag()
    kernel.split(work: 16) { part in
      let isDone = blz_argsort(
        run.pointer(kernel.result).assumingMemoryBound(to: Int64.self),
        run.pointer(kernel.source), Int32(kernel.dtype.rawValue), kernel.descending, part.count,
        part.inner, Int64(kernel.count), part.first, part.end)
      if !isDone { failures.raise() }
    }
    if failures.isRaised {
      throw TensorError(
        "sort", "no memory to sort \(kernel.extent.count) elements",
        operands: [("in use", "\(Memory.liveBytes) bytes")], help: "sort fewer at a time")
    }
  }
}
