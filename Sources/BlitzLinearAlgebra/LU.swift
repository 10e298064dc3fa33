import BlitzTensor

extension Tensor {
  /// Matrices as a permutation, a lower and an upper triangle: `torch.linalg.lu`.
  ///
  ///     A = P L U,  L with ones on its diagonal
  ///
  /// - Returns: P `[..., m, m]`, L `[..., m, k]` and U `[..., k, n]` in the dtype of `self`,
  ///   `[..., m, n]`, where k is the smaller of m and n.
  /// - Gradient: of L and U; none of P. It divides by U's diagonal.
  /// - Error: fewer than two axes, a dtype other than float32 and float64.
  public func lu() -> (p: Tensor, l: Tensor, u: Tensor) {
    let found = factored("lu", checks: false)
    return found.lu.luUnpack(pivots: found.pivots)
  }

  /// L and U in one matrix, for `luSolve`: `torch.linalg.lu_factor`.
  ///
  /// - Returns: U, and below its diagonal L without the ones, of the shape of `self`; and for each
  ///   row the row that it changed places with, from 1, int32 `[..., k]`.
  /// - Gradient: that of `lu()`.
  /// - Error: fewer than two axes, a dtype other than float32 and float64; when evaluated, a matrix
  ///   that is singular, with its number in the batch and the pivot.
  public func luFactor() -> (lu: Tensor, pivots: Tensor) {
    let found = factored("luFactor", checks: true)
    return (found.lu, found.pivots)
  }

  /// The same, and which matrices are singular: `torch.linalg.lu_factor_ex`.
  ///
  /// - Returns: L and U, the pivots, and for each matrix an int32: 0, or the number of the first
  ///   pivot that is 0, from 1.
  /// - Gradient: that of `lu()`.
  /// - Error: fewer than two axes, a dtype other than float32 and float64.
  public func luFactorEx() -> (lu: Tensor, pivots: Tensor, info: Tensor) {
    factored("luFactorEx", checks: false)
  }

  /// P, L and U from what `luFactor()` gives: `torch.lu_unpack`.
  ///
  /// - Parameter pivots: int32, `[..., k]`.
  /// - Returns: as `lu()`.
  /// - Gradient: of L and U.
  /// - Error: pivots of another dtype, or not as many as the matrices have rows or columns.
  public func luUnpack(pivots: Tensor) -> (p: Tensor, l: Tensor, u: Tensor) {
    if let refused = refusedMatrices("luUnpack") ?? refusedPivots("luUnpack", pivots) {
      return (refused, refused, refused)
    }
    let (lower, upper) = triangles()
    let order = Tensor.order(pivots: pivots, rows: rows)
    let p = Tensor.identity(rows, batch: batch, like: self).withRows(order.argSort(axis: -1))
    return (p, lower, upper)
  }

  /// The solution x of `A x = right`, from what `luFactor()` made of A:
  /// `torch.linalg.lu_solve`.
  ///
  /// - Parameters:
  ///   - pivots: int32, `[..., n]`.
  ///   - right: `[..., n, k]`; `[..., k, n]` if not `left`.
  ///   - left: whether A stands on the left; else x solves `x A = right`.
  ///   - adjoint: whether Aᵀ takes the place of A.
  /// - Returns: the shape of `right`, with the batches broadcast.
  /// - Gradient: of L and U, and of the right side.
  /// - Error: sizes, batches or dtypes that do not fit; when evaluated, a matrix that is singular.
  public func luSolve(
    pivots: Tensor, _ right: Tensor, left: Bool = true, adjoint: Bool = false
  ) -> Tensor {
    let word = "luSolve"
    if let refused = refusedMatrices(word, square: true) ?? refusedPivots(word, pivots)
      ?? right.refusedMatrices(word, "right")
    {
      return refused
    }
    let side = left ? right : right.turned
    guard side.rows == rows else {
      return Tensor(
        error: TensorError(
          word, "the right side has \(side.rows) numbers for each unknown, the matrices \(rows)",
          operands: [("input", signature), ("right", right.signature)],
          help: "shapes are [..., n, n] and \(left ? "[..., n, k]" : "[..., k, n]")"))
    }
    switch Tensor.matched(word, self, side, roles: ("input", "right")) {
    case .failure(let error): return Tensor(error: error)
    case .success(let (matrix, side)):
      let order = Tensor.order(pivots: pivots, rows: rows)
        .expanded(to: Shape(matrix.batch + [rows]))
      let solution: Tensor
      if adjoint == left {
        solution = matrix.turned.triangular(
          matrix.turned.triangular(side, upper: false), upper: true, unit: true
        ).withRows(order.argSort(axis: -1))
      } else {
        solution = matrix.triangular(
          matrix.triangular(side.withRows(order), upper: false, unit: true), upper: true)
      }
      return left ? solution.named(word) : solution.turned.named(word)
    }
  }

