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
