extension Plan: CustomStringConvertible {
  /// The kernels in the order in which they run, with what each fuses, computes, reads and writes;
  /// then the buffers.
  package var description: String {
    var lines = ["plan: \(kernels.count) kernels, \(slots.count) buffers"]
    lines[0] += ", \(temporaryByteCount) temporary bytes"
    for (index, kernel) in kernels.enumerated() {
      let reads = kernel.reads.map(\.slot).listed
      lines.append(
        "  \(index): \(kernel.summary); \(reads)\(reads.isEmpty ? "" : " ")-> "
          + "\(kernel.writes.listed); \(kernel.byteCount) bytes, \(kernel.flops) flops")
    }
    for (index, slot) in slots.enumerated() {
      let held = results.indices.filter { results[$0].slot == index }.map { ", result \($0)" }
      lines.append("  buffer \(index): \(slot.role), \(slot.byteCount) bytes\(held.joined())")
    }
    return lines.joined(separator: "\n")
  }
}

extension Plan.Slot.Role: CustomStringConvertible {
  /// Such as `argument 2`.
  package var description: String {
    switch self {
    case .argument(let index): "argument \(index)"
    case .result: "new"
    case .temporary(let offset): "temporary at \(offset)"
    }
  }
}

extension [Int] {
  /// Each once, in order: `0, 2`.
  fileprivate var listed: String {
    Set(self).sorted().map(String.init).joined(separator: ", ")
  }
}
