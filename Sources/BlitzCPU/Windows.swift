import BlitzTensor
import CKernels

extension WindowMaximumKernel: CPUKernel {
  func prepared() -> any PreparedKernel { WindowMaximum(self) }
}

/// The largest under windows.
struct WindowMaximum: RowwiseKernel {
  private let kernel: WindowMaximumKernel

  init(_ kernel: WindowMaximumKernel) { self.kernel = kernel }

  func call(_ run: Run) throws(TensorError) {
    let work = max(
      kernel.window.outputCount * kernel.window.tapCount,
      kernel.places ? kernel.window.image.height * kernel.window.image.width : 0)
    Rows.split(kernel.planes, workPerRow: work) { part(run, $0) }
  }

  func onRows(_ run: Run, of rows: RowBlocks, _ failures: FailureFlag) -> RowsBody {
    let size = kernel.planes / rows.rows
    return RowsBody { part(run, $0.lowerBound * size..<$0.upperBound * size) }
  }

  private func part(_ run: Run, _ planes: Range<Int>) {
    var maxima = blz_maxima(
      dtype: Int32(kernel.result.dtype.rawValue), places: kernel.places,
      window: blz_window(kernel.window), keys: run.pointer(kernel.keys),
      values: run.pointer(kernel.values), mask: nil, masked_value: 0,
      result: run.pointer(kernel.result))
    if let mask = kernel.mask {
      maxima.mask = UnsafePointer(run.pointer(mask.truths).assumingMemoryBound(to: UInt8.self))
      maxima.masked_value = run.scalars[mask.value.index].double
    }
    blz_window_maxima(&maxima, Int64(planes.lowerBound), Int64(planes.upperBound))
  }
}

extension blz_window {
  init(_ shape: WindowKernelShape) {
    let of = shape.window
    self.init(
      channels: Int64(shape.channels), in_h: Int64(shape.image.height),
      in_w: Int64(shape.image.width), k_h: Int64(of.size.height), k_w: Int64(of.size.width),
      out_h: Int64(shape.output.height), out_w: Int64(shape.output.width),
      stride_h: Int64(of.stride.height), stride_w: Int64(of.stride.width),
      pad_h: Int64(of.padding.height), pad_w: Int64(of.padding.width),
      dilation_h: Int64(of.dilation.height), dilation_w: Int64(of.dilation.width))
  }
}
