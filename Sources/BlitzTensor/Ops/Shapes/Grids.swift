/// Vectors as the axes of a grid: each gets the shape of the whole: `torch.meshgrid`.
///
///     let (y, x) = ... meshGrid([ys, xs])    // y[i, j] = ys[i], x[i, j] = xs[j]
///
/// - Parameters:
///   - vectors: of one axis, or single numbers.
///   - rowsFirst: whether the first vector runs along the first axis (`indexing="ij"`); if not,
///     along the second, as the x of a picture (`indexing="xy"`).
/// - Returns: one tensor for each vector, in its dtype.
/// - Gradient: the sum of `g` along the other axes.
/// - Error: tensors with more axes; a grid that memory does not hold.
public func meshGrid(_ vectors: [Tensor], rowsFirst: Bool = true) -> [Tensor] {
  if let failed = vectors.first(where: { $0.error != nil }) { return vectors.map { _ in failed } }
  func failed(_ error: TensorError) -> [Tensor] { vectors.map { _ in Tensor(error: error) } }
  if let wrong = vectors.first(where: { $0.rank > 1 }) {
    return failed(
      TensorError(
        "meshGrid", "takes vectors, not a tensor of rank \(wrong.rank)",
        operands: [("vector", wrong.signature)], help: "write flattened()"))
  }
  let sizes = vectors.map(\.elementCount)
  if let error = TensorError.badShape("meshGrid", sizes) { return failed(error) }
  return vectors.enumerated().map { axis, vector in
    var column = [Int](repeating: 1, count: sizes.count)
    column[axis] = sizes[axis]
    let grid = vector.viewed(as: Shape(column)).broadcastCopy(to: Shape(sizes))
    return rowsFirst || sizes.count < 2 ? grid : grid.transposed(0, 1)
  }
}

/// All rows of one element of each vector: `torch.cartesian_prod`.
///
/// - Parameter vectors: of one axis and one dtype.
/// - Returns: `[rows, vectors]`; the vector itself if there is one.
/// - Gradient: the sum of `g` over the rows in which an element is.
/// - Error: tensors with more axes; more rows than memory holds.
public func cartesianProduct(_ vectors: [Tensor]) -> Tensor {
  if vectors.count == 1 { return vectors[0] }
  let grids = meshGrid(vectors)
  return stack(grids.map { $0.flattened() }, axis: 1).named("cartesianProduct")
}

/// Matrices one behind the other on a diagonal, zero elsewhere: `torch.block_diag`.
///
/// - Parameter blocks: matrices in one dtype; a vector is a row, a number a matrix of one.
/// - Returns: `[sum of rows, sum of columns]`.
/// - Gradient: each block of `g`.
/// - Error: tensors with more axes.
public func blockDiagonal(_ blocks: [Tensor]) -> Tensor {
  if let failed = blocks.first(where: { $0.error != nil }) { return failed }
  if let wrong = blocks.first(where: { $0.rank > 2 }) {
    return Tensor(
      error: TensorError(
        "blockDiagonal", "takes matrices, not a tensor of rank \(wrong.rank)",
        operands: [("block", wrong.signature)], help: "give the matrices of a batch one by one"))
  }
  let matrices = blocks.map { $0.rank == 2 ? $0 : $0.viewed(as: [1, $0.elementCount]) }
  let width = matrices.reduce(0) { $0 + $1.shape[1] }
  var before = 0
  let rows = matrices.map { matrix in
    let after = width - before - matrix.shape[1]
    defer { before += matrix.shape[1] }
    return matrix.padded([(0, 0), (before, after)])
  }
  return concatenate(rows).named("blockDiagonal")
}

extension Tensor {
  /// All rows of several elements of a vector, in its order: `torch.combinations`.
  ///
  /// - Parameters:
  ///   - count: how many elements a row has.
  ///   - repeating: whether an element may be in a row several times.
  /// - Returns: `[rows, count]` in the dtype of `self`.
  /// - Gradient: the sum of `g` over the places where an element is.
  /// - Error: a tensor that has not one axis, a negative count; more rows than memory holds.
  public func combinations(_ count: Int = 2, repeating: Bool = false) -> Tensor {
    if node.failure != nil { return self }
    guard rank == 1, count >= 0, count <= Shape.maximumRank else {
      return Tensor(
        error: TensorError(
          "combinations", "takes rows of 0 to \(Shape.maximumRank) elements of a vector",
          operands: [("input", signature), ("count", "\(count)")],
          help: "flattened() makes a vector"))
    }
    if count == 0 { return sliced(axis: 0, from: 0, count: 0) }
    let places = Tensor.arange(elementCount, device: device)
    let grids = meshGrid([Tensor](repeating: places, count: count))
    var isChosen: Tensor?
    for (earlier, later) in zip(grids, grids.dropFirst()) {
      let isInOrder = repeating ? earlier .<= later : earlier .< later
      isChosen = isChosen.map { $0 .& isInOrder } ?? isInOrder
    }
    let rows = stack(grids.map { $0.flattened() }, axis: 1)
    let chosen = isChosen.map { rows[$0.flattened()] } ?? rows
    return self[chosen].named("combinations")
  }

  /// Places in an array of a shape from positions in its memory: `torch.unravel_index`.
  ///
  /// - Parameter shape: that of the array.
  /// - Returns: int64 tensors in the shape of `self`, one for each axis.
  /// - Gradient: none.
  /// - Error: a dtype that is not whole, sizes that no tensor has; positions are not checked.
  public func unraveled(in shape: Shape) -> [Tensor] {
    let failure =
      error ?? TensorError.badShape("unraveled", shape.sizes)
      ?? domainError("unraveled", .integerOrBool)
      ?? (shape.contains(0)
        ? TensorError("unraveled", "an array of shape \(shape) has no places") : nil)
    if let failure { return shape.map { _ in Tensor(error: failure) } }
    let positions = cast(to: .int64)
    return zip(shape.sizes, shape.strides).map { size, stride in
      positions.floorDivided(by: Tensor(stride)) % size
    }
  }
}
