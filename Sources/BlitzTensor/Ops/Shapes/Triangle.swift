extension Tensor {
  /// The lower triangle of each matrix, zero above the diagonal.
  ///
  /// - Parameter diagonal: the last diagonal to keep: 0 is the main one, 1 the one above it.
  /// - Returns: the shape and dtype of `self`, `[..., m, n]`.
  /// - Gradient: the lower triangle of `g`.
  /// - Error: fewer than two axes.
  public func tril(diagonal: Int = 0) -> Tensor {
    triangle("tril", diagonal) { row, column in
      .elementwise(.lessEqual, column, row, .numeric, to: .bool)
    }
  }

  /// The upper triangle of each matrix, zero below the diagonal.
  ///
  /// - Parameter diagonal: the first diagonal to keep: 0 is the main one, 1 the one above it.
  /// - Returns: the shape and dtype of `self`, `[..., m, n]`.
  /// - Gradient: the upper triangle of `g`.
  /// - Error: fewer than two axes.
  public func triu(diagonal: Int = 0) -> Tensor {
    triangle("triu", diagonal) { row, column in
      .elementwise(.greaterEqual, column, row, .numeric, to: .bool)
    }
  }

  /// Keeps the elements where `keeps(row + diagonal, column)`.
  private func triangle(
    _ op: String, _ diagonal: Int, keeps: (Tensor, Tensor) -> Tensor
  ) -> Tensor {
    if node.failure != nil { return self }
    guard rank >= 2 else {
      return Tensor(
        error: TensorError(
          op, "takes a matrix or a batch of them, not a tensor of rank \(rank)",
          operands: [("input", signature)], help: "add an axis with unsqueezed(axis:) first"))
    }
    let (m, n) = (shape[rank - 2], shape[rank - 1])
    // Diagonals farther out than the corners are all the same.
    let offset = Swift.min(Swift.max(diagonal, -m), n)
    let row = Tensor.arange(offset, offset + m, device: device).viewed(as: [m, 1])
    let mask = keeps(row, Tensor.arange(n, device: device))
    if mask.node.failure != nil { return mask }
    return .make(
      .elementwise(.select), [mask.broadcast(to: shape), self, .scalar(.integer(0), dtype)],
      shape: shape, dtype: dtype
    ).contiguous()
  }
}
