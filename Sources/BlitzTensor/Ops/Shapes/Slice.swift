extension Rule {
  static let slice = Rule(
    name: "slice",
    .view { view in
      guard case .slice(let slices) = view.op, let walked = view.axes else { return nil }
      return .axes(
        zip(walked, slices).map { map, slice in
          Access.AxisMap(
            dimension: map.dimension, start: slice.start + slice.step * map.start,
            step: slice.step * map.step)
        })
    },
    strides: .view { op, inputs, shape in
      guard case .slice(let slices) = op else { return nil }
      return Strides.sliced(inputs[0], slices, shape)
    },
    samples: [
      Sample("slice", .normal([7, 5])) { $0[0][1..<6, 2..<5] },
      Sample("slice backwards", .normal([7, 5])) { $0[0].flipped(axes: [1]) },
    ], lowering: .slice
  ) { step in
    guard case .slice(let slices) = step.node.op else { return [] }
    let shape = step.inputs[0].shape
    // What only turns axes round does so again.
    if zip(slices, shape).allSatisfy({ $0.count == $1 }) { return [step.gradient.sliced(slices)] }
    return [step.gradient.padded(slices, in: shape, fill: .integer(0))]
  }
}

extension Strides {
  fileprivate static func sliced(_ input: Node, _ slices: [AxisSlice], _ shape: Shape) -> [Int]? {
    let strides = input.fullStrides
    // Backwards there are no views: PyTorch's `flip` copies.
    if slices.contains(where: \.isBackwards) { return dense(shape, [strides]) }
    return normal(zip(strides, slices).map { $0 &* $1.distance }, shape)
  }
}

extension Lowering {
  fileprivate static let slice = Lowering.text { text, operation in
    guard case .slice(let slices) = operation.op else { return operation.inputs[0] }
    return text.slice(operation.inputs[0], slices)
  }
}

extension ProgramText {
  /// Slices go forwards: an axis that is walked backwards is turned round first.
  mutating func slice(_ source: Value, _ slices: [AxisSlice]) -> Value {
    let operand = reverse(source, slices.indices.filter { slices[$0].isBackwards })
    let type = Program.Value(shape: Shape(slices.map(\.count)), dtype: source.dtype)
    if type.shape == operand.shape { return operand }
    let ranges = zip(slices, operand.shape).map { slice, size in
      let start = slice.isBackwards ? size - 1 - slice.start : slice.start
      let limit = start + (slice.count - 1) * slice.distance + 1
      return slice.distance == 1 ? "\(start):\(limit)" : "\(start):\(limit):\(slice.distance)"
    }
    return emit(
      """
      stablehlo.slice \(operand) [\(ranges.joined(separator: ", "))] \
      : \(signature([operand], type))
      """, type.shape, type.dtype)
  }
}

extension AxisSlice {
  /// Whether later places come first.
  var isBackwards: Bool { step < 0 && count > 1 }

  /// How far neighbouring places are apart, 1 or more.
  var distance: Int { count > 1 ? Swift.max(Swift.abs(step), 1) : 1 }
}

extension Tensor {
  /// The elements in the opposite order along some axes, or along all: `torch.flip`.
  ///
  /// - Parameter axes: counted from the end if negative; all axes if left out.
  /// - Gradient: `g` flipped along the same axes.
  /// - Error: an axis that there is not, or that is named twice.
  public func flipped(axes: [Int]? = nil) -> Tensor {
    if node.failure != nil { return self }
    var slices = shape.map { AxisSlice(all: $0) }
    var seen: Set<Int> = []
    for axis in axes ?? Array(0..<rank) {
      guard let resolved = shape.resolve(axis: axis) else {
        return Tensor(error: .axis("flipped", axis, of: self))
      }
      guard seen.insert(resolved).inserted else {
        return Tensor(
          error: TensorError(
            "flipped", "axis \(axis) is named twice in \(axes ?? [])",
            operands: [("input", signature)], help: "name each axis once"))
      }
      let size = shape[resolved]
      if size > 1 { slices[resolved] = AxisSlice(start: size - 1, step: -1, count: size) }
    }
    return sliced(slices)
  }

  /// The elements moved along an axis; those pushed out come in again at the other end:
  /// `torch.roll`.
  ///
  ///     Tensor([1, 2, 3]).rolled(by: 1)     // 3, 1, 2
  ///
  /// - Parameters:
  ///   - offset: towards the end of the axis if positive.
  ///   - axis: counted from the end if negative. Without one the elements move in the order in
  ///     which they are listed, from row to row, as `torch.roll` does it.
  /// - Gradient: `g` rolled back.
  /// - Error: an axis that there is not.
  public func rolled(by offset: Int, axis: Int? = nil) -> Tensor {
    if node.failure != nil { return self }
    guard let axis else {
      return rank == 1
        ? rolled(by: offset, axis: 0)
        : viewed(as: [elementCount]).rolled(by: offset, axis: 0).viewed(as: shape)
    }
    guard let resolved = shape.resolve(axis: axis) else {
      return Tensor(error: .axis("rolled", axis, of: self))
    }
    let size = shape[resolved]
    guard size > 1 else { return self }
    let moved = (offset % size + size) % size
    if moved == 0 { return self }
    return concatenate(
      [
        sliced(axis: resolved, from: size - moved, count: moved),
        sliced(axis: resolved, from: 0, count: size - moved),
      ], axis: resolved)
  }

