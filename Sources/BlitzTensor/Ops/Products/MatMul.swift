extension Rule {
  static let matmul = Rule(
    name: "matmul", .product, saves: .inputs,
    samples: [
      Sample("matmul", tolerance: Sample.sumTolerance, .normal([64, 64])) {
        $0[0].matmul($0[1])
      },
      Sample("matmul of batches", tolerance: Sample.sumTolerance, .normal([3, 20, 20])) {
        $0[0].matmul($0[1].transposed(1, 2))
      },
    ], lowering: .matmul
  ) { step in
    let (a, b, g) = (step.inputs[0], step.inputs[1], step.gradient)
    // Of a transpose the transposed gradient is computed, so that what was transposed gets its
    // own as the product writes it.
    func product(_ left: Tensor, _ right: Tensor, for operand: Tensor) -> Tensor {
      guard operand.isTranspose else { return .product(of: left, right) }
      return Tensor.product(of: right.withLastAxesSwapped(), left.withLastAxesSwapped())
        .withLastAxesSwapped()
    }
    return [
      step.wants(0) ? product(g, b.withLastAxesSwapped(), for: a) : nil,
      step.wants(1) ? product(a.withLastAxesSwapped(), g, for: b) : nil,
    ]
  }
}

extension Lowering {
  /// One product, which reads an operand that is a transpose, or has its axes in any other order,
  /// as it lies in memory.
  fileprivate static let matmul = Lowering.text { text, operation in
    let rank = operation.shape.rank
    let zero = text.constant(.integer(0), operation.shape, operation.dtype)
    if operation.inputs[0].shape.elementCount == 0 { return zero }
    func unordered(_ value: ProgramText.Value) -> (ProgramText.Value, [Int]) {
      if case .permuted(let source, let axes)? = value.source { return (source, axes) }
      return (value, Array(0..<rank))
    }
    let (a, axesA) = unordered(operation.inputs[0])
    let (b, axesB) = unordered(operation.inputs[1])
    let batch =
      rank > 2
      ? "batching_dims = \(axesA.dropLast(2).map(\.self)) x \(axesB.dropLast(2).map(\.self)), " : ""
    let precision =
      text.isExact(operation.dtype) ? ", precision = [HIGHEST, HIGHEST]" : ""
    return text.emit(
      """
      stablehlo.dot_general \(a), \(b), \(batch)contracting_dims = [\(axesA[rank - 1])] x \
      [\(axesB[rank - 2])]\(precision) : \(text.signature([a, b], operation.type))
      """, operation.shape, operation.dtype)
  }
}

extension ProgramText {
  /// Whether products of a dtype have to say that they are not to be computed with fewer bits.
  func isExact(_ dtype: DType) -> Bool { dtype == .float32 && !allowsTF32 }
}

extension Tensor {
  /// The matrix product: `torch.matmul`.
  ///
  ///     y[..., i, j] = sum over k of left[..., i, k] * right[..., k, j]
  ///
  /// A vector on the left is a row, one on the right a column, whose axis the result does not
  /// have. Axes in front of the last two count matrices, and broadcast.
  ///
  /// - Parameter right: `[..., k, n]` or `[k]`.
  /// - Returns: of `[..., m, k]` and `[..., k, n]` the shape `[..., m, n]`, in the operands'
  ///   dtype; integers wrap around.
  /// - Gradient: `g.matmul(rightᵀ)` and `leftᵀ.matmul(g)`, summed over the axes that were
  ///   broadcast.
  /// - Error: a scalar, inner axes or dtypes that differ, batches that do not
  ///   broadcast, bool.
  public func matmul(_ right: Tensor) -> Tensor {
    if let failed = Tensor.failed(self, right) { return failed }
    if Autocast.isOn {
      let (left, right) = (downcast, right.downcast)
      return Autocast.off { left.matmul(right) }
    }
    if let error = matmulError(right) { return Tensor(error: error) }
    if rank == 1 || right.rank == 1 {
      let a = rank == 1 ? viewed(as: [1, elementCount]) : self
      let b = right.rank == 1 ? right.viewed(as: [right.elementCount, 1]) : right
      let product = a.matmul(b)
      if product.error != nil { return product }
      var sizes = product.shape.sizes
      if right.rank == 1 { sizes.removeLast() }
      if rank == 1 { sizes.remove(at: product.rank - 2) }
      return product.viewed(as: Shape(sizes))
    }
    // Two matrices, as most are, have no batches to compare; these cannot be too large either.
    if rank == 2, right.rank == 2, Swift.max(shape[0], right.shape[1]) < 1 << 27 {
      return .product(of: self, right)
    }
    let (batchA, batchB) = (Shape(shape.dropLast(2)), Shape(right.shape.dropLast(2)))
    guard let batch = Shape.broadcast(batchA, batchB) else {
      return Tensor(
        error: TensorError(
          "matmul", "the batches do not broadcast: left has \(batchA), right has \(batchB)",
          operands: [("left", signature), ("right", right.signature)],
          help: "the axes in front of the last two must be equal, or 1 on one side"))
    }
    let (m, k, n) = (shape[rank - 2], shape[rank - 1], right.shape[right.rank - 1])
    let result = Shape(batch + [m, n])
    if result.checkedElementCount == nil {
      return Tensor(error: .tooLarge("matmul", result, [("left", self), ("right", right)]))
    }
    // Many matrices times one are one tall matrix times it, unless making it tall means to
    // copy them.
    if batchB.isEmpty && !batchA.isEmpty && !isReordered {
      let tall = viewed(as: [batch.elementCount * m, k])
      return Tensor.product(of: tall, right).viewed(as: result)
    }
    return .product(
      of: broadcast(to: Shape(batch + [m, k])), right.broadcast(to: Shape(batch + [k, n])))
  }

