/// Checks that composites make before they use other ops, so that an error names the word
/// that the user wrote.
extension Tensor {
  /// This tensor if it carries an error, or one that says that its dtype does not suit an op;
  /// nil if the op can go on.
  @inline(never)
  func rejected(_ name: String, _ domain: Domain) -> Tensor? {
    if node.failure != nil { return self }
    return domainError(name, domain).map { Tensor(error: $0) }
  }

  /// This tensor; if it carries an error, one that says the same of the function that the user
  /// called, which is made of others. None of its operands carried one.
  @inline(never)
  package func named(_ op: String) -> Tensor {
    guard let error, error.op != op else { return self }
    return Tensor(
      error: TensorError(op, error.rule, operands: error.operands, help: error.help))
  }

  /// The axes that an op works along, counted from the start and ascending, or a tensor that
  /// says what is wrong with them. No axes at all mean all of them; the axis 0 of a single number
  /// is none.
  func resolved(_ name: String, axes: [Int]) -> Resolved {
    if axes.isEmpty { return .axes(Array(0..<rank)) }
    var result: [Int] = []
    for axis in axes where !isSole(axis) {
      guard let resolved = shape.resolve(axis: axis) else {
        return .rejected(Tensor(error: .axis(name, axis, of: self)))
      }
      if result.contains(resolved) {
        return .rejected(
          Tensor(
            error: TensorError(
              name, "axis \(axis) is named twice", operands: [("input", signature)],
              help: "axes are \(axes); name each of them once")))
      }
      result.append(resolved)
    }
    return .axes(result.sorted())
  }

  /// Whether an axis is the one along which PyTorch counts a single number.
  func isSole(_ axis: Int) -> Bool { rank == 0 && (axis == 0 || axis == -1) }

  /// An op along the axis of a single number; nil for other tensors and axes.
  func alongSole(_ axis: Int, _ op: (Tensor) -> Tensor) -> Tensor? {
    isSole(axis) && node.failure == nil ? op(viewed(as: [1])).viewed(as: []) : nil
  }

  /// Axes, or the tensor that carries an error about them.
  enum Resolved {
    case axes([Int])
    case rejected(Tensor)
  }

  /// The axes in another order, which is known to be one.
  func reordered(_ axes: [Int]) -> Tensor {
    if axes == Array(0..<rank) { return self }
    return .make(.permute(axes), self, shape: Shape(axes.map { shape[$0] }), dtype: dtype)
  }

  /// The elements at places that are known to be there.
  func sliced(axis: Int, _ slice: AxisSlice) -> Tensor {
    var slices = shape.map { AxisSlice(start: 0, step: 1, count: $0) }
    slices[axis] = slice
    return .make(
      .slice(slices), [self], shape: Shape(slices.map(\.count)), dtype: dtype)
  }

  /// The elements in another dtype.
  func converted(to dtype: DType) -> Tensor {
    if self.dtype == dtype { return self }
    return .make(.elementwise(.cast), self, shape: shape, dtype: dtype)
  }
}

extension Shape {
  /// The shape with the sizes of some axes (ascending) replaced by 1, or without these axes.
  func reduced(_ axes: [Int], keepDims: Bool) -> Shape {
    var sizes: [Int] = []
    for axis in indices {
      if !axes.contains(axis) {
        sizes.append(self[axis])
      } else if keepDims {
        sizes.append(1)
      }
    }
    return Shape(sizes)
  }
}

extension TensorError {
  /// An axis that a tensor does not have.
  package static func axis(_ op: String, _ axis: Int, of tensor: Tensor) -> TensorError {
    let help =
      switch tensor.rank {
      case 0: "a single number has no axes"
      case 1: "the only axis is 0, or -1 from the end"
      default: "axes are 0 to \(tensor.rank - 1), or -1 to -\(tensor.rank) from the end"
      }
    return TensorError(
      op, "there is no axis \(axis)", operands: [("input", tensor.signature)], help: help)
  }
}
