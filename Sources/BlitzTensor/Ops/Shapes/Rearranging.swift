extension Tensor {
  /// Axes moved to other places, the others in their order: `torch.movedim`.
  ///
  /// - Parameters:
  ///   - axes: which, counted from the end if negative.
  ///   - places: where each goes, counted from the end if negative.
  /// - Returns: the elements of `self` with the axes in the new order.
  /// - Gradient: `g` with the axes back in their places.
  /// - Error: axes that are not there or named twice, numbers of both that differ.
  public func movedAxes(_ axes: [Int], to places: [Int]) -> Tensor {
    if node.failure != nil { return self }
    for axis in axes + places where shape.resolve(axis: axis) == nil {
      return Tensor(error: .axis("movedAxes", axis, of: self))
    }
    let from = axes.compactMap { shape.resolve(axis: $0) }
    let to = places.compactMap { shape.resolve(axis: $0) }
    guard from.count == to.count, Set(from).count == from.count, Set(to).count == to.count else {
      return Tensor(
        error: TensorError(
          "movedAxes", "axes \(axes) do not go to places \(places)",
          operands: [("input", signature)], help: "name each axis and each place once"))
    }
    var order = (0..<rank).filter { !from.contains($0) }
    for (place, axis) in zip(to, from).sorted(by: { $0.0 < $1.0 }) { order.insert(axis, at: place) }
    return permuted(order)
  }

  /// One axis as several: `torch.unflatten`, what `flattened(from:to:)` undoes.
  ///
  /// - Parameters:
  ///   - axis: counted from the end if negative.
  ///   - sizes: of the new axes; one of them may be -1.
  /// - Returns: the elements of `self` in their order.
  /// - Gradient: `g` in the shape of `self`.
  /// - Error: an axis that is not there; sizes whose product is not that of the axis.
  public func unflattened(axis: Int, to sizes: [Int]) -> Tensor {
    if node.failure != nil { return self }
    guard let axis = shape.resolve(axis: axis) else {
      return Tensor(error: .axis("unflattened", axis, of: self))
    }
    let known = sizes.filter { $0 != -1 }
    var own = sizes
    if let free = sizes.firstIndex(of: -1), known.count == sizes.count - 1,
      known.allSatisfy({ $0 > 0 })
    {
      let part = Shape(known).checkedElementCount ?? Int.max
      own[free] = shape[axis] / part
    }
    guard own.allSatisfy({ $0 >= 0 }), Shape(own).checkedElementCount == shape[axis],
      rank - 1 + own.count <= Shape.maximumRank, !own.isEmpty
    else {
      return Tensor(
        error: TensorError(
          "unflattened", "axis \(axis) has \(shape[axis]) places, not those of \(sizes)",
          operands: [("input", signature)],
          help: "the product of the sizes is \(shape[axis]); one of them may be -1"))
    }
    var all = shape.sizes
    all.replaceSubrange(axis...axis, with: own)
    return viewed(as: Shape(all))
  }

  /// At least one axis: `torch.atleast_1d`.
  ///
  /// - Returns: a single number as a vector of one, any other tensor as it is.
  public func atLeast1d() -> Tensor { rank == 0 ? viewed(as: [1]) : self }

  /// At least two axes: `torch.atleast_2d`.
  ///
  /// - Returns: a number or vector as one row, any other tensor as it is.
  public func atLeast2d() -> Tensor { rank < 2 ? viewed(as: [1, elementCount]) : self }

  /// At least three axes: `torch.atleast_3d`.
  ///
  /// - Returns: `[1, n, 1]` of a vector of n, `[m, n, 1]` of a matrix, any other tensor as it is.
  public func atLeast3d() -> Tensor {
    if rank >= 3 { return self }
    return rank == 2
      ? viewed(as: Shape(shape.sizes + [1])) : viewed(as: [1, elementCount, 1])
  }

  /// Nearly equal parts along an axis, the larger ones first: `torch.tensor_split`.
  ///
  /// - Parameters:
  ///   - count: how many parts, at least 1; more than there are places leave empty ones.
  ///   - axis: counted from the end if negative.
  /// - Returns: the parts.
  /// - Gradient: `g` of each part in its place.
  /// - Error: in one part: an axis that is not there; no part.
  public func tensorSplit(count: Int, axis: Int = 0) -> [Tensor] {
    if node.failure != nil { return [self] }
    guard let along = shape.resolve(axis: axis) else {
      return [Tensor(error: .axis("tensorSplit", axis, of: self))]
    }
    guard count > 0, count <= 1 << 20 else {
      return [
        Tensor(
          error: TensorError(
            "tensorSplit", "the number of parts is \(count)", operands: [("input", signature)],
            help: "give 1 or more"))
      ]
    }
    let (size, more) = shape[along].quotientAndRemainder(dividingBy: count)
    let sizes = (0..<count).map { $0 < more ? size + 1 : size }
    return split(sizes: sizes, axis: along)
  }

  /// The parts along an axis that begin at places: `torch.tensor_split`.
  ///
  /// - Parameters:
  ///   - places: where the second part begins, and so on; counted from the end if negative. A part
  ///     that ends before it begins is empty.
  ///   - axis: counted from the end if negative.
  /// - Returns: one part more than places.
  /// - Gradient: `g` of each part in its place, added up.
  /// - Error: in one part: an axis that is not there.
  public func tensorSplit(at places: [Int], axis: Int = 0) -> [Tensor] {
    if node.failure != nil { return [self] }
    guard let along = shape.resolve(axis: axis) else {
      return [Tensor(error: .axis("tensorSplit", axis, of: self))]
    }
    let size = shape[along]
    let bounds = places.map { place in
      Swift.min(Swift.max(place < 0 ? place &+ size : place, 0), size)
    }
    return zip([0] + bounds, bounds + [size]).map { start, end in
      sliced(axis: along, from: start, count: Swift.max(end - start, 0))
    }
  }

  /// Pictures turned by quarters, from the first axis towards the second: `torch.rot90`.
  ///
  /// - Parameters:
  ///   - times: how many quarters; negative ones turn the other way.
  ///   - axes: two, counted from the end if negative.
  /// - Returns: the elements of `self` in their new places.
  /// - Gradient: `g` turned back.
  /// - Error: axes that are not two, or not there.
  public func rot90(_ times: Int = 1, axes: [Int] = [0, 1]) -> Tensor {
    if node.failure != nil { return self }
    let named = axes.compactMap { shape.resolve(axis: $0) }
    guard axes.count == 2, named.count == 2, named[0] != named[1] else {
      return Tensor(
        error: TensorError(
          "rot90", "turns in a plane of two axes, not \(axes)", operands: [("input", signature)],
          help: "name two axes of the tensor"))
    }
    switch times & 3 {
    case 1: return flipped(axes: [named[1]]).transposed(named[0], named[1])
    case 2: return flipped(axes: named)
    case 3: return transposed(named[0], named[1]).flipped(axes: [named[1]])
    default: return self
    }
  }

  /// All windows along an axis, as a last axis: `Tensor.unfold` of PyTorch.
  ///
  ///     y[i, j] = x[i * step + j]
  ///
  /// - Parameters:
  ///   - axis: counted from the end if negative.
  ///   - size: of a window.
  ///   - step: from one window to the next.
  /// - Returns: along the axis the number of windows that fit, and a last axis of `size`.
  /// - Gradient: `g` added up where windows meet.
  /// - Error: an axis that is not there; a window that does not fit; a step below 1.
  public func unfolded(axis: Int, size: Int, step: Int = 1) -> Tensor {
    if node.failure != nil { return self }
    let x = isSole(axis) ? viewed(as: [1]) : self
    guard let along = x.shape.resolve(axis: axis) else {
      return Tensor(error: .axis("unfolded", axis, of: self))
    }
    guard size >= 0, size <= x.shape[along], step > 0 else {
      return Tensor(
        error: TensorError(
          "unfolded",
          "windows of \(size) with steps of \(step) do not fit \(x.shape[along]) places",
          operands: [("input", signature)],
          help: "give a size of 0 to \(x.shape[along]) and a step of 1 or more"))
    }
    let count = (x.shape[along] - size) / step + 1
    if let error = TensorError.badShape(
      "unfolded", [count, size], operands: [("input", signature)])
    {
      return Tensor(error: error)
    }
    let starts = Tensor.arange(count, device: device) * Swift.min(step, x.shape[along] + 1)
    let places = starts.unsqueezed(axis: 1) + Tensor.arange(size, device: device)
    if places.node.failure != nil { return places.named("unfolded") }
    let picked = x.selected(places.viewed(as: [count * size]), axis: along, for: .gather)
    if picked.node.failure != nil { return picked }
    var sizes = picked.shape.sizes
    sizes.replaceSubrange(along...along, with: [count, size])
    var order = Array(sizes.indices)
    order.append(order.remove(at: along + 1))
    let windows = picked.viewed(as: Shape(sizes)).reordered(order)
    return rank == 0 ? windows.viewed(as: [size]) : windows
  }
}
