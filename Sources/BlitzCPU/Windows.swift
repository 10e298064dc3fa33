import BlitzTensor
import CKernels

extension ConvolutionKernel: CPUKernel {
  func prepared() -> any PreparedKernel { Convolve(self) }
}

/// Convolutions: images unfolded, some rows at a time, into the columns of matrix products.
///
/// The unfolded rows stay in the second-level cache, so the product reads them from there. Threads
/// share out images; for the weights' gradient taps, so that sums over images
/// keep their order whatever the number of threads.
struct Convolve: PreparedKernel {
  private let kernel: ConvolutionKernel
  private let window: blz_window
  /// Output rows that are unfolded at a time.
  private let rowsAtOnce: Int

  /// Elements of the unfolded matrix that are made at a time.
  private static let unfoldedCount = 64 * 1024

  init(_ kernel: ConvolutionKernel) {
    self.kernel = kernel
    window = blz_window(kernel.window)
    let perRow = max(1, kernel.window.tapCount * kernel.window.output.width)
    rowsAtOnce = max(1, min(kernel.window.output.height, Convolve.unfoldedCount / perRow))
  }

  /// Whether each channel has one filter of its own: then no matrix product is needed.
  private var isByPlane: Bool { kernel.window.channels == 1 && kernel.filters == 1 }

  /// Whether the image is the unfolded matrix.
  private var isPointwise: Bool {
    let (of, one) = (kernel.window.window, Size2D(1))
    return of.size == one && of.stride == one && of.padding == Size2D(0)
      && kernel.window.image == kernel.window.output
  }

  func call(_ run: Run) throws(TensorError) {
    let elements = kernel.window
    let size = kernel.dtype.byteCount
    let resultCount =
      switch kernel.role {
      case .output: kernel.batch * kernel.groups * kernel.filters * elements.outputCount
      case .input:
        kernel.batch * kernel.groups * elements.channels * elements.image.height
          * elements.image.width
      case .weight: kernel.groups * kernel.filters * elements.tapCount
      }
    if resultCount == 0 { return }
    if kernel.flops == 0 {
      // A sum of nothing.
      run.pointer(kernel.result).initializeMemory(
        as: UInt8.self, repeating: 0, count: resultCount * size)
      return
    }
    let failures = FailureFlag()
    switch kernel.role {
    case .output, .input:
      // A thread goes on with the columns that are in its cache.
      let images = kernel.batch * kernel.groups
      let parts = min(images, 8 * ThreadPool.shared.threadCount)
      ThreadPool.shared.run(parts: parts) { part in
        let range = part * images / parts..<(part + 1) * images / parts
        if !convolve(run, range) { failures.raise() }
      }
    case .weight where isByPlane:
      ThreadPool.shared.run(parts: kernel.groups) { group in
        let taps = pointer(run, .weight, group * elements.tapCount)
        taps.initializeMemory(as: UInt8.self, repeating: 0, count: elements.tapCount * size)
        for image in 0..<kernel.batch { planes(run, image: image, group: group) }
      }
    case .weight:
      let threads = ThreadPool.shared.threadCount
      let shares = min(elements.tapCount, max(1, threads / kernel.groups))
      ThreadPool.shared.run(parts: kernel.groups * shares) { part in
        let (group, share) = part.quotientAndRemainder(dividingBy: shares)
        let taps = elements.tapCount * share / shares..<elements.tapCount * (share + 1) / shares
        if !gatherWeight(run, group: group, taps: taps) { failures.raise() }
      }
    }
    if failures.isRaised {
      throw TensorError(
        "conv2d", "no memory to unfold \(kernel.summary)",
        operands: [("in use", "\(Memory.liveBytes) bytes")], help: "use smaller images or batches")
    }
  }

  /// One of the convolution's arrays from an element on.
  private func pointer(
    _ run: Run, _ role: Convolution.Role, _ element: Int
  ) -> UnsafeMutableRawPointer {
    let operand: Plan.Operand
    switch (kernel.role, role) {
    case (.output, .output), (.input, .input), (.weight, .weight): operand = kernel.result
    case (.output, .input), (.input, .output), (.weight, .input): operand = kernel.operands[0]
    default: operand = kernel.operands[1]
    }
    return run.pointer(operand) + element * kernel.dtype.byteCount
  }

  /// The input's and the output's channels of a group in an image.
  private func images(
    _ run: Run, _ image: Int, _ group: Int
  ) -> (input: UnsafeMutableRawPointer, output: UnsafeMutableRawPointer) {
    let part = image * kernel.groups + group
    let of = kernel.window
    let inputCount = of.channels * of.image.height * of.image.width
    return (
      pointer(run, .input, part * inputCount),
      pointer(run, .output, part * kernel.filters * of.outputCount)
    )
  }

