import BlitzTensor

/// Normal numbers that depend on each other, `torch.distributions.MultivariateNormal`.
///
///     density = exp(-|L⁻¹ (x - mean)|² / 2) / (det(L) * (2 * pi)^(n / 2)),  covariance = L Lᵀ
///
/// Samples are PyTorch's for the same seed.
public struct MultivariateNormal: SmoothDistribution {
  /// The mean, `[..., n]`.
  public let mean: Tensor
  /// L, the lower triangular root of the covariance, `[..., n, n]`.
  public let scaleTril: Tensor

  /// Makes a distribution of a lower triangular matrix with numbers above 0 on its diagonal.
  ///
  /// - Parameters:
  ///   - mean: `[..., n]`; `loc` in PyTorch.
  ///   - scaleTril: L, `[..., n, n]`.
  public init(mean: Tensor, scaleTril: Tensor) {
    (self.mean, self.scaleTril) = MultivariateNormal.matched(mean, scaleTril)
  }

  /// Makes a distribution of a covariance, which is symmetric and positive definite; if it is not,
  /// numbers are NaN.
  ///
  /// - Parameters:
  ///   - mean: `[..., n]`; `loc` in PyTorch.
  ///   - covariance: `[..., n, n]`.
  public init(mean: Tensor, covariance: Tensor) {
    let (mean, covariance) = MultivariateNormal.matched(mean, covariance)
    self.mean = mean
    // Of both halves, so that the gradient is symmetric, too.
    scaleTril =
      covariance.error == nil
      ? (0.5 * (covariance + covariance.transposed(-1, -2))).lowerRoot() : covariance
  }

  private static func matched(_ mean: Tensor, _ matrix: Tensor) -> (Tensor, Tensor) {
    if let failed = [mean, matrix].first(where: { $0.error != nil }) { return (failed, failed) }
    guard mean.rank >= 1, matrix.rank >= 2, let size = mean.shape.last, size > 0,
      matrix.shape.sizes.suffix(2) == [size, size], mean.dtype == matrix.dtype,
      mean.dtype.isFloating
    else {
      let failed = Tensor(
        error: TensorError(
          "MultivariateNormal",
          "the mean must be [..., n] and the matrix [..., n, n], of one dtype",
          operands: [("mean", mean.signature), ("matrix", matrix.signature)],
          help: "give one row and column for each number"))
      return (failed, failed)
    }
    let shared = Tensor.together("MultivariateNormal", mean.unsqueezed(axis: -1), matrix)
    if shared[0].error != nil { return (shared[0], shared[0]) }
    return (shared[0][..., 0], shared[1])
  }

  /// The parameters' shape without the events'.
  public var batchShape: Shape { Shape(mean.shape.sizes.dropLast()) }
  /// `[n]`
  public var eventShape: Shape { Shape(mean.shape.sizes.suffix(1)) }
  /// The covariance, `[..., n, n]`.
  public var covariance: Tensor { scaleTril.matmul(scaleTril.transposed(-1, -2)) }
  /// The covariance's diagonal.
  public var variance: Tensor { scaleTril.square().sum(axis: -1) }

  /// `mean + L z`, where `z` are standard normal numbers.
  public func rsample(_ shape: Shape, generator: Generator) -> Tensor {
    if mean.error != nil { return mean }
    let noise = Tensor.randn(
      extended(shape), generator: generator, dtype: mean.dtype, device: mean.device)
    return mean + scaleTril.matmul(noise.unsqueezed(axis: -1)).squeezed(axis: -1)
  }

  /// The logarithm of the density.
  public func logProbability(_ value: Tensor) -> Tensor {
    if let failed = [value, mean].first(where: { $0.error != nil }) { return failed }
    let distance = (value - mean).named("MultivariateNormal")
    if distance.error != nil { return distance }
    let square = scaleTril.solvedLower(distance.unsqueezed(axis: -1)).square().sum(axes: [-2, -1])
    return -0.5 * (Double(mean.shape.last ?? 0) * 1.8378770664093453 + square) - halfLogDeterminant
  }

  private var halfLogDeterminant: Tensor {
    scaleTril.diagonal(-2, -1).log().sum(axis: -1)
  }

  /// `n * log(2 * pi * e) / 2 + log(det(L))`
  public func entropy() -> Tensor {
    if mean.error != nil { return mean }
    return halfLogDeterminant + Double(mean.shape.last ?? 0) * 1.4189385332046727
  }

  /// The Kullback-Leibler divergence from another to this one.
  public func kl(to other: MultivariateNormal) -> Tensor {
    if let failed = [mean, other.mean].first(where: { $0.error != nil }) { return failed }
    let solved = other.scaleTril.solvedLower(scaleTril)
    let distance = other.scaleTril.solvedLower((other.mean - mean).unsqueezed(axis: -1))
    let size = Double(mean.shape.last ?? 0)
    return other.halfLogDeterminant - halfLogDeterminant + 0.5
      * (solved.square().sum(axes: [-2, -1]) + distance.square().sum(axes: [-2, -1]) - size)
  }
}

extension Tensor {
  /// `L⁻¹ right` for a lower triangular matrix, row by row.
  fileprivate func solvedLower(_ right: Tensor) -> Tensor {
    let count = shape[rank - 1]
    var rows: [Tensor] = []
    for index in 0..<count {
      var row = right[..., index..<index + 1, 0...]
      if index > 0 {
        row = row - self[..., index..<index + 1, 0..<index].matmul(concatenate(rows, axis: -2))
      }
      let solved = row / self[..., index..<index + 1, index..<index + 1]
      rows.append(solved)
    }
    return concatenate(rows, axis: -2)
  }

  /// The lower triangular root of a symmetric matrix, column by column (A.-L. Cholesky's).
  fileprivate func lowerRoot() -> Tensor {
    let count = shape[rank - 1]
    var columns: [Tensor] = []
    for index in 0..<count {
      var column = self[..., index..., index..<index + 1]
      if index > 0 {
        let known = concatenate(columns, axis: -1)
        let row = known[..., index..<index + 1, 0...]
        column = column - known[..., index..., 0...].matmul(row.transposed(-1, -2))
      }
      let root = column / column[..., 0..<1, 0...].sqrt()
      let above = Array(repeating: (low: 0, high: 0), count: rank - 2) + [(low: index, high: 0)]
      columns.append(root.padded(above + [(low: 0, high: 0)]))
    }
    return concatenate(columns, axis: -1)
  }
}
