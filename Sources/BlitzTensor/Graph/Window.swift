/// How a window slides over images: everything but sizes, which are the tensors' shapes.
///
/// Tap `(ky, kx)` of the window at output place `(y, x)` lies over the image's
/// `(y * stride.height + ky * dilation.height - padding.height, ...)`; outside there is nothing.
package struct Window: Sendable, Hashable {
  /// The taps along each axis.
  package var size: Size2D
  /// The distance between neighbouring windows.
  package var stride: Size2D
  /// How far the first window reaches out of the image.
  package var padding: Size2D
  /// The distance between a window's taps.
  package var dilation: Size2D

  /// How many places a window covers along an axis, with those between its taps.
  package func reach(along axis: KeyPath<Size2D, Int>) -> Int {
    (size[keyPath: axis] - 1) * dilation[keyPath: axis] + 1
  }
}

/// A convolution, or one of its two adjoints.
package struct Convolution: Sendable, Hashable {
  /// Which of the three arrays is computed; the operands are the other two, in this order.
  package enum Role: UInt8, Sendable, Hashable, CaseIterable {
    /// `[n, outputs, oh, ow]` from the input and the weight.
    case output
    /// `[n, inputs, h, w]` from an array like the output, and the weight.
    case input
    /// `[outputs, inputs / groups, kh, kw]` from the input and an array like the output.
    case weight
  }

  /// Which array is computed.
  package var role: Role
  /// How the filters slide.
  package var window: Window
  /// How many parts the channels are in; each sees its own only.
  package var groups: Int
}

/// A height and a width: `[3, 5]`, or `3` if they are equal.
public struct Size2D: Sendable, Hashable {
  /// Along the last axis but one.
  public var height: Int
  /// Along the last axis.
  public var width: Int

  /// A height and a width.
  public init(_ height: Int, _ width: Int) {
    self.height = height
    self.width = width
  }

  /// The same value for both.
  public init(_ both: Int) { self.init(both, both) }
}

extension Size2D: ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral, CustomStringConvertible {
  /// The same value for both.
  public init(integerLiteral value: Int) { self.init(value) }

  /// Height and width, or one value for both. Any other count of values gives 0, which the ops
  /// refuse.
  public init(arrayLiteral elements: Int...) {
    switch elements.count {
    case 1: self.init(elements[0])
    case 2: self.init(elements[0], elements[1])
    default: self.init(0)
    }
  }

  /// `3` or `[3, 5]`.
  public var description: String { height == width ? "\(height)" : "[\(height), \(width)]" }
}
