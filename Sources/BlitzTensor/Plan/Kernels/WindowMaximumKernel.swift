/// The largest of the keys under each window: the value at its place, or the window's value
/// added at its place.
public struct WindowMaximumKernel: Sendable {
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