  private func planes(_ run: Run, image: Int, group: Int) {
    let (input, output) = images(run, image, group)
    withUnsafePointer(to: window) { window in
      blz_convolve_plane(
        Int32(kernel.role.rawValue), input,
        pointer(run, .weight, group * kernel.window.tapCount), output,
        Int32(kernel.dtype.rawValue), window)
    }
  }

  /// Some images' outputs, or the gradients of their inputs; an image counts once for each group.
  private func convolve(_ run: Run, _ range: Range<Int>) -> Bool {
    let of = kernel.window
    let needsColumns = !isByPlane && !isPointwise
    let byteCount = of.tapCount * rowsAtOnce * of.output.width * kernel.dtype.byteCount
    guard let columns = try? MemoryBlock(byteCount: needsColumns ? byteCount : 0) else {
      return false
    }
    return range.allSatisfy { part in
      let (image, group) = part.quotientAndRemainder(dividingBy: kernel.groups)
      return convolve(run, image: image, group: group, columns: columns.pointer)
    }
  }

  private func convolve(
    _ run: Run, image: Int, group: Int, columns: UnsafeMutableRawPointer
  ) -> Bool {
    if isByPlane {
      planes(run, image: image, group: group)
      return true
    }
    let of = kernel.window
    let (taps, width, size) = (of.tapCount, of.output.width, kernel.dtype.byteCount)
    let (input, output) = images(run, image, group)
    let weight = pointer(run, .weight, group * kernel.filters * taps)
    if isPointwise {
      return kernel.role == .output
        ? MatrixProduct(
          dtype: kernel.dtype, m: kernel.filters, n: of.outputCount, k: taps, a: weight,
          leadingA: taps, b: input, leadingB: of.outputCount, c: output, leadingC: of.outputCount
        ).run()
        : MatrixProduct(
          dtype: kernel.dtype, m: taps, n: of.outputCount, k: kernel.filters, a: weight,
          transposesA: true, leadingA: taps, b: output, leadingB: of.outputCount, c: input,
          leadingC: of.outputCount
        ).run()
    }
    if kernel.role == .input {
      input.initializeMemory(
        as: UInt8.self, repeating: 0,
        count: of.channels * of.image.height * of.image.width * size)
    }
    for first in stride(from: 0, to: of.output.height, by: rowsAtOnce) {
      let last = min(first + rowsAtOnce, of.output.height)
      let n = (last - first) * width
      let rows = output + first * width * size
      let isDone = withUnsafePointer(to: window) { window in
        if kernel.role == .output {
          blz_unfold(
            columns, input, Int32(kernel.dtype.rawValue), window, 0, Int64(taps),
            Int64(first), Int64(last))
          return MatrixProduct(
            dtype: kernel.dtype, m: kernel.filters, n: n, k: taps, a: weight, leadingA: taps,
            b: columns, leadingB: n, c: rows, leadingC: of.outputCount
          ).run()
        }
        let isDone = MatrixProduct(
          dtype: kernel.dtype, m: taps, n: n, k: kernel.filters, a: weight, transposesA: true,
          leadingA: taps, b: rows, leadingB: of.outputCount, c: columns, leadingC: n
        ).run()
        blz_fold(
          input, columns, Int32(kernel.dtype.rawValue), window, Int64(first), Int64(last))
        return isDone
      }
      if !isDone { return false }
    }
    return true
  }

  /// The gradient of some taps of a group's filters, added up over all images in order.
  private func gatherWeight(_ run: Run, group: Int, taps: Range<Int>) -> Bool {
    let of = kernel.window
    let (width, size) = (of.output.width, kernel.dtype.byteCount)
    guard let columns = try? MemoryBlock(byteCount: taps.count * rowsAtOnce * width * size) else {
      return false
    }
    let weight = pointer(
      run, .weight, group * kernel.filters * of.tapCount + taps.lowerBound)
    for image in 0..<kernel.batch {
      let (input, output) = images(run, image, group)
      for first in stride(from: 0, to: of.output.height, by: rowsAtOnce) {
        let last = min(first + rowsAtOnce, of.output.height)
        let n = (last - first) * width
        withUnsafePointer(to: window) { window in
          blz_unfold(
            columns.pointer, input, Int32(kernel.dtype.rawValue), window,
            Int64(taps.lowerBound), Int64(taps.upperBound), Int64(first), Int64(last))
        }
        let isDone = MatrixProduct(
          dtype: kernel.dtype, m: kernel.filters, n: taps.count, k: n,
          a: output + first * width * size, leadingA: of.outputCount, b: columns.pointer,
          transposesB: true, leadingB: n, accumulates: image > 0 || first > 0, c: weight,
          leadingC: of.tapCount
        ).run()
        if !isDone { return false }
      }
    }
    return true
  }
}

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
  fileprivate init(_ shape: WindowKernelShape) {
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
