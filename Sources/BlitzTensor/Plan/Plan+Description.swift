extension Plan: CustomStringConvertible {
  /// The kernels in the order in which they run, with what each fuses, reads and computes.
  public var description: String {
    var lines = ["plan: \(kernels.count) kernels, \(slots.count) buffers"]
    lines[0] += ", \(temporaryByteCount) temporary bytes"
    for (index, kernel) in kernels.enumerated() {
      lines.append(
        "  \(index): \(kernel.summary); \(kernel.byteCount) bytes, \(kernel.flops) flops")
    }
    return lines.joined(separator: "\n")
  }
}

extension Kernel {
  /// What the kernel does, on one line.
  public var summary: String {
    switch self {
    case .fused(let kernel): kernel.summary
    case .matmul(let kernel): kernel.summary
    case .gather(let kernel):
      "gather \(kernel.outer) x \(kernel.indexCount) x \(kernel.inner) of \(kernel.axisCount)"
    case .scatter(let kernel):
      "\(kernel.adds ? "scatterAdd" : "scatter") "
        + "\(kernel.outer) x \(kernel.indexCount) x \(kernel.inner) into \(kernel.axisCount)"
    case .scan(let kernel): "cumsum \(kernel.outer) x \(kernel.count) x \(kernel.inner)"
    case .argReduce(let kernel):
      "\(kernel.greatest ? "argmax" : "argmin") "
        + "\(kernel.outer) x \(kernel.count) x \(kernel.inner)"
    case .argSort(let kernel): "argSort \(kernel.outer) x \(kernel.count) x \(kernel.inner)"
    case .convolution(let kernel): kernel.summary
    case .windowMaximum(let kernel): kernel.summary
    }
  }

  /// Bytes read and written, each element of each operand once.
  public var byteCount: Int {
    switch self {
    case .fused(let kernel):
      // A dimension that an operand does not move along is read once.
      kernel.operands.reduce(0) { sum, operand in
        sum
          + zip(kernel.sizes, operand.strides).reduce(operand.dtype.byteCount) {
            $1.1 == 0 ? $0 : $0 * $1.0
          }
      } + kernel.stores.reduce(0) { $0 + kernel.elementCount * $1.to.dtype.byteCount }
        + (kernel.reduction.map { $0.outer * $0.inner * $0.dtype.byteCount } ?? 0)
    case .matmul(let kernel):
      kernel.batchSizes.reduce(1, *)
        * (kernel.m * kernel.k + kernel.k * kernel.n
          + (kernel.accumulates ? 2 : 1) * kernel.m * kernel.n) * kernel.dtype.byteCount
    case .gather(let kernel):
      kernel.outer * kernel.indexCount * kernel.inner * 2 * kernel.dtype.byteCount
    case .scatter(let kernel):
      kernel.outer * kernel.inner * (kernel.axisCount + 2 * kernel.indexCount)
        * kernel.dtype.byteCount
    case .scan(let kernel):
      2 * kernel.outer * kernel.count * kernel.inner * kernel.dtype.byteCount
    case .argReduce(let kernel):
      kernel.outer * kernel.count * kernel.inner * kernel.dtype.byteCount
    case .argSort(let kernel):
      kernel.outer * kernel.count * kernel.inner * (kernel.dtype.byteCount + 8)
    case .convolution(let kernel): kernel.byteCount
    case .windowMaximum(let kernel): kernel.byteCount
    }
  }

  /// Floating-point or integer operations; a transcendental counts as one.
  public var flops: Int {
    switch self {
    case .fused(let kernel):
      kernel.elementCount * (kernel.instructions.count + (kernel.reduction == nil ? 0 : 1))
    case .matmul(let kernel):
      2 * kernel.batchSizes.reduce(1, *) * kernel.m * kernel.n * kernel.k
    case .scan(let kernel): kernel.outer * kernel.count * kernel.inner
    case .argReduce(let kernel): kernel.outer * kernel.count * kernel.inner
    case .convolution(let kernel): kernel.flops
    case .windowMaximum(let kernel):
      kernel.planes * kernel.window.outputCount * kernel.window.tapCount
    case .gather, .argSort: 0
    case .scatter(let kernel):
      kernel.adds ? kernel.outer * kernel.indexCount * kernel.inner : 0
    }
  }
}

extension FusedKernel {
  fileprivate var summary: String {
    var words = instructions.map(\.op.rule.name)
    if let reduction { words.append("\(reduction.kind)") }
    if words.isEmpty { words = [operands.isEmpty ? "fill" : "copy"] }
    let space = sizes.map { String($0) }.joined(separator: "x")
    let stored = stores.count + (reduction == nil ? 0 : 1)
    return "fused \(space) [\(words.joined(separator: " "))]"
      + " \(operands.count) in, \(stored) out"
  }
}

extension MatMulKernel {
  fileprivate var summary: String {
    let batches = batchSizes.reduce(1, *)
    let size = "\(batches == 1 ? "" : "\(batches) x ")\(m)x\(k)x\(n)"
    let sides = "\(transposesA ? "aᵀ" : "a") \(transposesB ? "bᵀ" : "b")"
    var text = "matmul \(size) c \(accumulates ? "+=" : "=") "
    if !alpha.isEmpty || alphaSign < 0 { text += alphaSign < 0 ? "-alpha " : "alpha " }
    text += sides
    if accumulates { text += initial == nil ? " (in place)" : " (on a copy)" }
    return text
  }
}
