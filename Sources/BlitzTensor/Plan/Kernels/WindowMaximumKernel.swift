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
}

extension WindowMaximumKernel {
  /// Keys and values.
  package var reads: [Plan.Operand] { [keys, values] }
  /// The result.
  package var writes: [Int] { [result.slot] }

  /// Gives the three arrays other slots.
  package mutating func mapSlots(_ slot: (Int) -> Int) {
    keys.slot = slot(keys.slot)
    values.slot = slot(values.slot)
    result.slot = slot(result.slot)
  }

  /// A comparison for each tap of each window.
  package var flops: Int { planes * window.outputCount * window.tapCount }

  /// Bytes read and written, each element of each operand once.
  package var byteCount: Int {
    let image = planes * window.image.height * window.image.width
    let read = keys.slot == values.slot && !places ? image : 2 * image
    return (read + planes * window.outputCount) * result.dtype.byteCount
  }

  /// What the kernel does, on one line.
  package var summary: String {
    "window maximum\(places ? ", to its places" : ""): \(planes) x \(window.image.height)"
      + "x\(window.image.width), window \(window.window.size)"
  }
}