  /// The dot product of two vectors: `torch.dot`.
  ///
  /// - Parameter right: as long as this vector.
  /// - Returns: a scalar in the operands' dtype.
  /// - Gradient: `g * right` and `g * left`.
  /// - Error: an operand that is not a vector, lengths or dtypes that differ, bool.
  public func dot(_ right: Tensor) -> Tensor {
    if let failed = vectorsFailed("dot", right) { return failed }
    if shape != right.shape {
      return Tensor(
        error: TensorError(
          "dot", "the lengths differ: left has \(shape[0]), right has \(right.shape[0])",
          operands: [("left", signature), ("right", right.signature)],
          help: "take as many elements of both, or use outer(_:) for all products"))
    }
    return matmul(right)
  }

  /// The dot product of the conjugates of one vector with another: `torch.vdot`.
  ///
  /// - Parameter right: as long as this vector.
  /// - Returns: a scalar in the operands' dtype; of real numbers ``dot(_:)``.
  /// - Gradient: `conj(g) * right` and `g * left`.
  /// - Error: an operand that is not a vector, lengths or dtypes that differ, bool.
  public func vdot(_ right: Tensor) -> Tensor { conj().dot(right).named("vdot") }

  /// The products of each element of one vector with each of another: `torch.outer`.
  ///
  ///     y[i, j] = left[i] * right[j]
  ///
  /// - Returns: of `[m]` and `[n]` the shape `[m, n]`, in the operands' dtype.
  /// - Gradient: `g.matmul(right)` and `left.matmul(g)`.
  /// - Error: an operand that is not a vector, dtypes that differ, bool.
  public func outer(_ right: Tensor) -> Tensor {
    if let failed = vectorsFailed("outer", right) { return failed }
    return viewed(as: [elementCount, 1]) * right.viewed(as: [1, right.elementCount])
  }

  /// The sum of the elements on the diagonal of a matrix: `torch.trace`.
  ///
  /// - Returns: a scalar; int64 for integers and bool.
  /// - Gradient: `g` on the diagonal, 0 elsewhere.
  /// - Error: a tensor that does not have two axes.
  public func trace() -> Tensor {
    if let rejected = rejected("trace", .any) { return rejected }
    if rank != 2 {
      return Tensor(
        error: TensorError(
          "trace", "takes a matrix, not \(rank) axes", operands: [("input", signature)],
          help: "of a batch of matrices, einsum(\"bii->b\", x)"))
    }
    let count = Swift.min(shape[0], shape[1])
    return viewed(as: [elementCount])
      .sliced(axis: 0, AxisSlice(start: 0, step: shape[1] + 1, count: count)).sum()
  }

  /// The product of `[batch..., m, k]` and `[batch..., k, n]`, which is known to exist.
  static func product(of a: Tensor, _ b: Tensor) -> Tensor {
    if a.dtype == .uint8 || a.dtype == .uint64 {
      // Products know signed numbers; the low bits are the same.
      let wide: DType = a.dtype == .uint8 ? .int32 : .int64
      return product(of: a.cast(to: wide), b.cast(to: wide)).cast(to: a.dtype)
    }
    let (m, n) = (a.shape[a.rank - 2], b.shape[b.rank - 1])
    return .make(
      .matmul, a, b, shape: a.rank == 2 ? Shape(m, n) : Shape(a.shape.dropLast(2) + [m, n]),
      dtype: a.dtype)
  }

  func withLastAxesSwapped() -> Tensor {
    if rank == 2 {
      return .make(.permute([1, 0]), self, shape: Shape(shape[1], shape[0]), dtype: dtype)
    }
    var axes = Array(0..<rank)
    axes.swapAt(rank - 2, rank - 1)
    return reordered(axes)
  }

  /// Whether this is a view of another tensor with its last two axes swapped.
  fileprivate var isTranspose: Bool {
    guard case .permute(let axes) = node.op else { return false }
    return axes[rank - 2] == rank - 1 && axes[rank - 1] == rank - 2
  }

  private var isReordered: Bool {
    if case .permute = node.op { return true }
    return false
  }

  private func matmulError(_ right: Tensor) -> TensorError? {
    // Written only for an error: it would take longer than the rest of the call.
    var operands: [(String, String)] { [("left", signature), ("right", right.signature)] }
    if rank == 0 || right.rank == 0 {
      return TensorError(
        "matmul", "takes vectors and matrices, not a single number", operands: operands,
        help: "write left * right to multiply by a number")
    }
    if dtype != right.dtype { return .dtypes("matmul", self, right) }
    if let error = domainError("matmul", .numeric) { return error }
    let (inner, outer) = (shape[rank - 1], right.shape[Swift.max(right.rank - 2, 0)])
    if inner == outer { return nil }
    let transposeFits = right.rank >= 2 && right.shape[right.rank - 1] == inner
    return TensorError(
      "matmul", "the inner axes differ: left has \(inner), right has \(outer)",
      operands: operands,
      help: "shapes are [..., m, k] and [..., k, n]"
        + (transposeFits ? "; did you mean right.transposed()?" : ""))
  }

  private func vectorsFailed(_ name: String, _ right: Tensor) -> Tensor? {
    if let failed = Tensor.failed(self, right) { return failed }
    if rank == 1 && right.rank == 1 {
      if dtype != right.dtype { return Tensor(error: .dtypes(name, self, right)) }
      return domainError(name, .numeric).map { Tensor(error: $0) }
    }
    return Tensor(
      error: TensorError(
        name, "takes two vectors",
        operands: [("left", signature), ("right", right.signature)],
        help: "write flattened() on a tensor with other axes, or matmul(_:) for matrices"))
  }
}
