import BlitzTensor

extension Tensor {
  /// Systems of complex equations as real ones of twice the size.
  ///
  ///     (a + i b) (x + i y) = c + i d      [[a, -b], [b, a]] [x, y] = [c, d]
  func complexSolved(
    _ word: String, _ right: Tensor, _ left: Bool, checks: Bool
  ) -> (solution: Tensor, info: Tensor) {
    if let refused = real.refusedMatrices(word, square: true) { return (refused, refused) }
    if right.error != nil { return (right, right) }
    let common = dtype.promoted(with: right.dtype)
    let (matrix, given) = (cast(to: common), right.cast(to: common))
    let isVector = given.rank == 1 || given.rank == rank - 1 && given.shape.sizes == batch + [rows]
    let both = isVector ? given.unsqueezed(axis: left ? -1 : -2) : given
    let (a, b) = (matrix.real, matrix.imag)
    let axis = left ? -2 : -1
    let upper = concatenate([a, left ? -b : b], axis: -1)
    let lower = concatenate([left ? b : -b, a], axis: -1)
    let system = concatenate([upper, lower], axis: -2)
    let sides = concatenate([both.real, both.imag], axis: axis)
    let found =
      checks ? (system.solve(sides, left: left), Tensor(0)) : system.solveEx(sides, left: left)
    let halves = found.0.tensorSplit(count: 2, axis: axis)
    if let failed = halves.first(where: { $0.error != nil }) {
      return (failed.named(word), failed.named(word))
    }
    let solution = Tensor.complex(halves[0], halves[1])
    return (isVector ? solution.squeezed(axis: left ? -1 : -2) : solution, found.1)
  }
}
