import BlitzTensor
import CKernels

extension WindowMaximumKernel: CPUKernel {
  func prepared() -> any PreparedKernel { WindowMaximum(self) }
}

/// The largest under windows.
struct WindowMaximum: PreparedKernel {
  private let kernel: WindowMaximumKernel
  private let window: blz_window

  init(_ kernel: WindowMaximumKernel) {
    self.kernel = kernel
    window = blz_window(kernel.window)
  }

  func call(_ run: Run) throws(TensorError) {
    let work = max(
      kernel.window.outputCount * kernel.window.tapCount,
      kernel.places ? kernel.window.image.height * kernel.window.image.width : 0)
    Rows.split(kernel.planes, workPerRow: work) { planes in
      withUnsafePointer(to: window) { window in
        blz_window_extremes(
          run.pointer(kernel.result), run.pointer(kernel.keys), run.pointer(kernel.values),
          Int32(kernel.result.dtype.rawValue), kernel.places, window, Int64(planes.lowerBound),
          Int64(planes.upperBound))
      }
    }
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
