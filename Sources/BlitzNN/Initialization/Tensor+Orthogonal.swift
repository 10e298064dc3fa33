import BlitzTensor

extension Tensor {
  /// Orthogonal initial weights, `torch.nn.init.orthogonal_`: the rows (or the columns, if there
  /// are fewer) are at right angles and of length `gain`. PyTorch's numbers for the same seed, up
  /// to rounding.
  ///
  /// Axes after the second count as columns.
  ///
  /// - Parameters:
  ///   - shape: the size of each axis, two axes or more.
  ///   - gain: the length of the rows or columns.
  ///   - generator: the source of the numbers, which are drawn at the call.
  ///   - dtype: a floating dtype.
  /// - Error: fewer than two axes; a shape or dtype that `Tensor.randn` does not take.
  /// - Source: Saxe et al., "Exact solutions to the nonlinear dynamics of learning in deep linear
  ///   neural networks", arXiv:1312.6120.
  public static func orthogonal(
    _ shape: Shape, gain: Double = 1, generator: Generator = .shared, dtype: DType = .float32
  ) -> Tensor {
    guard shape.rank >= 2 else {
      return Tensor(
        error: TensorError(
          "orthogonal", "right angles need two axes or more, \(shape) has \(shape.rank)",
          help: "write [outputs, inputs]"))
    }
    let drawn = randn(shape, generator: generator, dtype: dtype)
    if drawn.error != nil || drawn.elementCount == 0 { return drawn.named("orthogonal") }
    let rows = shape[0]
    let columns = drawn.elementCount / rows
    do throws(TensorError) {
      // Each vector is a row of the array: the shorter axis counts vectors.
      let matrix = drawn.reshaped(to: [rows, columns])
      let isWide = rows < columns
      var numbers = try (isWide ? matrix : matrix.transposed()).scalars(as: Double.self)
      orthonormalise(&numbers, count: Swift.min(rows, columns), size: Swift.max(rows, columns))
      let vectors = Tensor(
        numbers, shape: [Swift.min(rows, columns), Swift.max(rows, columns)], dtype: .float64)
      return ((isWide ? vectors : vectors.transposed()) * gain)
        .cast(to: dtype).reshaped(to: shape)
    } catch {
      return Tensor(error: error)
    }
  }

  /// Truncated normal initial weights, `torch.nn.init.trunc_normal_`: numbers outside the bounds
  /// are drawn again. PyTorch's numbers for the same seed.
  ///
  /// - Parameters:
  ///   - shape: the size of each axis.
  ///   - mean: the mean before truncation.
  ///   - std: the standard deviation before truncation.
  ///   - from: the lower bound.
  ///   - to: the upper bound.
  ///   - generator: the source of the numbers, which are drawn at the call.
  /// - Returns: a float32 tensor.
  /// - Error: bounds too far from the mean, so that hardly any number would lie between them: one
  ///   of them must be within two deviations, and they must be half a deviation apart.
  public static func truncatedNormal(
    _ shape: Shape, mean: Double = 0, std: Double = 1, from: Double = -2, to: Double = 2,
    generator: Generator = .shared
  ) -> Tensor {
    guard std > 0, to - from >= std / 2, from < mean + std * 2, to > mean - std * 2 else {
      return Tensor(
        error: TensorError(
          "truncatedNormal",
          "numbers from \(from) to \(to) are too rare for mean \(mean), deviation \(std)",
          help: "give bounds around the mean, or draw with uniform"))
    }
    do throws(TensorError) {
      func draw() throws(TensorError) -> [Float] {
        try normal(shape, mean: mean, std: std, generator: generator).scalars(as: Float.self)
      }
      let bounds = Float(from)...Float(to)
      var numbers = try draw()
      while numbers.contains(where: { !bounds.contains($0) }) {
        // As PyTorch does, all are drawn and only the missing ones taken.
        let fresh = try draw()
        for index in numbers.indices where !bounds.contains(numbers[index]) {
          numbers[index] = fresh[index]
        }
      }
      return Tensor(numbers, shape: shape)
    } catch {
      return Tensor(error: error).named("truncatedNormal")
    }
  }
}

/// Makes vectors, each in place and in turn, orthogonal to those before and of length 1.
///
/// This is the Q of a QR decomposition whose R has a positive diagonal. Subtracting twice keeps
/// right angles to rounding (Giraud et al., "Rounding error analysis of the classical Gram-Schmidt
/// orthogonalization process", 2005).
private func orthonormalise(_ numbers: inout [Double], count: Int, size: Int) {
  numbers.withUnsafeMutableBufferPointer { all in
    for vector in 0..<count {
      let v = UnsafeMutableBufferPointer(rebasing: all[vector * size..<(vector + 1) * size])
      for _ in 0..<2 {
        for other in 0..<vector {
          let u = UnsafeMutableBufferPointer(rebasing: all[other * size..<(other + 1) * size])
          var shadow = 0.0
          for i in 0..<size { shadow += u[i] * v[i] }
          for i in 0..<size { v[i] -= shadow * u[i] }
        }
      }
      var square = 0.0
      for i in 0..<size { square += v[i] * v[i] }
      let length = square.squareRoot()
      for i in 0..<size { v[i] /= length }
    }
  }
}
