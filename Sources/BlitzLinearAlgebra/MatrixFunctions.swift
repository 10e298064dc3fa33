import BlitzTensor

extension Tensor {
  /// The exponentials of square matrices: `torch.linalg.matrix_exp`.
  ///
  ///     y = 1 + A + A² / 2! + A³ / 3! + ...
  ///
  /// A is halved until its norm is small, and the sum squared as often: at most 40 times.
  ///
  /// - Returns: the shape and dtype of `self`, `[..., n, n]`.
  /// - Gradient: that of the products.
  /// - Error: matrices that are not square, a dtype other than float32 and float64.
  public func matrixExp() -> Tensor {
    if let refused = refusedMatrices("matrixExp", square: true) { return refused }
    if elementCount == 0 { return self }
    let size = detached().abs().sum(axis: -2).max(axis: -1).unsqueezed(axis: -1)
      .unsqueezed(axis: -1)
    // How often a norm is halved to be below what 16 terms are enough for; of one that is no
    // number, never.
    let most = dtype == .float64 ? 0.5 : 2.0
    let isLarge = size.isFinite() .& (size .> most)
    let halvings =
      (isLarge.cast(to: dtype) * ((Tensor.where(isLarge, size, most) / most).log2().floor() + 1))
      .clamp(min: 0, max: 40)
    let x = self * Tensor.full([], 2, dtype: dtype, device: device).pow(-halvings)
    var result = x.exponentialSeries()
    for step in 0..<40 {
      // As many as this norm needs. Other matrices are kept from squares that overflow.
      let isOn = halvings .> Double(step)
      let part = Tensor.where(isOn, result, 0)
      result = Tensor.where(isOn, part.matmul(part), result)
    }
    return result
  }

  /// The first 16 terms of the series, in six products (M. Paterson and L. Stockmeyer, 1973).
  private func exponentialSeries() -> Tensor {
    let one = Tensor.identity(rows, like: self)
    let second = matmul(self)
    let powers = [one, self, second, second.matmul(self)]
    let fourth = second.matmul(second)
    var factorial = 1.0
    let factors = (0..<16).map { term -> Double in
      if term > 0 { factorial *= Double(term) }
      return 1 / factorial
    }
    func block(_ index: Int) -> Tensor {
      let parts = (0..<4).map { powers[$0] * factors[4 * index + $0] }
      return parts[1] + parts[2] + parts[3] + parts[0]
    }
    var sum = block(3)
    for index in [2, 1, 0] { sum = sum.matmul(fourth) + block(index) }
    return sum
  }
}

/// The product of several matrices, in the order that needs the fewest multiplications:
/// `torch.linalg.multi_dot`.
///
/// - Parameter tensors: two matrices or more; the first may be a row and the last a column, as
///   vectors.
/// - Returns: the product, without the axes that vectors lack.
/// - Gradient: that of the products.
/// - Error: fewer than two tensors; sizes or dtypes that do not fit.
public func multiDot(_ tensors: [Tensor]) -> Tensor {
  if let failed = tensors.first(where: { $0.error != nil }) { return failed }
  let inner = tensors.dropFirst().dropLast()
  guard tensors.count >= 2, inner.allSatisfy({ $0.rank == 2 }),
    [tensors[0], tensors[tensors.count - 1]].allSatisfy({ $0.rank == 1 || $0.rank == 2 })
  else {
    return Tensor(
      error: TensorError(
        "multiDot", "takes two matrices or more, of which the first and last may be vectors",
        operands: tensors.enumerated().map { ("tensor \($0)", $1.signature) },
        help: "multiply batches with matmul(_:)"))
  }
  let (isRow, isColumn) = (tensors[0].rank == 1, tensors[tensors.count - 1].rank == 1)
  var matrices = tensors
  if isRow { matrices[0] = matrices[0].unsqueezed(axis: 0) }
  if isColumn { matrices[matrices.count - 1] = matrices[matrices.count - 1].unsqueezed(axis: 1) }
  for (left, right) in zip(matrices, matrices.dropFirst())
  where left.shape[1] != right.shape[0] || left.dtype != right.dtype {
    return left.matmul(right).named("multiDot")
  }
  var product = chain(matrices)
  if isRow { product = product.squeezed(axis: 0) }
  if isColumn { product = product.squeezed(axis: -1) }
  return product
}

/// The product in the cheapest order, by the costs of all spans, the short ones first.
private func chain(_ matrices: [Tensor]) -> Tensor {
  let count = matrices.count
  let sizes = [matrices[0].shape[0]] + matrices.map { $0.shape[1] }
  var costs = Array(repeating: Array(repeating: 0.0, count: count), count: count)
  var splits = Array(repeating: Array(repeating: 0, count: count), count: count)
  for length in 1..<count {
    for first in 0..<count - length {
      let last = first + length
      costs[first][last] = .infinity
      for split in first..<last {
        let cost =
          costs[first][split] + costs[split + 1][last]
          + Double(sizes[first]) * Double(sizes[split + 1]) * Double(sizes[last + 1])
        if cost < costs[first][last] {
          (costs[first][last], splits[first][last]) = (cost, split)
        }
      }
    }
  }
  func product(_ first: Int, _ last: Int) -> Tensor {
    if first == last { return matrices[first] }
    let split = splits[first][last]
    return product(first, split).matmul(product(split + 1, last))
  }
  return product(0, count - 1)
}
