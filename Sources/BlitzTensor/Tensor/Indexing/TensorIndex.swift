/// What can stand in a tensor's subscript.
///
///     x[2]                  one place of the first axis; x[-1] is the last
///     x[1..<3, 0]           a range and a place
///     x[2...], x[..<5]      from a place on; up to a place
///     x[..<(-1)]            all but the last: negative bounds count from the end
///     x[.slice(by: -1)]     every step, here backwards: Python's x[::-1]
///     x[..., 0]             as many whole axes as are left, also `.ellipsis`
///     x[0..., .newAxis]     a new axis of size 1
///     x[[0, 2]], x[rows]    places by an array or an int64 or int32 tensor
///     x[x .> 0]             the elements where a bool tensor is true
public protocol TensorIndex: Sendable {
  /// The index as one of the kinds that tensors know.
  var axisIndex: AxisIndex { get }
}

/// An index of one axis, or of several that it stands for.
public struct AxisIndex: TensorIndex {
  let kind: Kind

  enum Kind: Sendable {
    case place(Int)
    /// Python's `from:to:step`: bounds count from the end if negative, and are clamped.
    case slice(from: Int?, to: Int?, step: Int)
    case ellipsis
    case newAxis
    case places([Int])
    case tensor(Tensor)
  }

  init(_ kind: Kind) { self.kind = kind }

  /// The index itself.
  public var axisIndex: AxisIndex { self }
}

extension TensorIndex where Self == AxisIndex {
  /// All axes that the other indexes leave; `...` at either end says the same.
  public static var ellipsis: AxisIndex { AxisIndex(.ellipsis) }

  /// A new axis of size 1.
  public static var newAxis: AxisIndex { AxisIndex(.newAxis) }

  /// Every `step`th place from one on, up to another that is not included: Python's `from:to:step`.
  ///
  ///     x[.slice(from: 1, to: -1, by: 2)]
  ///     x[.slice(by: -1)]                    // backwards
  ///
  /// Bounds count from the end if negative; what lies outside the axis is cut off.
  public static func slice(from: Int? = nil, to: Int? = nil, by step: Int = 1) -> AxisIndex {
    AxisIndex(.slice(from: from, to: to, step: step))
  }
}

extension Int: TensorIndex {
  /// One place.
  public var axisIndex: AxisIndex { AxisIndex(.place(self)) }
}

extension Range: TensorIndex where Bound == Int {
  /// The places of the range that the axis has.
  public var axisIndex: AxisIndex { .slice(from: lowerBound, to: upperBound) }
}

extension ClosedRange: TensorIndex where Bound == Int {
  /// The places of the range that the axis has.
  public var axisIndex: AxisIndex { .slice(from: lowerBound, to: after(upperBound)) }
}

extension PartialRangeFrom: TensorIndex where Bound == Int {
  /// The places from the bound on.
  public var axisIndex: AxisIndex { .slice(from: lowerBound) }
}

extension PartialRangeUpTo: TensorIndex where Bound == Int {
  /// The places before the bound.
  public var axisIndex: AxisIndex { .slice(to: upperBound) }
}

extension PartialRangeThrough: TensorIndex where Bound == Int {
  /// The places up to the bound, which is one of them.
  public var axisIndex: AxisIndex { .slice(to: after(upperBound)) }
}

extension Array: TensorIndex where Element == Int {
  /// The places that the array names, in its order.
  public var axisIndex: AxisIndex { AxisIndex(.places(self)) }
}

extension Tensor: TensorIndex {
  /// The places that an integer tensor names, or where a bool tensor is true.
  public var axisIndex: AxisIndex { AxisIndex(.tensor(self)) }
}

/// The bound after a place that is included: there is none after the last, which is -1.
private func after(_ place: Int) -> Int? {
  place == -1 || place == Int.max ? nil : place + 1
}
