extension Rule {
  static let product = Rule(
    name: "prod", .loops, saves: .inputs,
    samples: [
      Sample("reduce product", tolerance: Sample.sumTolerance, .normal([8, 10, 4])) {
        $0[0].prod(axes: [0])
      }
    ], lowering: .reduction("multiply")
  ) {
    step in
    guard case .reduce(_, let axes) = step.node.op else { return [] }
    let x = step.inputs[0]
    let kept = x.shape.reduced(axes, keepDims: true)
    // In float64, as the product itself: some of the others may overflow where all do not.
    let others = x.converted(to: .float64).productOfOthers(axes)
    let gradient = step.gradient.viewed(as: kept).converted(to: .float64)
    return [(gradient.broadcast(to: x.shape) * others).converted(to: x.dtype)]
  }
}

extension Tensor {
  /// The product of the elements along axes: `torch.prod`.
  ///
  /// - Parameters:
  ///   - axes: negative ones count from the end; none at all mean all of them.
  ///   - keepDims: whether the axes stay, with size 1.
  /// - Returns: the shape without these axes, in the dtype of `self`; int64 for integers and
  ///   bool, which wraps around. The product of nothing is 1.
  /// - Gradient: `g` times the product of the other elements, right where elements are 0 too.
  /// - Error: an axis that is not there or is named twice.
  public func prod(axes: [Int] = [], keepDims: Bool = false) -> Tensor {
    if let rejected = rejected("prod", .any) { return rejected }
    let counted = dtype.hasGradients ? upcast : converted(to: .int64)
    return counted.reduced("prod", .product, axes: axes, keepDims: keepDims)
  }

  /// The product of the elements along one axis; see `prod(axes:keepDims:)`.
  public func prod(axis: Int, keepDims: Bool = false) -> Tensor {
    prod(axes: [axis], keepDims: keepDims)
  }

  /// For each element the product of all others along the axes.
  ///
  /// The product divided by the element would be NaN at zeros; this multiplies only.
  fileprivate func productOfOthers(_ axes: [Int]) -> Tensor {
    let rest = shape.indices.filter { !axes.contains($0) }
    let order = rest + axes
    let moved = reordered(order)
    let flat = moved.viewed(
      as: Shape([Shape(rest.map { shape[$0] }).elementCount, count(along: axes)]))
    var back = order
    for (place, axis) in order.enumerated() { back[axis] = place }
    return flat.productOfOthersInRows().viewed(as: moved.shape).reordered(back)
  }

  /// Halves of rows are multiplied with each other until one column is left; on the way back
  /// each half gets what the other half and the rest multiply to. Linear in the elements.
  private func productOfOthersInRows() -> Tensor {
    let count = shape[1]
    if count < 2 { return Tensor.scalar(.integer(1), dtype).filling(shape) }
    let half = count / 2
    func columns(_ start: Int, _ count: Int, of tensor: Tensor) -> Tensor {
      tensor.sliced(axis: 1, AxisSlice(start: start, step: 1, count: count))
    }
    func joined(_ parts: [Tensor]) -> Tensor {
      .make(.concatenate(axis: 1), parts, shape: shape.with(parts), dtype: dtype)
    }
    let (a, b) = (columns(0, half, of: self), columns(half, half, of: self))
    if count == 2 { return joined([b, a]) }
    if count % 2 == 0 {
      let others = (a * b).productOfOthersInRows()
      return joined([others * b, others * a])
    }
    let others = joined([a * b, columns(count - 1, 1, of: self)]).productOfOthersInRows()
    let pairs = columns(0, half, of: others)
    return joined([pairs * b, pairs * a, columns(half, 1, of: others)])
  }

  /// One value in every place of a shape.
  func filling(_ shape: Shape) -> Tensor {
    .make(.expand, self, shape: shape, dtype: dtype)
  }
}

extension Shape {
  /// The rows of this matrix's shape and the columns of all parts.
  fileprivate func with(_ parts: [Tensor]) -> Shape {
    Shape([self[0], parts.reduce(0) { $0 + $1.shape[1] }])
  }
}
