extension Tensor {
  /// A diagonal of each matrix that two axes make: `torch.diagonal`.
  ///
  /// - Parameters:
  ///   - offset: 0 for the main diagonal, above it if positive, below if negative.
  ///   - first: the axis of the rows, counted from the end if negative.
  ///   - second: the axis of the columns.
  /// - Returns: the shape without the two axes, and one for the diagonal at the end.
  /// - Gradient: `g` on the diagonal, 0 elsewhere.
  /// - Error: axes that are not there, or are one.
  public func diagonal(offset: Int = 0, _ first: Int = 0, _ second: Int = 1) -> Tensor {
    switch plane("diagonal", first, second) {
    case .failure(let error): return Tensor(error: error)
    case .success(let (rows, columns)):
      let others = shape.indices.filter { $0 != rows && $0 != columns }
      let matrices = reordered(others + [rows, columns])
      let (m, n) = (shape[rows], shape[columns])
      let count = Tensor.diagonalLength(m, n, offset)
      let start = offset >= 0 ? Swift.min(offset, n) : -Swift.max(offset, -m) * n
      let sizes = others.map { shape[$0] }
      // Neighbours on a diagonal are a row and one place apart.
      let flat = matrices.viewed(as: Shape(sizes + [m * n]))
      if count == 0 { return flat.sliced(axis: sizes.count, from: 0, count: 0) }
      return flat.sliced(
        axis: sizes.count, AxisSlice(start: start, step: n + 1, count: count))
    }
  }

  /// Matrices with the elements of the last axis on a diagonal, zero elsewhere: `torch.diag_embed`.
  ///
  /// - Parameters:
  ///   - offset: 0 for the main diagonal, above it if positive, below if negative.
  ///   - first: which axis of the result the rows become, counted from the end if negative.
  ///   - second: which one the columns become.
  /// - Returns: one axis more than `self`; matrices are as large as the diagonal needs.
  /// - Gradient: the diagonal of `g`.
  /// - Error: a single number; axes that are not there, or are one.
  public func diagEmbed(offset: Int = 0, _ first: Int = -2, _ second: Int = -1) -> Tensor {
    if node.failure != nil { return self }
    guard rank >= 1 else {
      return Tensor(
        error: TensorError(
          "diagEmbed", "a single number is no diagonal", operands: [("input", signature)],
          help: "write unsqueezed(axis: 0)"))
    }
    let count = shape[rank - 1]
    let (size, overflows) = count.addingReportingOverflow(
      Int(clamping: offset.magnitude))
    let sizes = Array(shape.sizes.dropLast()) + [overflows ? Int.max : size, overflows ? 1 : size]
    if let error = TensorError.badShape("diagEmbed", sizes, operands: [("input", signature)]) {
      return Tensor(error: error)
    }
    let square = Shape(sizes)
    switch Tensor.filled(.integer(0), square, dtype).plane("diagEmbed", first, second) {
    case .failure(let error): return Tensor(error: error)
    case .success(let (rows, columns)):
      var slices = Array(square.dropLast(2)).map { AxisSlice(all: $0) }
      let start = offset >= 0 ? offset : -offset * size
      slices.append(AxisSlice(start: start, step: size + 1, count: count))
      let flat = Shape(Array(square.sizes.dropLast(2)) + [size * size])
      let matrices =
        count == 0
        ? Tensor.filled(.integer(0), square, dtype)
        : padded(slices, in: flat, fill: .integer(0)).viewed(as: square)
      // From the end to where they belong.
      var order = Array(0..<rank - 1)
      for (axis, source) in [(rows, rank - 1), (columns, rank)].sorted(by: { $0.0 < $1.0 }) {
        order.insert(source, at: axis)
      }
      return matrices.reordered(order)
    }
  }

  /// The diagonal of a matrix, or the matrix with a vector on its diagonal: `torch.diag`.
  ///
  /// - Parameter offset: 0 for the main diagonal, above it if positive, below if negative.
  /// - Returns: one axis for a matrix, two for a vector, in the dtype of `self`.
  /// - Gradient: `g` on the diagonal, or the diagonal of `g`.
  /// - Error: a tensor that is neither.
  public func diag(_ offset: Int = 0) -> Tensor {
    if node.failure != nil { return self }
    switch rank {
    case 1: return diagEmbed(offset: offset).named("diag")
    case 2: return diagonal(offset: offset).named("diag")
    default:
      return Tensor(
        error: TensorError(
          "diag", "takes a vector or a matrix, not a tensor of rank \(rank)",
          operands: [("input", signature)],
          help: "write diagonal(offset:_:_:) or diagEmbed(offset:_:_:) for batches"))
    }
  }

