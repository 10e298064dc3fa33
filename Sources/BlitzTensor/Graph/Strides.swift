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
///
/// - Source: `computeStride` and `infer_dense_strides` of ATen,
///   `TensorIterator::reorder_dimensions`, and the strides that PyTorch's ops were seen to return
///   (MemoryOrderTests).
enum Strides {
  /// How a primitive's result lies: a part of its rule.
  enum Placement: Sendable {
    /// A new array, row-major whatever the operands are.
    case rowMajor
    /// As the operands lie, and row-major if all of them are.
    case likeOperands(Choice)
    /// A view, whose strides differ even of a row-major operand.
    case view(Choice)

    /// Whether it has to be asked even if all operands are row-major.
    var isView: Bool { if case .view = self { true } else { false } }

    /// The strides of what an op returns.
    func strides(_ op: Op, _ inputs: borrowing Operands, _ shape: Shape) -> [Int]? {
      switch self {
      case .rowMajor: nil
      case .likeOperands(let choose), .view(let choose): choose(op, inputs, shape)
      }
    }
  }

  /// The strides of what an op of these operands returns in this shape.
  typealias Choice = @Sendable (_ op: Op, _ inputs: borrowing Operands, _ shape: Shape) -> [Int]?

  /// The strides, nil if they are those of a row-major array.
  static func normal(_ strides: [Int], _ shape: Shape) -> [Int]? {
    var step = 1
    for axis in shape.indices.reversed() {
      if strides[axis] != step { return strides }
      step &*= max(shape[axis], 1)
    }
    return nil
  }
}

extension Strides {
  /// The strides of a fresh array whose axes lie in the order of the operands'.
  static func dense(_ shape: Shape, _ inputs: borrowing Operands) -> [Int]? {
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
