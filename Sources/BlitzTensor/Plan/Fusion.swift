/// How a graph is computed: what the planner has decided, and the emitter writes down as kernels.
struct Fusion {
  let graph: PlanGraph
  /// For each value, whether it is written to memory of its own (or is another's memory).
  let hasMemory: [Bool]
  /// The fused loops.
  let loops: [Loop]
  /// The products, by the values that they compute.
  let products: [Int: Product]
  /// Values that are another one with a number where a mask is true, written by that one's kernel.
  let masked: [Int: Masked]
  /// Where the positions of a gather or scatter are.
  let indexes: [Int: Matrix]
  /// Values that are windows of another value's memory: its id, and the offset in elements. That is
  /// a value that they view, or the concatenation that they are a part of.
  let windows: [Int: (base: Int, offset: Int)]
  /// Values written by a loop that goes on to compute something else.
  let absorbed: [Int: Int]

  /// One pass over a space: a fused kernel.
  struct Loop {
    /// The value that the loop is for; it runs when this op's turn comes.
    var root: Int
    /// Which of the root's operands, where each has a loop of its own.
    var part: Int
    /// Whether the loop writes all of the root's operands, which have one shape.
    var joinsParts = false
    var space: [Int]
    var opCount = 0
  }

  /// A matrix product with what was folded into it.
  struct Product {
    var left: Matrix
    var right: Matrix
    /// The value that the product is added to.
    var addend: Int?
    /// Scalars that the product is multiplied by.
    var factors: [Int] = []
    var sign = 1.0
  }

  /// A value with a number, a scalar, where a mask is true.
  struct Masked {
    var value: Int
    var mask: Int
    var number: Int
  }

  /// An operand of a product: where each element is in a value's memory.
  struct Matrix {
    var value: Int
    var offset: Int
    var strides: [Int]
  }

  /// The value whose memory a value's elements are in, and where the first one is; of complex
  /// numbers, in parts.
  func place(_ id: Int) -> (base: Int, offset: Int) {
    var (base, offset) = (id, 0)
    while let window = windows[base] {
      offset += window.offset
      base = window.base
    }
    return (base, offset)
  }

  /// The run of dimensions that a reduction goes over, if it is one run but for sizes of 1.
  static func reductionBlock(_ axes: [Int], of space: [Int]) -> Range<Int>? {
    let real = axes.filter { space[$0] != 1 }
    guard let first = real.first, let last = real.last else { return 0..<0 }
    let reduced = Set(axes)
    return (first...last).allSatisfy { reduced.contains($0) || space[$0] == 1 }
      ? first..<last + 1 : nil
  }
}