  /// This tensor with another on a diagonal: `torch.diagonal_scatter`.
  ///
  /// - Parameters:
  ///   - values: of the shape of `diagonal(offset:_:_:)`, in the dtype of `self`.
  ///   - offset: 0 for the main diagonal, above it if positive, below if negative.
  ///   - first: the axis of the rows, counted from the end if negative.
  ///   - second: the axis of the columns.
  /// - Returns: the shape and dtype of `self`.
  /// - Gradient: `g`, 0 on the diagonal; for the values the diagonal of `g`.
  /// - Error: axes that are not there, or are one; values of another shape or dtype.
  public func diagonalScatter(
    _ values: Tensor, offset: Int = 0, _ first: Int = 0, _ second: Int = 1
  ) -> Tensor {
    if let failed = Tensor.failed(self, values) { return failed }
    let positions = Tensor.arange(elementCount, device: device).viewed(as: shape)
    let places = positions.diagonal(offset: offset, first, second).named("diagonalScatter")
    if places.node.failure != nil { return places }
    guard values.shape == places.shape, values.dtype == dtype else {
      return Tensor(
        error: TensorError(
          "diagonalScatter", "the diagonal is \(dtype)\(places.shape)",
          operands: [("input", signature), ("values", values.signature)],
          help: "give values of that shape and dtype"))
    }
    return put(places, values)
  }

  /// The places on and below a diagonal, row by row: `torch.tril_indices`.
  ///
  /// - Parameters:
  ///   - rows: of the matrix.
  ///   - columns: of the matrix.
  ///   - diagonal: the last diagonal that counts: 0 is the main one, 1 the one above it.
  /// - Returns: int64 `[2, count]`, the rows and the columns.
  /// - Error: negative sizes; matrices that memory does not hold.
  public static func trilIndices(_ rows: Int, _ columns: Int, diagonal: Int = 0) -> Tensor {
    triangleIndices("trilIndices", rows, columns) { $0.tril(diagonal: diagonal) }
  }

  /// The places on and above a diagonal, row by row: `torch.triu_indices`.
  ///
  /// - Parameters:
  ///   - rows: of the matrix.
  ///   - columns: of the matrix.
  ///   - diagonal: the first diagonal that counts: 0 is the main one, 1 the one above it.
  /// - Returns: int64 `[2, count]`, the rows and the columns.
  /// - Error: negative sizes; matrices that memory does not hold.
  public static func triuIndices(_ rows: Int, _ columns: Int, diagonal: Int = 0) -> Tensor {
    triangleIndices("triuIndices", rows, columns) { $0.triu(diagonal: diagonal) }
  }

  private static func triangleIndices(
    _ name: String, _ rows: Int, _ columns: Int, _ triangle: (Tensor) -> Tensor
  ) -> Tensor {
    if let error = TensorError.badShape(name, [rows, columns]) { return Tensor(error: error) }
    let ones = Tensor.filled(.integer(1), [rows, columns], .uint8)
    return triangle(ones).nonzero().transposed().named(name)
  }

  private func plane(
    _ name: String, _ first: Int, _ second: Int
  ) -> Result<(Int, Int), TensorError> {
    if let error { return .failure(error) }
    guard let rows = shape.resolve(axis: first) else {
      return .failure(.axis(name, first, of: self))
    }
    guard let columns = shape.resolve(axis: second) else {
      return .failure(.axis(name, second, of: self))
    }
    if rows == columns {
      return .failure(
        TensorError(
          name, "rows and columns are both axis \(rows)", operands: [("input", signature)],
          help: "name two axes"))
    }
    return .success((rows, columns))
  }

  private static func diagonalLength(_ m: Int, _ n: Int, _ offset: Int) -> Int {
    offset >= 0
      ? Swift.min(m, n - Swift.min(offset, n)) : Swift.min(m + Swift.max(offset, -m), n)
  }
}
