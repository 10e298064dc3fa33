/// The sizes of a tensor's axes, outermost first; `[]` is the shape of a single number.
public struct Shape: Sendable, Hashable {
  /// The size of each axis.
  public let sizes: [Int]

  /// The most axes that a tensor can have.
  public static let maximumRank = 16

  /// Makes a shape from axis sizes; an op that is given a bad one (negative, or too large
  /// to count) answers with a `TensorError`.
  public init(_ sizes: [Int]) { self.sizes = sizes }

  /// The number of axes.
  public var rank: Int { sizes.count }

  /// The number of elements: the product of the sizes, 1 for `[]`.
  ///
  /// `Int.max` if the product does not fit, which no tensor's shape has.
  public var elementCount: Int { checkedElementCount ?? Int.max }

  /// The number of elements, or nil if a size is negative or the product does not fit.
  var checkedElementCount: Int? {
    var product = 1
    var isEmpty = false
    for size in sizes {
      if size < 0 { return nil }
      if size == 0 {
        isEmpty = true
        continue
      }
      let (next, overflow) = product.multipliedReportingOverflow(by: size)
      // Leave room for byte counts and for sums of offsets.
      if overflow || next > Int.max >> 8 { return nil }
      product = next
    }
    return isEmpty ? 0 : product
  }

  /// The distance, in elements, between neighbours along each axis of a row-major array.
  public var strides: [Int] {
    var strides = [Int](repeating: 1, count: sizes.count)
    var step = 1
    for axis in sizes.indices.reversed() {
      strides[axis] = step
      step *= Swift.max(sizes[axis], 1)
    }
    return strides
  }
}

extension Shape: ExpressibleByArrayLiteral {
  /// Makes a shape from a literal such as `[64, 1000]`.
  public init(arrayLiteral elements: Int...) { self.init(elements) }
}

extension Shape: RandomAccessCollection {
  /// The first axis, 0.
  public var startIndex: Int { 0 }
  /// One past the last axis.
  public var endIndex: Int { sizes.count }
  /// The size of an axis; counts from the end are for tensors' ops, not for this subscript.
  public subscript(axis: Int) -> Int { sizes[axis] }
}

extension Shape: CustomStringConvertible {
  /// The sizes in brackets, `[64, 1000]`.
  public var description: String {
    "[" + sizes.map { String($0) }.joined(separator: ", ") + "]"
  }
}

extension Shape {
  /// The shape that both broadcast to by NumPy's rule, or nil if two sizes differ and
  /// neither is 1.
  static func broadcast(_ left: Shape, _ right: Shape) -> Shape? {
    if left == right { return left }
    let rank = Swift.max(left.rank, right.rank)
    var sizes = [Int](repeating: 1, count: rank)
    for fromEnd in 1...Swift.max(rank, 1) where fromEnd <= rank {
      let l = fromEnd <= left.rank ? left.sizes[left.rank - fromEnd] : 1
      let r = fromEnd <= right.rank ? right.sizes[right.rank - fromEnd] : 1
      if l != r && l != 1 && r != 1 { return nil }
      sizes[rank - fromEnd] = l == 1 ? r : l
    }
    return Shape(sizes)
  }

  /// The axis counted from the start, or nil if `axis` is outside `-rank ..< rank`.
  func resolve(axis: Int) -> Int? {
    let resolved = axis < 0 ? axis + rank : axis
    return resolved >= 0 && resolved < rank ? resolved : nil
  }
}
