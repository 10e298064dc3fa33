// Where PyTorch's tensors lie in memory.
//
// PyTorch draws the mask of dropout in the order of memory, and many of its ops return views or
// keep the order of their operands. Blitz lays tensors out as its plans need them, so a node
// carries the strides that PyTorch's tensor would have; nothing but random numbers depends on them.

/// The distance in memory between neighbours along each axis, as PyTorch 2.15 on the CPU chooses
/// it.
///
/// Nil stands for the strides of a row-major array of the shape, which most tensors have. Products
/// wrap: of tensors without elements sizes can be anything, and no number depends on them.
enum Strides {
  /// The strides of what an op returns.
  ///
  /// - Source: `computeStride` and `infer_dense_strides` of ATen,
  ///   `TensorIterator::reorder_dimensions`, and the strides that PyTorch's ops were seen to return
  ///   (`Tests/Reference/strides.py`).
  static func of(_ op: Op, _ inputs: borrowing Operands, shape: Shape) -> [Int]? {
    switch op {
    case .transfer, .custom: return inputs[0].strides
    case .elementwise: return dense(shape, inputs)
    case .argSort: return dense(shape, [inputs[0].fullStrides])
    case .permute(let axes):
      let strides = inputs[0].fullStrides
      return normal(axes.map { strides[$0] }, shape)
    case .expand: return expanded(inputs[0], to: shape)
    case .slice(let slices): return sliced(inputs[0], slices, shape)
    case .reshape:
      guard let strides = inputs[0].strides else { return nil }
      return viewed(inputs[0].shape, strides, as: shape).flatMap { normal($0, shape) }
    case .pad: return inputs[0].isChannelsLast ? channelsLast(shape) : nil
    case .concatenate:
      return inputs.all.allSatisfy(\.isChannelsLast) ? channelsLast(shape) : nil
    case .convolution:
      return inputs[0].isChannelsLast || inputs[1].isChannelsLast ? channelsLast(shape) : nil
    case .windowMaximum(_, let places):
      return !places && inputs[1].isChannelsLast ? channelsLast(shape) : nil
    default: return nil  // A new array, row-major.
    }
  }

  /// The strides, nil if they are those of a row-major array.
  private static func normal(_ strides: [Int], _ shape: Shape) -> [Int]? {
    var step = 1
    for axis in shape.indices.reversed() {
      if strides[axis] != step { return strides }
      step &*= max(shape[axis], 1)
    }
    return nil
  }

  private static func expanded(_ input: Node, to shape: Shape) -> [Int]? {
    // A scalar that fills a shape is an array that PyTorch would fill.
    if case .scalar = input.op { return nil }
    let (strides, added) = (input.fullStrides, shape.rank - input.shape.rank)
    return normal(
      shape.indices.map { axis in
        axis < added || input.shape[axis - added] != shape[axis] ? 0 : strides[axis - added]
      }, shape)
  }

  private static func sliced(_ input: Node, _ slices: [AxisSlice], _ shape: Shape) -> [Int]? {
    let strides = input.fullStrides
    // Backwards there are no views: PyTorch's `flip` copies.
    if slices.contains(where: \.isBackwards) { return dense(shape, [strides]) }
    return normal(zip(strides, slices).map { $0 &* $1.distance }, shape)
  }

  /// The strides of a view under another shape; nil where the elements must be copied.
  private static func viewed(_ old: Shape, _ strides: [Int], as new: Shape) -> [Int]? {
    guard new.elementCount > 0, old.rank > 0 else { return nil }
    var result = [Int](repeating: 1, count: new.rank)
    var axis = new.rank - 1
    // Neighbouring axes of the old shape that lie without a gap count as one stretch.
    var (base, count, taken) = (strides[old.rank - 1], 1, 1)
    for place in old.indices.reversed() {
      count &*= old[place]
      let isEnd =
        place == 0 || old[place - 1] != 1 && strides[place - 1] != count &* base
      guard isEnd else { continue }
      while axis >= 0, taken < count || new[axis] == 1 {
        result[axis] = taken &* base
        taken &*= new[axis]
        axis -= 1
      }
      if taken != count { return nil }
      if place > 0 { (base, count, taken) = (strides[place - 1], 1, 1) }
    }
    return axis == -1 ? result : nil
  }
}

extension Strides {
  /// The strides of a fresh array whose axes lie in the order of the operands'.
  private static func dense(_ shape: Shape, _ inputs: borrowing Operands) -> [Int]? {
    var operands: [[Int]] = []
    for place in 0..<inputs.count {
      let input = inputs[place]
      // A scalar says nothing about order.
      if input.shape.rank < shape.rank { continue }
      // Mostly the first operand is row-major, or a part of such an array, which settles it.
      if operands.isEmpty, input.strides.map(isDescending) ?? true { return nil }
      operands.append(input.fullStrides)
    }
    return dense(shape, operands)
  }

  private static func isDescending(_ strides: [Int]) -> Bool {
    var last = Int.max
    for stride in strides {
      if stride >= last || stride == 0 { return false }
      last = stride
    }
    return true
  }

  /// The strides of a fresh array whose axes lie in the order of the first operand's, or where that
  /// does not say (an axis that is broadcast has stride 0), of the next one's.
  static func dense(_ shape: Shape, _ operands: [[Int]]) -> [Int]? {
    // Innermost axis first; PyTorch's insertion sort, which goes on past axes that do not compare.
    var order = Array(shape.indices.reversed())
    for place in order.indices.dropFirst() {
      var moved = place
      for other in (0..<place).reversed() {
        let comparison = compare(order[other], order[moved], shape, operands)
        if comparison < 0 { break }
        if comparison > 0 {
          order.swapAt(other, moved)
          moved = other
        }
      }
    }
    var strides = [Int](repeating: 1, count: shape.rank)
    var step = 1
    for axis in order {
      strides[axis] = step
      step &*= max(shape[axis], 1)
    }
    return normal(strides, shape)
  }

  /// Above 0 if an axis that comes before another must come behind it.
  private static func compare(
    _ first: Int, _ second: Int, _ shape: Shape, _ operands: [[Int]]
  ) -> Int {
    for strides in operands {
      let (a, b) = (strides[first], strides[second])
      if a == 0 || b == 0 { continue }
      if a != b { return a < b ? -1 : 1 }
      if shape[first] > shape[second] { return 1 }
    }
    return 0
  }

  /// The strides of images whose channels are innermost.
  static func channelsLast(_ shape: Shape) -> [Int]? {
    guard shape.rank == 4 else { return nil }
    let (channels, width) = (shape[1], shape[3])
    return [channels &* width &* shape[2], 1, channels &* width, channels]
  }
}

extension Node {
  /// The strides that PyTorch's tensor would have.
  var fullStrides: [Int] { strides ?? shape.strides }

  /// Whether PyTorch takes the node for images whose channels are innermost.
  ///
  /// - Source: `is_channels_last_strides_2d` of c10.
  var isChannelsLast: Bool {
    guard shape.rank == 4, let strides, strides[1] != 0 else { return false }
    var least = 0
    for axis in [1, 3, 2, 0] {
      if shape[axis] == 0 || strides[axis] < least { return false }
      // Of one image of one channel both orders are the same.
      if axis == 0 && least == strides[1] { return false }
      least = strides[axis] &* max(shape[axis], 1)
    }
    return true
  }
}
