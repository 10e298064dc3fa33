extension Tensor {
  /// The sums of products along the last axis of both: `torch.inner`.
  ///
  /// - Parameter other: with a last axis of the same size; a single number multiplies.
  /// - Returns: the other axes of `self`, then those of `other`, in the operands' dtype.
  /// - Gradient: that of the products.
  /// - Error: sizes or dtypes that differ.
  public func inner(_ other: Tensor) -> Tensor {
    if let failed = Tensor.failed(self, other) { return failed }
    if rank == 0 || other.rank == 0 { return (self * other).named("inner") }
    return tensorDot(other, axes: [-1], [-1]).named("inner")
  }

  /// The sums of products along the last axes of `self` and the first of another:
  /// `torch.tensordot`.
  ///
  /// - Parameters:
  ///   - other: its first axes have the sizes of the last ones of `self`.
  ///   - axes: how many.
  /// - Returns: the other axes of `self`, then those of `other`, in the operands' dtype.
  /// - Gradient: that of the products.
  /// - Error: fewer axes, sizes or dtypes that differ.
  public func tensorDot(_ other: Tensor, axes: Int = 2) -> Tensor {
    if let failed = Tensor.failed(self, other) { return failed }
    guard axes >= 0, axes <= Swift.min(rank, other.rank) else {
      return Tensor(
        error: TensorError(
          "tensorDot", "there are not \(axes) axes to sum along",
          operands: [("left", signature), ("right", other.signature)],
          help: "give 0 to \(Swift.min(rank, other.rank))"))
    }
    return tensorDot(other, axes: Array((rank - axes)..<rank), Array(0..<axes))
  }

  /// The sums of products along pairs of axes: `torch.tensordot`.
  ///
  /// - Parameters:
  ///   - other: what `self` is multiplied with.
  ///   - left: axes of `self`, counted from the end if negative.
  ///   - right: as many axes of `other`, of the same sizes.
  /// - Returns: the other axes of `self`, then those of `other`, in the operands' dtype.
  /// - Gradient: that of the products.
  /// - Error: axes that are not there or named twice, numbers, sizes or dtypes that differ.
  public func tensorDot(_ other: Tensor, axes left: [Int], _ right: [Int]) -> Tensor {
    let name = "tensorDot"
    if let failed = Tensor.failed(self, other) { return failed }
    for axis in left where shape.resolve(axis: axis) == nil {
      return Tensor(error: .axis(name, axis, of: self))
    }
    for axis in right where other.shape.resolve(axis: axis) == nil {
      return Tensor(error: .axis(name, axis, of: other))
    }
    let (a, b) = (
      left.compactMap { shape.resolve(axis: $0) },
      right.compactMap { other.shape.resolve(axis: $0) }
    )
    let sizes = a.map { shape[$0] }
    guard a.count == b.count, Set(a).count == a.count, Set(b).count == b.count,
      sizes == b.map({ other.shape[$0] })
    else {
      return Tensor(
        error: TensorError(
          name, "axes \(left) and \(right) are no pairs of equal sizes",
          operands: [("left", signature), ("right", other.signature)],
          help: "name each axis once"))
    }
    let (rows, columns) = (
      shape.indices.filter { !a.contains($0) }, other.shape.indices.filter { !b.contains($0) }
    )
    let inside = Shape(sizes).elementCount
    let (m, n) = (rows.map { shape[$0] }, columns.map { other.shape[$0] })
    if let error = TensorError.badShape(name, m + n) { return Tensor(error: error) }
    let product = reordered(rows + a).viewed(as: [Shape(m).elementCount, inside])
      .matmul(other.reordered(b + columns).viewed(as: [inside, Shape(n).elementCount]))
    return product.node.failure != nil ? product.named(name) : product.viewed(as: Shape(m + n))
  }

  /// Every element times all of another tensor, as blocks in its place: `torch.kron`.
  ///
  ///     y[i * p + k, j * q + l] = x[i, j] * other[k, l]
  ///
  /// - Parameter other: the block.
  /// - Returns: sizes that are products of both, in the operands' dtype; missing axes count as 1.
  /// - Gradient: that of the products.
  /// - Error: more elements than memory holds.
  public func kron(_ other: Tensor) -> Tensor {
    if let failed = Tensor.failed(self, other) { return failed }
    let count = Swift.max(rank, other.rank)
    let a = [Int](repeating: 1, count: count - rank) + shape.sizes
    let b = [Int](repeating: 1, count: count - other.rank) + other.shape.sizes
    let sizes = zip(a, b).map { $0.multipliedReportingOverflow(by: $1) }
    if let error = TensorError.badShape(
      "kron", sizes.map { $0.overflow ? Int.max : $0.partialValue },
      operands: [("left", signature), ("right", other.signature)])
    {
      return Tensor(error: error)
    }
    guard count <= Shape.maximumRank / 2 else {
      return Tensor(
        error: TensorError(
          "kron", "\(count) axes are too many", operands: [("left", signature)],
          help: "merge axes with flattened(from:to:)"))
    }
    // Axes of both in turn, each of size 1 for the other.
    let left = viewed(as: Shape(a.flatMap { [$0, 1] }))
    let right = other.viewed(as: Shape(b.flatMap { [1, $0] }))
    let product = (left * right).named("kron")
    return product.node.failure != nil
      ? product : product.viewed(as: Shape(sizes.map(\.partialValue)))
  }

  /// The cross products of vectors of three: `torch.linalg.cross`.
  ///
  /// - Parameters:
  ///   - other: of as many axes, broadcast; three elements along the axis.
  ///   - axis: counted from the end if negative.
  /// - Returns: the broadcast shape, in the operands' dtype.
  /// - Gradient: the cross products with `g`.
  /// - Error: other numbers of axes; an axis that has not three elements in both; shapes that do
  ///   not broadcast, dtypes that differ, bool.
  public func cross(_ other: Tensor, axis: Int = -1) -> Tensor {
    if let failed = Tensor.failed(self, other) { return failed }
    guard rank == other.rank else {
      return Tensor(
        error: TensorError(
          "cross", "the operands have \(rank) and \(other.rank) axes",
          operands: [("left", signature), ("right", other.signature)],
          help: "write unsqueezed(axis: 0) on the one with fewer"))
    }
    switch Tensor.paired("cross", self, other, .numeric) {
    case .failure(let error): return Tensor(error: error)
    case .success(let (a, b)):
      guard let along = a.shape.resolve(axis: axis) else {
        return Tensor(error: .axis("cross", axis, of: a))
      }
      // Broadcasting lines axes up at their ends; three coordinates are not broadcast from one.
      let fromEnd = a.rank - along
      let areThree = [self, other].allSatisfy {
        $0.rank >= fromEnd && $0.shape[$0.rank - fromEnd] == 3
      }
      guard a.shape[along] == 3, areThree else {
        return Tensor(
          error: TensorError(
            "cross", "axis \(axis) has size \(a.shape[along]), not 3",
            operands: [("left", signature), ("right", other.signature)],
            help: "name the axis of the three coordinates"))
      }
      func turned(_ x: Tensor, _ places: Int) -> Tensor { x.rolled(by: places, axis: along) }
      return turned(a, -1) * turned(b, -2) - turned(a, -2) * turned(b, -1)
    }
  }

  /// Square matrices to the power of a whole number: `torch.linalg.matrix_power`.
  ///
  /// - Parameter exponent: 0 or more; by squaring, in about 2 log2 products.
  /// - Returns: the shape and dtype of `self`; the identity for 0.
  /// - Gradient: that of the products.
  /// - Error: matrices that are not square; a negative exponent.
  public func matrixPower(_ exponent: Int) -> Tensor {
    if let rejected = rejected("matrixPower", .numeric) { return rejected }
    guard rank >= 2, shape[rank - 1] == shape[rank - 2], exponent >= 0 else {
      return Tensor(
        error: TensorError(
          "matrixPower", "takes square matrices and an exponent of 0 or more, not \(exponent)",
          operands: [("input", signature)], help: "shapes are [..., n, n]"))
    }
    if exponent == 0 {
      return Tensor.eye(shape[rank - 1], dtype: dtype, device: device).broadcastCopy(to: shape)
    }
    var (power, square, left): (Tensor?, Tensor, Int) = (nil, self, exponent)
    while true {
      if left & 1 == 1 { power = power.map { $0.matmul(square) } ?? square }
      left >>= 1
      guard left > 0 else { break }
      square = square.matmul(square)
    }
    return power ?? self
  }
}
