extension Tensor {
  /// How rows vary together: `torch.cov`.
  ///
  ///     y[i, j] = sum over k of w[k] * (x[i, k] - mean(x[i])) * (x[j, k] - mean(x[j])) / n
  ///
  /// n is the sum of the weights minus `correction`, which weights of importance change as NumPy
  /// does.
  ///
  /// - Parameters:
  ///   - correction: 1 for the estimate from a sample (Bessel's).
  ///   - counts: how often each column was seen, int64 or int32, one axis.
  ///   - weights: how important each column is, one axis in the dtype of `self`.
  /// - Returns: `[rows, rows]` in the dtype of `self`; a single number if `self` is one row.
  /// - Gradient: that of the formula.
  /// - Error: more than two axes; weights that do not fit; when
  ///   evaluated on the processor, a weight below 0.
  public func cov(
    correction: Int = 1, counts: Tensor? = nil, weights: Tensor? = nil
  ) -> Tensor {
    if let floats = wholeAsFloats {
      return floats.cov(correction: correction, counts: counts, weights: weights)
    }
    if let rejected = rejected("cov", .floating) { return rejected }
    if let failed = [counts, weights].compactMap(\.self).first(where: { $0.node.failure != nil }) {
      return failed
    }
    guard rank <= 2 else {
      return Tensor(
        error: TensorError(
          "cov", "takes rows of observations, not \(rank) axes", operands: [("input", signature)],
          help: "write x[i], or flattened(from: 1)"))
    }
    let x = rank == 2 ? self : viewed(as: [1, elementCount])
    let columns = x.shape[1]
    for (role, given) in [("counts", counts), ("weights", weights)] {
      if let given, given.shape != [columns] {
        return Tensor(
          error: TensorError(
            "cov", "there is not one number for each column",
            operands: [("input", signature), (role, given.signature)],
            help: "give \(columns) \(role)"))
      }
    }
    if let counts, !counts.dtype.isInteger {
      return Tensor(
        error: TensorError(
          "cov", "the counts are \(counts.dtype)",
          operands: [("input", signature), ("counts", counts.signature)],
          help: "counts are whole numbers; pass others as weights:"))
    }
    var both: Tensor?
    if let counts { both = counts.refusingNegative("cov", "count").cast(to: dtype) }
    if let weights {
      let weights = weights.refusingNegative("cov", "weight")
      both = both.map { $0 * weights } ?? weights
    }
    let total = both?.sum() ?? .filled(.integer(columns), [], dtype)
    let mean = (both.map { x * $0 } ?? x).sum(axis: 1, keepDims: true) / total
    var free = total.real - Double(correction)
    if let both, let weights, correction != 0 {
      free = (total - (both * weights).sum() / total * Double(correction)).real
    }
    let apart = x - mean
    let products = apart.matmul((both.map { apart * $0 } ?? apart).adjoint())
    let y = (products / free.maximum(0)).named("cov")
    return y.elementCount == 1 ? y.viewed(as: []) : y
  }

  /// How rows vary together for their own variation, from -1 to 1: `torch.corrcoef`.
  ///
  ///     y[i, j] = cov[i, j] / sqrt(cov[i, i] * cov[j, j])
  ///
  /// - Returns: `[rows, rows]` in the dtype of `self`; a single number if `self` is one row.
  /// - Gradient: that of the formula.
  /// - Error: more than two axes.
  public func corrcoef() -> Tensor {
    if let floats = wholeAsFloats { return floats.corrcoef() }
    let c = cov().named("corrcoef")
    if c.node.failure != nil { return c }
    if c.rank == 0 { return c / c }
    let deviation = c.diagonal().sqrt()
    let ratio = c / deviation.unsqueezed(axis: 1) / deviation
    // Rounding may lead beyond.
    guard ratio.dtype.isComplex else { return ratio.clamp(min: -1, max: 1) }
    return .ofParts(ratio.real.clamp(min: -1, max: 1), ratio.imag.clamp(min: -1, max: 1))
  }

  /// The sum of the elements along axes that are not NaN: `torch.nansum`.
  ///
  /// - Parameters:
  ///   - axes: negative ones count from the end; none at all mean all of them.
  ///   - keepDims: whether the axes stay, with size 1.
  /// - Returns: the shape without these axes, in the dtype of `sum(axes:keepDims:)`.
  /// - Gradient: `g` for the elements that are not NaN, 0 for the others.
  /// - Error: an axis that is not there or is named twice.
  public func nansum(axes: [Int] = [], keepDims: Bool = false) -> Tensor {
    if node.failure != nil { return self }
    let x = dtype.hasGradients ? Tensor.where(isNaN(), 0, self) : self
    return x.sum(axes: axes, keepDims: keepDims).named("nansum")
  }

  /// The mean of the elements along axes that are not NaN: `torch.nanmean`.
  ///
  /// - Parameters:
  ///   - axes: negative ones count from the end; none at all mean all of them.
  ///   - keepDims: whether the axes stay, with size 1.
  /// - Returns: the shape without these axes, in the dtype of `self`; NaN where all elements are.
  /// - Gradient: `g / count` for the elements that are not NaN, 0 for the others.
  /// - Error: an axis that is not there or is named twice, a dtype that is not floating.
  public func nanmean(axes: [Int] = [], keepDims: Bool = false) -> Tensor {
    if let rejected = rejected("nanmean", .floating) { return rejected }
    let sum = nansum(axes: axes, keepDims: keepDims)
    let count = (.!isNaN()).sum(axes: axes, keepDims: keepDims)
    return (sum / count.cast(to: sum.dtype)).named("nanmean")
  }

  /// How many elements along axes are not zero (or are true): `torch.count_nonzero`.
  ///
  /// - Parameter axes: negative ones count from the end; none at all mean all of them.
  /// - Returns: int64 in the shape without these axes. NaN is not zero.
  /// - Gradient: none.
  /// - Error: an axis that is not there or is named twice.
  public func countNonzero(axes: [Int] = []) -> Tensor {
    if node.failure != nil { return self }
    return cast(to: .bool).sum(axes: axes).named("countNonzero")
  }
}
