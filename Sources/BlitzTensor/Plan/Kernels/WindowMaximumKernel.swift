/// The largest of the keys under each window: the value at its place, or the window's value
/// added at its place.
public struct WindowMaximumKernel: Kernel {
  /// Whether values are put to the places of the largest keys, rather than taken from them.
  public var places: Bool
  /// Images times channels.
  public var planes: Int
  /// The window, over one plane.
  public var window: WindowKernelShape
  /// Contiguous; what is compared.
  public var keys: Plan.Operand
  /// Contiguous; what is taken or put.
  public var values: Plan.Operand
  /// What is written.
  public var result: Plan.Operand
}

extension WindowMaximumKernel {
  /// Keys and values.
  public var reads: [Plan.Operand] { [keys, values] }

  /// Gives the three arrays other slots.
  public mutating func mapSlots(_ slot: (Int) -> Int) {
    keys.slot = slot(keys.slot)
    values.slot = slot(values.slot)
    result.slot = slot(result.slot)
  }

  /// A comparison for each tap of each window.
  public var flops: Int { planes * window.outputCount * window.tapCount }

  /// Bytes read and written, each element of each operand once.
  public var byteCount: Int {
    let image = planes * window.image.height * window.image.width
    let read = keys.slot == values.slot && !places ? image : 2 * image
    return (read + planes * window.outputCount) * result.dtype.byteCount
  }

  /// What the kernel does, on one line.
  public var summary: String {
    "window maximum\(places ? ", to its places" : ""): \(planes) x \(window.image.height)"
      + "x\(window.image.width), window \(window.window.size)"
  }
}
