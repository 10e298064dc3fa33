/// The gradients of slices: each is a part of the whole's, and zero elsewhere.
extension Tensor {
  /// Whether the tensor is a part put into zeros along one axis.
  var isPart: Bool { part != nil }

  private struct Part {
    let tensor: Tensor
    let axis: Int
    let start: Int
    let count: Int
  }

  private var part: Part? {
    guard case .pad(let slices) = node.op, !node.hasContents, node.inputs.count == 2,
      case .scalar(.integer(0)) = node.inputs[1].op
    else { return nil }
    let cut = slices.indices.filter { slices[$0].count != shape[$0] }
    guard cut.count == 1, let axis = cut.first,
      slices.allSatisfy({ $0.step == 1 || $0.count == 1 }), slices[axis].count > 0,
      slices.indices.allSatisfy({ $0 == axis || slices[$0].start == 0 })
    else { return nil }
    return Part(
      tensor: Tensor(node: node.inputs[0]), axis: axis, start: slices[axis].start,
      count: slices[axis].count)
  }

  /// The sum of parts of one shape: where none overlap, and nothing is between them, they are put
  /// side by side, instead of each being spread over zeros and added.
  static func assembled(_ tensors: [Tensor]) -> Tensor {
    let parts = tensors.compactMap(\.part).sorted { $0.start < $1.start }
    if let first = parts.first, parts.count == tensors.count {
      var end = 0
      let isWhole = parts.allSatisfy { part in
        defer { end += part.count }
        return part.axis == first.axis && part.start == end
      }
      if isWhole && end == tensors[0].shape[first.axis] {
        return concatenate(parts.map(\.tensor), axis: first.axis)
      }
    }
    return tensors.dropFirst().reduce(tensors[0]) { $0 + $1 }
  }
}
