import BlitzTensor
import CKernels

extension ScanKernel: CPUKernel {
  func prepared() -> any PreparedKernel { Scan(kernel: self) }
}

/// Running sums and products.
struct Scan: PreparedKernel {
  let kernel: ScanKernel

  func call(_ run: Run) throws(TensorError) {
    Rows.split(kernel.extent.outer, workPerRow: kernel.extent.count * kernel.extent.inner) { rows in
      blz_scan(
        kernel.kind.code, run.pointer(kernel.result), run.pointer(kernel.source),
        Int32(kernel.dtype.rawValue),
        Int64(kernel.extent.count), Int64(kernel.extent.inner), Int64(rows.lowerBound),
        Int64(rows.upperBound))
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
    Rows.split(kernel.extent.outer, workPerRow: kernel.extent.count * kernel.extent.inner) { rows in
      blz_arg_extreme(
        run.pointer(kernel.result).assumingMemoryBound(to: Int64.self),
        run.pointer(kernel.source), Int32(kernel.dtype.rawValue), kernel.greatest,
        Int64(kernel.extent.count), Int64(kernel.extent.inner), Int64(rows.lowerBound),
        Int64(rows.upperBound))
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
    Rows.split(kernel.extent.outer, workPerRow: 16 * kernel.extent.count * kernel.extent.inner) {
      rows in
      let isDone = blz_argsort(
        run.pointer(kernel.result).assumingMemoryBound(to: Int64.self),
        run.pointer(kernel.source), Int32(kernel.dtype.rawValue), kernel.descending,
        Int64(kernel.extent.count), Int64(kernel.extent.inner), Int64(kernel.count),
        Int64(rows.lowerBound), Int64(rows.upperBound))
      if !isDone { failures.raise() }
    }
    if failures.isRaised {
      throw TensorError(
        "sort", "no memory to sort \(kernel.extent.count) elements",
        operands: [("in use", "\(Memory.liveBytes) bytes")], help: "sort fewer at a time")
    }
  }
}