  /// The elements moved along several axes, one after the other: `torch.roll`.
  ///
  /// - Parameters:
  ///   - offsets: how far along each axis.
  ///   - axes: as many, counted from the end if negative.
  /// - Gradient: `g` rolled back.
  /// - Error: an axis that there is not; no axis, or not one offset for each.
  public func rolled(by offsets: [Int], axes: [Int]) -> Tensor {
    if node.failure != nil { return self }
    guard offsets.count == axes.count, !axes.isEmpty else {
      return Tensor(
        error: TensorError(
          "rolled", "there are \(offsets.count) offsets for \(axes.count) axes",
          operands: [("input", signature)], help: "give one offset for each axis"))
    }
    return zip(offsets, axes).reduce(self) { $0.rolled(by: $1.0, axis: $1.1) }
  }

  /// Part of an axis, all of which must be there: `torch.narrow`. A range in brackets ends where
  /// the axis ends.
  ///
  /// - Parameters:
  ///   - axis: counted from the end if negative.
  ///   - start: the first place, counted from the end if negative.
  ///   - count: how many.
  /// - Returns: the shape of `self` with `count` along the axis.
  /// - Gradient: `g` at these places, 0 elsewhere.
  /// - Error: an axis that there is not; places outside it.
  public func narrowed(axis: Int, from start: Int, count: Int) -> Tensor {
    if node.failure != nil { return self }
    guard let resolved = shape.resolve(axis: axis) else {
      return Tensor(error: .axis("narrowed", axis, of: self))
    }
    let size = shape[resolved]
    let first = start < 0 ? start + size : start
    guard start >= -size, first <= size, count >= 0, count <= size - first else {
      return Tensor(
        error: TensorError(
          "narrowed",
          "\(count) places from \(start) on are not all in axis \(axis) of size \(size)",
          operands: [("input", signature)],
          help: "start is -\(size) to \(size), and at most what is left is taken"))
    }
    return sliced(axis: resolved, from: first, count: count)
  }

  /// The tensor cut into equal parts along an axis: `torch.chunk`.
  ///
  ///     let thirds = x.split(count: 3)     // three of [2, 4] for [6, 4]
  ///
  /// - Returns: `count` tensors; if the axis does not divide, tensors that carry the error.
  /// - Gradient: `g` at the part's place, zero elsewhere.
  /// - Error: an axis that there is not; a count that does not divide its size.
  public func split(count: Int, axis: Int = 0) -> [Tensor] {
    func failed(_ tensor: Tensor) -> [Tensor] {
      // As many as were asked for, so that `split(count: 2)[1]` carries the error too.
      Array(repeating: tensor, count: Swift.min(Swift.max(count, 1), 1024))
    }
    if node.failure != nil { return failed(self) }
    guard let resolved = shape.resolve(axis: axis) else {
      return failed(Tensor(error: .axis("split", axis, of: self)))
    }
    let size = shape[resolved]
    guard count > 0, size % count == 0 else {
      return failed(
        Tensor(
          error: TensorError(
            "split", "axis \(axis) of size \(size) has no \(count) equal parts",
            operands: [("input", signature)], help: "write split(sizes: [...], axis: \(axis))")))
    }
    guard count <= Tensor.mostParts else { return failed(tooManyParts(count)) }
    let length = size / count
    return (0..<count).map { sliced(axis: resolved, from: $0 * length, count: length) }
  }

  /// The tensor cut into parts of the given sizes along an axis: `torch.split`.
  ///
  /// - Returns: as many tensors as sizes; if they do not add up, tensors that carry the error.
  /// - Gradient: `g` at the part's place, zero elsewhere.
  /// - Error: an axis that there is not; sizes whose sum is not the size of the axis.
  public func split(sizes: [Int], axis: Int = 0) -> [Tensor] {
    func failed(_ tensor: Tensor) -> [Tensor] {
      Array(repeating: tensor, count: Swift.max(sizes.count, 1))
    }
    if node.failure != nil { return failed(self) }
    guard let resolved = shape.resolve(axis: axis) else {
      return failed(Tensor(error: .axis("split", axis, of: self)))
    }
    let total = sizes.reduce(0 as Int?) { sum, size in
      guard let sum, size >= 0 else { return nil }
      let (next, overflow) = sum.addingReportingOverflow(size)
      return overflow ? nil : next
    }
    guard total == shape[resolved] else {
      return failed(
        Tensor(
          error: TensorError(
            "split", "the sizes \(sizes) do not add up to the \(shape[resolved]) of axis \(axis)",
            operands: [("input", signature)], help: "sizes are 0 or more, and their sum is the axis"
          )))
    }
    guard sizes.count <= Tensor.mostParts else { return failed(tooManyParts(sizes.count)) }
    var start = 0
    return sizes.map { size in
      defer { start += size }
      return sliced(axis: resolved, from: start, count: size)
    }
  }

  private static let mostParts = 1 << 20

  private func tooManyParts(_ count: Int) -> Tensor {
    Tensor(
      error: TensorError(
        "split", "\(count) parts are more than the \(Tensor.mostParts) that one call makes",
        operands: [("input", signature)], help: "use reshaped(to:) and an index instead"))
  }
}
