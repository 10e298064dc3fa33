/// The largest of the keys under each window: the value at its place, or the window's value
/// added at its place.
package struct WindowMaximumKernel: Kernel {
  /// Whether values are put to the places of the largest keys, rather than taken from them.
  package var places: Bool
  /// Images times channels.
  package var planes: Int
  /// The window, over one plane.
  package var window: WindowKernelShape
  /// Contiguous; what is compared.
  package var keys: Plan.Operand
  /// Contiguous; what is taken or put.
  package var values: Plan.Operand
  /// What is written.
  package var result: Plan.Operand
  /// Where what is put is replaced by a number.
  package var mask: Mask?

  /// Contiguous truths, as large as the result, and what is written where they are true.
  package struct Mask: Sendable {
    /// The truths.
    package var truths: Plan.Operand
    /// The number.
    package var value: Plan.ScalarArgument
  }
}

extension WindowMaximumKernel {
  /// Keys, values and the mask.
  package var reads: [Plan.Operand] { [keys, values] + (mask.map { [$0.truths] } ?? []) }
  /// The result.
  package var writes: [Int] { [result.slot] }

  /// Gives the arrays other slots.
  package mutating func mapSlots(_ slot: (Int) -> Int) {
    keys.slot = slot(keys.slot)
    values.slot = slot(values.slot)
    result.slot = slot(result.slot)
    if let truths = mask?.truths { mask?.truths.slot = slot(truths.slot) }
  }

  /// A comparison for each tap of each window.
  package var flops: Int { planes * window.outputCount * window.tapCount }

  /// Bytes read and written, each element of each operand once.
  package var byteCount: Int {
    let image = planes * window.image.height * window.image.width
    let read = keys.slot == values.slot && !places ? image : 2 * image
    return (read + planes * window.outputCount) * result.dtype.byteCount
      + (mask == nil ? 0 : image)
  }

  /// What the kernel does, on one line.
  package var summary: String {
    "window maximum\(places ? ", to its places" : "")\(mask == nil ? "" : ", masked"): "
      + "\(planes) x \(window.image.height)x\(window.image.width), window \(window.window.size)"
  }
}
