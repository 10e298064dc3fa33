import BlitzTensor

/// Three sizes along the last axes of a volume; a number stands for three equal ones.
public struct Size3D: Sendable, Hashable, ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral,
  CustomStringConvertible
{
  /// Along the last axis but two.
  public var depth: Int
  /// Along the last axis but one.
  public var height: Int
  /// Along the last axis.
  public var width: Int

  /// A depth, a height and a width.
  public init(_ depth: Int, _ height: Int, _ width: Int) {
    (self.depth, self.height, self.width) = (depth, height, width)
  }

  /// The same value for all.
  public init(_ all: Int) { self.init(all, all, all) }

  /// The same value for all.
  public init(integerLiteral value: Int) { self.init(value) }

  /// Depth, height and width, or one value for all. Any other count of values gives 0, which the
  /// layers refuse.
  public init(arrayLiteral elements: Int...) {
    switch elements.count {
    case 1: self.init(elements[0])
    case 3: self.init(elements[0], elements[1], elements[2])
    default: self.init(0)
    }
  }

  /// `3` or `[3, 5, 5]`.
  public var description: String {
    depth == height && height == width ? "\(depth)" : "[\(depth), \(height), \(width)]"
  }

  /// Height and width.
  var plane: Size2D { Size2D(height, width) }

  var all: [Int] { [depth, height, width] }
}
