/// The sizes of a tensor's axes, outermost first: `torch.Size`. `[]` is the shape of a scalar.
public struct Shape: Sendable {
  /// How many axes there are: `torch.Tensor.ndim`.
  public let rank: Int
  /// The sizes of the first four axes, which is mostly all of them; 0 for axes that are not there.
  /// In place, so that shapes are made and passed on without an array.
  private let near: InlineArray<4, Int>
  /// The sizes of the axes after those.
  private let far: [Int]?

  /// The most axes that a tensor can have.
  public static let maximumRank = 16

  /// Makes a shape of axis sizes. An op that is given a bad one (negative, or too large to count)
  /// returns a tensor that carries a `TensorError`.
  public init(_ sizes: [Int]) {
    rank = sizes.count
    near = InlineArray { $0 < sizes.count ? sizes[$0] : 0 }
    far = sizes.count > 4 ? Array(sizes[4...]) : nil
  }

  /// The shape of a scalar.
  init() {
    rank = 0
    near = InlineArray(repeating: 0)
    far = nil
  }

  /// The shape of a matrix.
  init(_ rows: Int, _ columns: Int) {
    rank = 2
    near = [rows, columns, 0, 0]
    far = nil
  }

  /// The size of each axis.
  @inline(never)
  public var sizes: [Int] {
    // The initialiser below would write to the empty array that all threads share.
    if rank == 0 { return [] }
    return [Int](unsafeUninitializedCapacity: rank) { sizes, count in
      for axis in 0..<rank { sizes.initializeElement(at: axis, to: self[axis]) }
      count = rank
    }
  }

  /// The number of elements: the product of the sizes, 1 for `[]`.
  ///
  /// `Int.max` if the product does not fit, which no tensor's shape has.
  public var elementCount: Int { checkedElementCount ?? Int.max }

  /// The number of elements, or nil if a size is negative or the product does not fit.
  var checkedElementCount: Int? {
    var product = 1
    var isEmpty = false
    for size in self {
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

  /// The distance, in elements, between neighbours along each axis of a row-major array. It means
  /// nothing for sizes whose product does not fit, which no tensor has.
  @inline(never)
  public var strides: [Int] {
    var strides = [Int](repeating: 1, count: rank)
    var step = 1
    for axis in indices.reversed() {
      strides[axis] = step
      step &*= Swift.max(self[axis], 1)
    }
    return strides
  }
}

extension Shape: Hashable {
  /// Whether all sizes are equal.
  public static func == (left: Shape, right: Shape) -> Bool {
    left.rank == right.rank && left.near[0] == right.near[0] && left.near[1] == right.near[1]
      && left.near[2] == right.near[2] && left.near[3] == right.near[3] && left.far == right.far
  }

  /// Hashes all sizes.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(rank)
    for size in self { hasher.combine(size) }
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
  public var endIndex: Int { rank }
  /// The size of an axis, which cannot be counted from the end here.
  public subscript(axis: Int) -> Int {
    guard axis >= 0, axis < rank else { refuse(axis) }
    return axis < 4 ? near[axis] : far![axis - 4]
  }

  @inline(never)
  private func refuse(_ axis: Int) -> Never {
    fatalError("there is no axis \(axis): the shape \(self) has \(rank)")
  }
}

extension Shape: CustomStringConvertible {
  /// The sizes in brackets, `[64, 1000]`.
  public var description: String {
    "[" + map { String($0) }.joined(separator: ", ") + "]"
  }
}

extension Shape {
  /// The shape that both broadcast to by NumPy's rule, or nil if two sizes differ and
  /// neither is 1.
  package static func broadcast(_ left: Shape, _ right: Shape) -> Shape? {
    if left == right { return left }
    let rank = Swift.max(left.rank, right.rank)
    var sizes = [Int](repeating: 1, count: rank)
    for fromEnd in 1...Swift.max(rank, 1) where fromEnd <= rank {
      let l = fromEnd <= left.rank ? left[left.rank - fromEnd] : 1
      let r = fromEnd <= right.rank ? right[right.rank - fromEnd] : 1
      if l != r && l != 1 && r != 1 { return nil }
      sizes[rank - fromEnd] = l == 1 ? r : l
    }
    return Shape(sizes)
  }

  /// The axis counted from the start, or nil if `axis` is outside `-rank ..< rank`.
  @inline(never)
  package func resolve(axis: Int) -> Int? {
    let resolved = axis < 0 ? axis + rank : axis
    return resolved >= 0 && resolved < rank ? resolved : nil
  }
}