  /// L and U in one, pivots, and LAPACK's numbers.
  func factored(_ word: String, checks: Bool) -> (lu: Tensor, pivots: Tensor, info: Tensor) {
    if let refused = refusedMatrices(word) { return (refused, refused, refused) }
    let rows = rows
    let routine = Routine(word: word, kind: .lu(rows, columns), dtype: dtype, checks: checks)
    let found = routine.recorded([self]) { _, results, slopes in
      let order = Tensor.order(pivots: results[1].cast(to: .int32), rows: rows)
      let slope = results[0].slopeOfFactors(slopes[0])
      return [slope.withRows(order.argSort(axis: -1))]
    }
    return (found[0], found[1].cast(to: .int32), found[2].cast(to: .int32))
  }

  /// L with its ones and U.
  private func triangles() -> (lower: Tensor, upper: Tensor) {
    let count = Swift.min(rows, columns)
    let one = Tensor.eye(rows, columns: columns, dtype: dtype, device: device)
    return ((tril(diagonal: -1) + one)[..., 0..<count], triu()[..., 0..<count, 0...])
  }

  /// The gradient of `Pᵀ A`, from that of its L and U in one, which `self` is.
  private func slopeOfFactors(_ slope: Tensor) -> Tensor {
    let (m, n) = (rows, columns)
    let count = Swift.min(m, n)
    let (lower, upper) = triangles()
    let (l, u) = (lower[..., 0..<count, 0...], upper[..., 0..<count])
    var slopeL = slope[..., 0..<count, 0..<count].tril(diagonal: -1)
    var slopeU = slope[..., 0..<count, 0..<count].triu()
    var rest: Tensor?
    if m > n {
      // L below its square part is what is left of A times U's inverse.
      let below = lower[..., count..., 0...]
      let part = u.triangular(slope[..., count..., 0...].turned, upper: true).turned
      slopeU = slopeU - below.turned.matmul(part).triu()
      rest = part
    } else if m < n {
      let beside = upper[..., count...]
      let part = l.turned.triangular(slope[..., count...], upper: true, unit: true)
      slopeL = slopeL - part.matmul(beside.turned).tril(diagonal: -1)
      rest = part
    }
    let phi = l.turned.matmul(slopeL).tril(diagonal: -1) + slopeU.matmul(u.turned).triu()
    let half = l.turned.triangular(phi, upper: true, unit: true)
    let square = u.triangular(half.turned, upper: true).turned
    return rest.map { concatenate([square, $0], axis: m > n ? -2 : -1) } ?? square
  }

  /// The rows in another order: `y[..., i, :] = x[..., order[..., i], :]`.
  func withRows(_ order: Tensor) -> Tensor {
    takeAlong(axis: -2, order.unsqueezed(axis: -1).expanded(to: shape))
  }

  /// The order of rows that pivots lead to, int64 `[..., rows]`.
  static func order(pivots: Tensor, rows: Int) -> Tensor {
    let count = pivots.shape[pivots.rank - 1]
    let function = HostFunction("pivots", [rows, count], work: rows) { item throws(TensorError) in
      let pivots = item.inputs[0].assumingMemoryBound(to: Int32.self)
      let order = item.output.assumingMemoryBound(to: Int.self)
      for row in 0..<rows { order[row] = row }
      for row in 0..<count {
        let other = Int(pivots[row]) - 1
        guard (0..<rows).contains(other) else {
          throw TensorError(
            "pivots", "pivot \(row) of matrix \(item.index) is \(other + 1)",
            help: "pivots are rows, 1 to \(rows)")
        }
        (order[row], order[other]) = (order[other], order[row])
      }
    }
    let batch = Array(pivots.shape.sizes.dropLast())
    return .host(
      function, [pivots], count: Tensor.product(batch), shape: Shape(batch + [rows]), dtype: .int64)
  }

  /// The error about pivots that do not belong to these matrices.
  private func refusedPivots(_ word: String, _ pivots: Tensor) -> Tensor? {
    if pivots.error != nil { return pivots }
    let count = Swift.min(rows, columns)
    if pivots.dtype == .int32, pivots.rank >= 1, pivots.shape.sizes == batch + [count] {
      return nil
    }
    return Tensor(
      error: TensorError(
        word, "the pivots are not int32\(Shape(batch + [count]))",
        operands: [("input", signature), ("pivots", pivots.signature)],
        help: "give those of luFactor()"))
  }
}
