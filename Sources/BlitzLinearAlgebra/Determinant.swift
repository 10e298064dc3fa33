import BlitzTensor

extension Tensor {
  /// The determinants of square matrices: `torch.linalg.det`.
  ///
  /// - Returns: the batch's shape, in the dtype of `self`, `[..., n, n]`; 1 where n is 0.
  /// - Gradient: `g * det * A⁻ᵀ`, the matrix of cofactors; for a singular matrix up to rounding.
  /// - Error: matrices that are not square, a dtype other than float32 and float64.
  public func det() -> Tensor {
    if let refused = refusedMatrices("det", square: true) { return refused }
    return .written("det", of: [self]) { inputs in
      let found = inputs[0].factored("det", checks: false)
      return found.lu.diagonal(-2, -1).prod(axis: -1) * found.pivots.sign(like: inputs[0])
    } gradient: { inputs, _, slope in
      let found = inputs[0].factored("det", checks: false)
      // A pivot of 0 gives way to the least number that counts beside 1: cofactors are continuous.
      let least = inputs[0].dtype == .float64 ? Double.ulpOfOne : Double(Float.ulpOfOne)
      let filling = (found.lu.diagonal(-2, -1) .== 0).cast(to: inputs[0].dtype) * least
      let factors = found.lu + filling.diagEmbed()
      let det = factors.diagonal(-2, -1).prod(axis: -1) * found.pivots.sign(like: inputs[0])
      let one = Tensor.identity(inputs[0].rows, batch: inputs[0].batch, like: inputs[0])
      let inverse = factors.luSolve(pivots: found.pivots, one, adjoint: true)
      return [(slope * det).unsqueezed(axis: -1).unsqueezed(axis: -1) * inverse]
    }
  }

  /// The determinants' signs and the logarithms of their sizes: `torch.linalg.slogdet`.
  ///
  /// - Returns: both of the batch's shape, in the dtype of `self`, `[..., n, n]`; 0 and minus
  ///   infinity for a singular matrix.
  /// - Gradient: `g * A⁻ᵀ` of the logarithm, none of the sign.
  /// - Error: matrices that are not square, a dtype other than float32 and float64; for a gradient,
  ///   a singular matrix.
  public func slogdet() -> (sign: Tensor, logAbsDet: Tensor) {
    if let refused = refusedMatrices("slogdet", square: true) { return (refused, refused) }
    let found = factored("slogdet", checks: false)
    let diagonal = found.lu.diagonal(-2, -1)
    return (
      diagonal.detached().sign().prod(axis: -1) * found.pivots.sign(like: self),
      diagonal.abs().log().sum(axis: -1)
    )
  }

  /// The logarithms of determinants: `torch.logdet`.
  ///
  /// - Returns: the batch's shape, in the dtype of `self`, `[..., n, n]`; NaN where the determinant
  ///   is below 0, minus infinity where it is 0.
  /// - Gradient: `g * A⁻ᵀ`.
  /// - Error: as `slogdet()`.
  public func logdet() -> Tensor {
    let (sign, size) = slogdet()
    if size.error != nil { return size.named("logdet") }
    return .where(sign .== -1, .nan, size)
  }

  /// The sign of the permutation that pivots are, -1 or 1.
  private func sign(like other: Tensor) -> Tensor {
    let count = shape[rank - 1]
    let own = Tensor.arange(1, count + 1, device: device).cast(to: .int32)
    return (1 - 2 * (self .!= own).cast(to: other.dtype)).prod(axis: -1)
  }
}
