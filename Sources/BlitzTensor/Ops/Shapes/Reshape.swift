extension Rule {
  static let reshape = Rule(
    name: "reshape", .view { $0.access.throughReshape($0) },
    strides: .likeOperands { _, inputs, shape in
      guard let strides = inputs[0].strides else { return nil }
      return Strides.viewed(inputs[0].shape, strides, as: shape)
        .flatMap { Strides.normal($0, shape) }
    },
    samples: [Sample("reshape", .normal([6, 4])) { $0[0].reshaped(to: [3, 8]) }], lowering: .reshape
  ) {
    [$0.gradient.viewed(as: $0.inputs[0].shape)]
  }
}

extension Strides {
  /// The strides of a view under another shape; nil where the elements must be copied.
  fileprivate static func viewed(_ old: Shape, _ strides: [Int], as new: Shape) -> [Int]? {
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

extension Lowering {
  fileprivate static let reshape = Lowering.text { $0.reshape($1.inputs[0], to: $1.shape) }

  /// The operand itself.
  static let operand = Lowering.text { $1.inputs[0] }
}

extension Tensor {
  /// The same elements in the same order, under another shape: `torch.reshape`.
  ///
  ///     Tensor.arange(6).reshaped(to: [2, -1])     // int64[2, 3]
  ///
  /// - Parameter shape: as many elements as `self` has; one size can be -1, which stands for
  ///   what is left.
  /// - Gradient: `g` under the shape of `self`.
  /// - Error: another number of elements; more than one -1.
  public func reshaped(to shape: Shape) -> Tensor {
    if node.failure != nil { return self }
    let input = [(role: "input", description: signature)]
    var sizes = shape.sizes
    let unknown = sizes.indices.filter { sizes[$0] == -1 }
    if unknown.count > 1 {
      return Tensor(
        error: TensorError(
          "reshaped", "only one size can be -1, \(shape) has \(unknown.count)",
          operands: input, help: "write the other sizes out"))
    }
    if let axis = unknown.first {
      sizes[axis] = 1
      if let error = TensorError.badShape("reshaped", sizes, operands: input) {
        return Tensor(error: error)
      }
      let known = Shape(sizes).elementCount
      guard known > 0, elementCount % known == 0 else {
        return Tensor(
          error: TensorError(
            "reshaped",
            "no size in place of -1 gives \(shape) the \(elementCount) elements of \(self.shape)",
            operands: input,
            help: known > 0
              ? "the other sizes must divide \(elementCount)" : "write the size of axis \(axis)"))
      }
      sizes[axis] = elementCount / known
    }
    if let error = TensorError.badShape("reshaped", sizes, operands: input) {
      return Tensor(error: error)
    }
    let result = Shape(sizes)
    guard result.elementCount == elementCount else {
      return Tensor(
        error: TensorError(
          "reshaped",
          "\(shape) has \(result.elementCount) elements, the tensor has \(elementCount)",
          operands: input,
          help: "the product of the sizes must be \(elementCount); one of them can be -1"))
    }
    return viewed(as: result)
  }

  /// The tensor without its axes of size 1: `torch.squeeze`.
  ///
  /// - Gradient: `g` under the shape of `self`.
  public func squeezed() -> Tensor {
    if node.failure != nil { return self }
    return viewed(as: Shape(shape.filter { $0 != 1 }))
  }

  /// The tensor without one axis of size 1: `torch.squeeze`.
  ///
  /// - Parameter axis: counted from the end if negative.
  /// - Gradient: `g` under the shape of `self`.
  /// - Error: an axis that there is not, or whose size is not 1.
  public func squeezed(axis: Int) -> Tensor {
    if node.failure != nil || isSole(axis) { return self }
    guard let resolved = shape.resolve(axis: axis) else {
      return Tensor(error: .axis("squeezed", axis, of: self))
    }
    guard shape[resolved] == 1 else {
      return Tensor(
        error: TensorError(
          "squeezed", "the size of axis \(axis) is \(shape[resolved]), not 1",
          operands: [("input", signature)], help: "only axes of size 1 can be left out"))
    }
    var sizes = shape.sizes
    sizes.remove(at: resolved)
    return viewed(as: Shape(sizes))
  }

  /// The tensor with a new axis of size 1, at `axis` of the result: `torch.unsqueeze`.
  ///
  ///     x.unsqueezed(axis: 0)     // [3, 4] becomes [1, 3, 4]
  ///     x.unsqueezed(axis: -1)    // [3, 4] becomes [3, 4, 1]
  ///
  /// - Gradient: `g` under the shape of `self`.
  /// - Error: an axis that the result has not; more axes than a tensor can have.
  public func unsqueezed(axis: Int) -> Tensor {
    if node.failure != nil { return self }
    let place = axis < 0 ? axis + rank + 1 : axis
    guard place >= 0, place <= rank else {
      return Tensor(
        error: TensorError(
          "unsqueezed", "there is no axis \(axis) in a result of rank \(rank + 1)",
          operands: [("input", signature)],
          help: "a new axis can be at 0 to \(rank), or -1 to -\(rank + 1) from the end"))
    }
    var sizes = shape.sizes
    sizes.insert(1, at: place)
    if let error = TensorError.badShape(
      "unsqueezed", sizes, operands: [("input", signature)])
    {
      return Tensor(error: error)
    }
    return viewed(as: Shape(sizes))
  }

  /// The tensor with the axes from one to another (included) merged into one: `torch.flatten`.
  ///
  ///     images.flattened(from: 1)     // [64, 28, 28] becomes [64, 784]
  ///
  /// - Returns: `[n]` for a scalar.
  /// - Gradient: `g` under the shape of `self`.
  /// - Error: axes that there are not, or in the wrong order.
  public func flattened(from first: Int = 0, to last: Int = -1) -> Tensor {
    if node.failure != nil { return self }
    if rank == 0, [0, -1].contains(first), [0, -1].contains(last) { return viewed(as: [1]) }
    guard let from = shape.resolve(axis: first) else {
      return Tensor(error: .axis("flattened", first, of: self))
    }
    guard let to = shape.resolve(axis: last) else {
      return Tensor(error: .axis("flattened", last, of: self))
    }
    guard from <= to else {
      return Tensor(
        error: TensorError(
          "flattened", "axis \(first) comes after axis \(last)",
          operands: [("input", signature)], help: "write flattened(from: \(last), to: \(first))"))
    }
    let merged = Shape(Array(shape.sizes[from...to])).elementCount
    return viewed(as: Shape(shape.sizes[..<from] + [merged] + shape.sizes[(to + 1)...]))
  }
}
