import BlitzTensor

/// Values that can be plotted: arrays and slices of Swift's number types, ranges of integers, and
/// tensors of one axis.
public protocol PlotValues {
  /// The values in order.
  ///
  /// - Throws: `TensorError` if a tensor carries one, or has more than one axis.
  func plotted() throws(TensorError) -> [Double]
}

/// A number type whose arrays can be plotted.
public protocol PlotNumber {
  /// The number as a `Double`, rounded if it must be.
  var plotted: Double { get }
}

extension PlotNumber where Self: BinaryFloatingPoint {
  /// The number as a `Double`.
  public var plotted: Double { Double(self) }
}
extension PlotNumber where Self: BinaryInteger {
  /// The number as a `Double`, rounded if it must be.
  public var plotted: Double { Double(self) }
}
extension Double: PlotNumber {}
extension Float: PlotNumber {}
extension Int: PlotNumber {}
extension Int32: PlotNumber {}
extension Int64: PlotNumber {}
extension Int8: PlotNumber {}
extension Int16: PlotNumber {}
extension UInt8: PlotNumber {}
extension UInt16: PlotNumber {}
extension UInt32: PlotNumber {}
extension UInt64: PlotNumber {}

extension Array: PlotValues where Element: PlotNumber {
  /// The values in order.
  public func plotted() -> [Double] { map(\.plotted) }
}
extension ArraySlice: PlotValues where Element: PlotNumber {
  /// The values in order.
  public func plotted() -> [Double] { map(\.plotted) }
}
extension Range: PlotValues where Bound == Int {
  /// The integers in order.
  public func plotted() -> [Double] { map(Double.init) }
}
extension ClosedRange: PlotValues where Bound == Int {
  /// The integers in order.
  public func plotted() -> [Double] { map(Double.init) }
}

extension Tensor: PlotValues {
  /// The elements of a tensor of one axis, or of one element, computed now.
  ///
  /// - Throws: `TensorError` if there are more axes, or for an error of the computation.
  public func plotted() throws(TensorError) -> [Double] {
    if let error { throw error }
    guard rank <= 1 else {
      throw TensorError(
        "Plot", "takes tensors of one axis, this one has \(rank)",
        operands: [("tensor", signature)],
        help: "pick a row or a column by index, or write .reshaped(to: [-1])")
    }
    return try cast(to: .float64).scalars(as: Double.self)
  }
}
