// Tensors side by side, and apart again, along the axes of pictures and tables.

/// The tensors next to each other: along axis 1, or axis 0 of vectors: `torch.hstack`.
///
/// - Parameter tensors: single numbers count as vectors of one.
/// - Gradient: each tensor's part of `g`.
/// - Error: as `concatenate(_:axis:)`.
public func hstack(_ tensors: [Tensor]) -> Tensor {
  let tensors = tensors.map { $0.atLeast1d() }
  return concatenate(tensors, axis: tensors.first?.rank == 1 ? 0 : 1).named("hstack")
}

/// The tensors below each other, along axis 0: `torch.vstack`.
///
/// - Parameter tensors: vectors count as rows.
/// - Gradient: each tensor's part of `g`.
/// - Error: as `concatenate(_:axis:)`.
public func vstack(_ tensors: [Tensor]) -> Tensor {
  concatenate(tensors.map { $0.atLeast2d() }, axis: 0).named("vstack")
}

/// The tensors behind each other, along axis 2: `torch.dstack`.
///
/// - Parameter tensors: with fewer axes they are taken as `atLeast3d()` says.
/// - Gradient: each tensor's part of `g`.
/// - Error: as `concatenate(_:axis:)`.
public func dstack(_ tensors: [Tensor]) -> Tensor {
  concatenate(tensors.map { $0.atLeast3d() }, axis: 2).named("dstack")
}

/// The tensors next to each other, vectors as columns: `torch.column_stack`.
///
/// - Parameter tensors: vectors of n as `[n, 1]`, single numbers as `[1, 1]`.
/// - Gradient: each tensor's part of `g`.
/// - Error: as `concatenate(_:axis:)`.
public func columnStack(_ tensors: [Tensor]) -> Tensor {
  let columns = tensors.map { $0.rank < 2 ? $0.viewed(as: [$0.elementCount, 1]) : $0 }
  return concatenate(columns, axis: 1).named("columnStack")
}

/// The tensors in the one shape that all of them broadcast to: `torch.broadcast_tensors`.
///
/// - Gradient: `g` summed over the axes that were broadcast.
/// - Error: in one tensor: shapes that do not broadcast.
public func broadcastTensors(_ tensors: [Tensor]) -> [Tensor] {
  if let failed = tensors.first(where: { $0.error != nil }) { return [failed] }
  guard let shape = Shape.broadcast(tensors.map(\.shape)) else {
    let operands = tensors.enumerated().map { (role: "tensor \($0)", description: $1.signature) }
    return [
      Tensor(
        error: TensorError(
          "broadcastTensors", "the shapes do not broadcast", operands: operands,
          help: "counted from the end, sizes must be equal, or 1"))
    ]
  }
  return tensors.map { $0.expanded(to: shape) }
}

extension Shape {
  /// The one shape that all of these broadcast to, nil if there is none: `torch.broadcast_shapes`.
  ///
  ///     Shape.broadcast([[3, 1], [4]])     // [3, 4]
  public static func broadcast(_ shapes: [Shape]) -> Shape? {
    shapes.reduce(Shape()) { all, shape in all.flatMap { broadcast($0, shape) } }
  }
}

extension Tensor {
  /// The parts along an axis, without it: `torch.unbind`.
  ///
  /// - Parameter axis: counted from the end if negative.
  /// - Returns: as many tensors as the axis has places.
  /// - Gradient: `g` of each in its place.
  /// - Error: in one tensor: an axis that is not there.
  public func unbind(axis: Int = 0) -> [Tensor] {
    if node.failure != nil { return [self] }
    guard let axis = shape.resolve(axis: axis) else {
      return [Tensor(error: .axis("unbind", axis, of: self))]
    }
    return (0..<shape[axis]).map { sliced(axis: axis, from: $0, count: 1).squeezed(axis: axis) }
  }

  /// Nearly equal parts next to each other, along axis 1, or axis 0 of a vector: `torch.hsplit`;
  /// see ``tensorSplit(count:axis:)``.
  ///
  /// - Error: in one part: a single number; as ``tensorSplit(count:axis:)``.
  public func hsplit(count: Int) -> [Tensor] {
    rejectedSplit("hsplit", 1) ?? tensorSplit(count: count, axis: rank == 1 ? 0 : 1)
  }

  /// The parts next to each other that begin at places: `torch.hsplit`; see
  /// ``tensorSplit(at:axis:)``.
  ///
  /// - Error: in one part: a single number.
  public func hsplit(at places: [Int]) -> [Tensor] {
    rejectedSplit("hsplit", 1) ?? tensorSplit(at: places, axis: rank == 1 ? 0 : 1)
  }

  /// Nearly equal parts below each other, along axis 0: `torch.vsplit`; see
  /// ``tensorSplit(count:axis:)``.
  ///
  /// - Error: in one part: fewer than two axes; as ``tensorSplit(count:axis:)``.
  public func vsplit(count: Int) -> [Tensor] {
    rejectedSplit("vsplit", 2) ?? tensorSplit(count: count, axis: 0)
  }

  /// The parts below each other that begin at places: `torch.vsplit`; see
  /// ``tensorSplit(at:axis:)``.
  ///
  /// - Error: in one part: fewer than two axes.
  public func vsplit(at places: [Int]) -> [Tensor] {
    rejectedSplit("vsplit", 2) ?? tensorSplit(at: places, axis: 0)
  }

  /// Nearly equal parts behind each other, along axis 2: `torch.dsplit`; see
  /// ``tensorSplit(count:axis:)``.
  ///
  /// - Error: in one part: fewer than three axes; as ``tensorSplit(count:axis:)``.
  public func dsplit(count: Int) -> [Tensor] {
    rejectedSplit("dsplit", 3) ?? tensorSplit(count: count, axis: 2)
  }

  /// The parts behind each other that begin at places: `torch.dsplit`; see
  /// ``tensorSplit(at:axis:)``.
  ///
  /// - Error: in one part: fewer than three axes.
  public func dsplit(at places: [Int]) -> [Tensor] {
    rejectedSplit("dsplit", 3) ?? tensorSplit(at: places, axis: 2)
  }

  private func rejectedSplit(_ name: String, _ least: Int) -> [Tensor]? {
    if node.failure != nil { return [self] }
    if rank >= least { return nil }
    return [
      Tensor(
        error: TensorError(
          name, "takes \(least) or more axes, not \(rank)", operands: [("input", signature)],
          help: "write tensorSplit(count:axis:)"))
    ]
  }

  /// The sums over all axes along which a shape was broadcast to this one:
  /// `torch.Tensor.sum_to_size`.
  ///
  /// - Parameter shape: one that broadcasts to that of `self`.
  /// - Gradient: `g` broadcast.
  /// - Error: a shape that does not broadcast to that of `self`.
  public func sum(to shape: Shape) -> Tensor {
    if node.failure != nil { return self }
    guard Shape.broadcast(shape, self.shape) == self.shape else {
      return Tensor(
        error: TensorError(
          "sum", "\(shape) does not broadcast to \(self.shape)",
          operands: [("input", signature)],
          help: "counted from the end, each size is that of the tensor, or 1"))
    }
    let added = rank - shape.rank
    let axes = (0..<rank).filter {
      $0 < added || shape[$0 - added] == 1 && self.shape[$0] != 1
    }
    return axes.isEmpty ? viewed(as: shape) : sum(axes: axes).viewed(as: shape)
  }
}
