import BlitzTensor

/// Numbers that a plot can be made of: arrays and slices of any of Swift's usual numbers, ranges of
/// whole numbers, and tensors of one axis.
public protocol PlotValues {
  /// The numbers in order.
  ///
  /// - Throws: `TensorError` if a tensor carries one, or has more axes than one.
  func plotted() throws(TensorError) -> [Double]
}

/// A type of number whose arrays can be plotted.
public protocol PlotNumber {
  /// The number, or the nearest that a `Double` holds.
  var plotted: Double { get }
}

extension PlotNumber where Self: BinaryFloatingPoint {
  /// The number.
  public var plotted: Double { Double(self) }
}
extension PlotNumber where Self: BinaryInteger {
  /// The number, or the nearest that a `Double` holds.
  public var plotted: Double { Double(self) }
}
extension Double: PlotNumber {}
extension Float: PlotNumber {}
extension Int: PlotNumber {}
extension Int32: PlotNumber {}
extension Int64: PlotNumber {}
extension UInt8: PlotNumber {}

extension Array: PlotValues where Element: PlotNumber {
  /// The numbers in order.
  public func plotted() -> [Double] { map(\.plotted) }
}
extension ArraySlice: PlotValues where Element: PlotNumber {
  /// The numbers in order.
  public func plotted() -> [Double] { map(\.plotted) }
}
extension Range: PlotValues where Bound == Int {
  /// The whole numbers in order.
  public func plotted() -> [Double] { map(Double.init) }
}
extension ClosedRange: PlotValues where Bound == Int {
  /// The whole numbers in order.
  public func plotted() -> [Double] { map(Double.init) }
}

extension Tensor: PlotValues {
  /// The numbers of a tensor of one axis, or of one element, computed now.
  ///
  /// - Throws: `TensorError` if there are more axes, or what went wrong on the way to the numbers.
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
