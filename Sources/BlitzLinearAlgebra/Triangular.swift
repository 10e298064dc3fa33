import BlitzTensor

extension Tensor {
  /// The solution x of `self x = right` for triangular matrices: `torch.linalg.solve_triangular`.
  ///
  /// - Parameters:
  ///   - right: `[..., n, k]`; `[..., k, n]` if not `left`.
  ///   - upper: whether the upper half of `self` is the matrix, rather than the lower; the other
  ///     half is not read.
  ///   - left: whether `self` stands on the left; else x solves `x self = right`.
  ///   - unitriangular: whether the diagonal counts as ones, and is not read.
  /// - Returns: the shape of `right`, with the batches broadcast.
  /// - Gradient: of both; 0 in the other half.
  /// - Error: sizes, batches or dtypes that do not fit; when evaluated, a 0 on the diagonal.
  public func solveTriangular(
    _ right: Tensor, upper: Bool, left: Bool = true, unitriangular: Bool = false
  ) -> Tensor {
    let word = "solveTriangular"
    if let refused = refusedMatrices(word, square: true) ?? right.refusedMatrices(word, "right") {
      return refused
    }
    guard (left ? right.rows : right.columns) == columns else {
      return Tensor(
        error: TensorError(
          word,
          "the right side has \(left ? right.rows : right.columns) \(left ? "rows" : "columns"), "
            + "the matrices have \(columns)",
          operands: [("input", signature), ("right", right.signature)],
          help: "shapes are [..., n, n] and \(left ? "[..., n, k]" : "[..., k, n]")"))
    }
    switch Tensor.matched(word, self, right, roles: ("input", "right")) {
    case .failure(let error): return Tensor(error: error)
    case .success(let (matrix, right)):
      if left { return matrix.triangular(right, upper: upper, unit: unitriangular) }
      return matrix.turned.triangular(right.turned, upper: !upper, unit: unitriangular).turned
    }
  }

  /// The same for operands that are known to fit.
  func triangular(_ right: Tensor, upper: Bool, unit: Bool = false) -> Tensor {
    let routine = Routine(
      word: "solveTriangular",
      kind: .triangular(columns, right.columns, upper: upper, unit: unit), dtype: dtype)
    return routine.recorded([self, right]) { inputs, results, slopes in
      let back = inputs[0].turned.triangular(slopes[0], upper: !upper, unit: unit)
      let outer = -back.matmul(results[0].turned)
      let edge = unit ? 1 : 0
      return [upper ? outer.triu(diagonal: edge) : outer.tril(diagonal: -edge), back]
    }[0]
  }
}
