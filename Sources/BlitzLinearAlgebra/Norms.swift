import BlitzTensor

/// The norms of a matrix.
public enum MatrixNorm: Sendable, Equatable {
  /// The root of the sum of squares: `"fro"`.
  case frobenius
  /// The sum of the singular values: `"nuc"`.
  case nuclear
  /// 2 and -2: the greatest and the least singular value. 1 and -1: the greatest and the least sum
  /// of sizes in a column; both infinities: in a row.
  case order(Double)
}

extension Tensor {
  /// The norms of matrices: `torch.linalg.matrix_norm`.
  ///
  /// - Parameters:
  ///   - norm: which.
  ///   - axes: those of rows and columns, counted from the end if negative.
  ///   - keepDims: whether both axes stay, with size 1.
  /// - Returns: the shape without both axes, in the dtype of `self`.
  /// - Gradient: that of the sums or of the singular values.
  /// - Error: axes that are not there or the same; an order other than ±1, ±2 and ±infinity; a
  ///   dtype that is not floating (float32 and float64 for singular values); the least or greatest
  ///   of nothing.
  public func matrixNorm(
    _ norm: MatrixNorm = .frobenius, axes: (Int, Int) = (-2, -1), keepDims: Bool = false
  ) -> Tensor {
    let word = "matrixNorm"
    if error != nil { return self }
    let (first, second) = (resolved(axes.0), resolved(axes.1))
    guard let first, let second, first != second else {
      return Tensor(
        error: TensorError(
          word, "\(axes.0) and \(axes.1) are no two axes", operands: [("input", signature)],
          help: "name those of rows and columns"))
    }
    let rest = (0..<rank).filter { $0 != first && $0 != second }
    let found: Tensor
    switch norm {
    case .frobenius: found = self.norm(2, axes: [first, second])
    case .nuclear:
      found = permuted(rest + [first, second]).svdvals(word).sum(axis: -1)
    case .order(let order):
      let matrices = permuted(rest + [first, second])
      let parts: Tensor
      switch Swift.abs(order) {
      case 2: parts = matrices.svdvals(word)
      case 1: parts = matrices.norm(1, axis: -2)
      case .infinity: parts = matrices.norm(1, axis: -1)
      default:
        return Tensor(
          error: TensorError(
            word, "a matrix has no norm of the order \(order)", operands: [("input", signature)],
            help:
              "orders are 1, -1, 2, -2, .infinity and -.infinity; norm(\(order)) is that of all "
              + "elements as one vector"))
      }
      found = order > 0 ? parts.max(axis: -1) : parts.min(axis: -1)
    }
    if found.error != nil { return found.named(word) }
    if !keepDims { return found }
    return found.reshaped(
      to: Shape((0..<rank).map { $0 == first || $0 == second ? 1 : shape[$0] }))
  }

  private func resolved(_ axis: Int) -> Int? {
    let place = axis < 0 ? axis &+ rank : axis
    return (0..<rank).contains(place) ? place : nil
  }

  /// How much larger errors of the right side can become in a solution: `torch.linalg.cond`.
  ///
  ///     y = norm(A) * norm(A⁻¹)
  ///
  /// - Parameter norm: which; nil and 2 take the quotient of the greatest and the least singular
  ///   value, also of matrices that are not square.
  /// - Returns: the batch's shape, in the dtype of `self`, `[..., m, n]`; infinite for a singular
  ///   matrix.
  /// - Gradient: that of singular values or of the inverse.
  /// - Error: as `matrixNorm` and, for other norms than 2 and -2, matrices that are not square.
  public func cond(_ norm: MatrixNorm = .order(2)) -> Tensor {
    if norm == .order(2) || norm == .order(-2) {
      if let refused = refusedMatrices("cond") { return refused }
      if elementCount == 0 { return .nothing(batch, like: self) }
      let values = svdvals("cond")
      let (greatest, least) = (values[..., 0], values[..., values.shape[values.rank - 1] - 1])
      return norm == .order(2) ? greatest / least : least / greatest
    }
    if let refused = refusedMatrices("cond", square: true) { return refused }
    let found = inverseEx()
    let product = matrixNorm(norm) * found.inverse.matrixNorm(norm)
    return Tensor.where(found.info .== 0, product, .infinity).named("cond")
  }

  /// The sums of products of vectors: `torch.linalg.vecdot`.
  ///
  /// - Parameters:
  ///   - other: broadcast.
  ///   - axis: that of the vectors, counted from the end if negative.
  /// - Returns: the broadcast shape without the axis, in the operands' dtype.
  /// - Gradient: that of the products.
  /// - Error: shapes that do not broadcast, dtypes that differ, an axis that is not there.
  public func vecdot(_ other: Tensor, axis: Int = -1) -> Tensor {
    let products = conj() * other
    return (products.error == nil ? products.sum(axis: axis) : products).named("vecdot")
  }
}
