/// How a window slides over images: everything but sizes, which are the tensors' shapes.
///
/// Tap `(ky, kx)` of the window at output place `(y, x)` lies over the image's
/// `(y * stride.height + ky * dilation.height - padding.height, ...)`; outside there is nothing.
public struct Window: Sendable, Hashable {
  /// The taps along each axis.
  public var size: Size2D
  /// The distance between neighbouring windows.
  public var stride: Size2D
  /// How far the first window reaches out of the image.
  public var padding: Size2D
  /// The distance between a window's taps.
  public var dilation: Size2D
}

/// A convolution, or one of its two adjoints.
public struct Convolution: Sendable, Hashable {
  /// Which of the three arrays is computed; the operands are the other two, in this order.
  public enum Role: UInt8, Sendable, Hashable, CaseIterable {
    /// `[n, outputs, oh, ow]` from the input and the weight.
    case output
    /// `[n, inputs, h, w]` from an array like the output, and the weight.
    case input
    /// `[outputs, inputs / groups, kh, kw]` from the input and an array like the output.
    case weight
  }

  /// Which array is computed.
  public var role: Role
  /// How the filters slide.
  public var window: Window
  /// How many parts the channels are in; each sees its own only.
  public var groups: Int
}

/// A height and a width, written as one number if they are equal, or as `[height, width]`.
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

  /// The same number for both.
  public init(_ both: Int) { self.init(both, both) }
}

extension Size2D: ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral, CustomStringConvertible {
  /// The same number for both.
  public init(integerLiteral value: Int) { self.init(value) }

  /// Of one number the same for both; of two height and width. Others count as 0, which
  /// the ops refuse.
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
