extension Tensor {
  /// How many points are in each cell of a grid: `torch.histogramdd`.
  ///
  /// - Parameters:
  ///   - edges: where the cells begin and end along each coordinate, ascending, one axis each.
  ///   - weights: what each point counts, in the shape of the points and the dtype of `self`; 1 if
  ///     it is left out.
  ///   - density: whether counts are divided by their sum and by the sizes of the cells.
  /// - Returns: one axis for each coordinate, in the dtype of `self`, `[..., coordinates]`. A cell
  ///   has its lower edge, the last one its upper, too; points outside and NaN are not counted.
  /// - Gradient: none.
  /// - Error: not one list of at least two edges for each coordinate, weights of another shape or
  ///   dtype, a dtype that is not floating.
  public func histogramOfPoints(
    edges: [Tensor], weights: Tensor? = nil, density: Bool = false
  ) -> Tensor {
    let word = "histogramOfPoints"
    if let rejected = rejected(word, .floating) { return rejected }
    if let failed = (edges + [weights].compactMap(\.self)).first(where: { $0.node.failure != nil })
    {
      return failed
    }
    let points = Array(shape.sizes.dropLast())
    guard rank >= 1, shape.sizes.last == edges.count, !edges.isEmpty,
      edges.allSatisfy({ $0.rank == 1 && $0.dtype == dtype && $0.shape[0] >= 2 })
    else {
      return Tensor(
        error: TensorError(
          word, "there are \(edges.count) lists of edges",
          operands: [("input", signature)] + edges.map { ("edges", $0.signature) },
          help: "points are [..., coordinates]; give \(dtype)[2 or more] for each coordinate"))
    }
    if let weights, weights.shape.sizes != points || weights.dtype != dtype {
      return Tensor(
        error: TensorError(
          word, "there is not one weight for each point",
          operands: [("input", signature), ("weights", weights.signature)],
          help: "give \(dtype)\(Shape(points))"))
    }
    let sizes = edges.map { $0.shape[0] - 1 }
    if let error = TensorError.badShape(word, sizes) { return Tensor(error: error) }
    let count = elementCount / edges.count
    let flat = detached().viewed(as: [count, edges.count])
    var place = Tensor.filled(.integer(0), [count], .int64)
    var isInside = Tensor.filled(.integer(1), [count], .bool)
    for (coordinate, edge) in edges.enumerated() {
      let column = flat.sliced(axis: 1, from: coordinate, count: 1).viewed(as: [count])
      let size = sizes[coordinate]
      let edge = edge.detached()
      let low = edge.sliced(axis: 0, from: 0, count: 1)
      let high = edge.sliced(axis: 0, from: size, count: 1)
      isInside = isInside .& (column .>= low) .& (column .<= high)
      let cell = (edge.searchSorted(column, right: true) - 1).clamp(min: 0, max: Double(size - 1))
      place = place * Tensor.scalar(.integer(size), .int64) + cell
    }
    let each = weights?.detached().viewed(as: [count]) ?? .filled(.integer(1), [count], dtype)
    let cells = Shape(sizes).elementCount
    var counts = Tensor.zeros([cells], dtype: dtype).to(device).scattered(
      Tensor.where(isInside, place, 0), Tensor.where(isInside, each, 0).contiguous(), axis: 0,
      adds: true, for: .scatterAdd
    ).viewed(as: Shape(sizes))
    if density {
      counts = counts / counts.sum()
      for (axis, edge) in edges.enumerated() {
        var own = [Int](repeating: 1, count: sizes.count)
        own[axis] = sizes[axis]
        counts = counts / edge.detached().diff().viewed(as: Shape(own))
      }
    }
    return counts.named(word)
  }
}
