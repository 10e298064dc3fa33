extension Tensor {
  /// The distance between neighbours along each axis, in elements, that PyTorch's tensor would
  /// have: `torch.Tensor.stride`.
  ///
  ///     Tensor.ones([2, 3]).transposed().strides     // [1, 3]
  ///
  /// Blitz lays tensors out as its plans need them. But PyTorch draws the mask of dropout in the
  /// order of memory, and with these a seed gives the same mask here.
  public var strides: [Int] { node.fullStrides }

  /// The same elements, as a row-major array: `torch.Tensor.contiguous`.
  ///
  /// Nothing is copied: the word only says where a mask of dropout is drawn in another order
  /// there. Scripts that came from PyTorch keep its masks if they keep the call.
  ///
  /// - Gradient: `g`.
  public func contiguous() -> Tensor { laidOut(nil) }

  /// The same elements in the order that images of this shape have where `input`'s channels are
  /// innermost, row-major where they are not, as PyTorch's layers for images return them.
  package func laidOut(likeImages input: Tensor) -> Tensor {
    laidOut(input.node.isChannelsLast ? Strides.channelsLast(shape) : nil)
  }

  /// The same elements, which PyTorch would have with these axes from the outermost to the
  /// innermost.
  package func laidOut(by axes: [Int]) -> Tensor {
    var strides = [Int](repeating: 1, count: rank)
    var step = 1
    for axis in axes.reversed() {
      strides[axis] = step
      step &*= Swift.max(shape[axis], 1)
    }
    return laidOut(strides == shape.strides ? nil : strides)
  }

  /// The axes from the outermost to the innermost of an array as `empty_like` makes it; nil for a
  /// row-major one.
  package var memoryOrder: [Int]? {
    guard let own = node.strides, let strides = Strides.dense(shape, [own]) else { return nil }
    return shape.indices.sorted {
      (strides[$0], shape[$0]) > (strides[$1], shape[$1])
    }
  }

  /// The same elements, which PyTorch would have with these strides; nil for a row-major array.
  func laidOut(_ strides: [Int]?) -> Tensor {
    if node.failure != nil || node.strides == strides { return self }
    return .make(.reshape, of: Operands(node), shape: shape, dtype: dtype, laidOut: .as(strides))
  }
}
