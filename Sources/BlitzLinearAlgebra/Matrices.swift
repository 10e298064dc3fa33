import BlitzTensor

/// What the words share: checks of their operands, and matrices of a batch.
extension Tensor {
  /// The sizes of all axes but the last two.
  var batch: [Int] { Array(shape.sizes.dropLast(2)) }
  /// How many rows a matrix has.
  var rows: Int { shape[rank - 2] }
  /// How many columns a matrix has.
  var columns: Int { shape[rank - 1] }

  /// How many places there are; the greatest number if they are more.
  static func product(_ sizes: [Int]) -> Int {
    if sizes.contains(0) { return 0 }
    return sizes.reduce(1) {
      let (product, overflow) = $0.multipliedReportingOverflow(by: $1)
      return overflow ? .max : product
    }
  }

  /// Each matrix's transpose.
  var turned: Tensor { transposed(-2, -1) }

  /// The mean of a matrix and its transpose.
  var symmetric: Tensor { 0.5 * (self + turned) }

  /// Identities, one for each matrix of a batch.
  static func identity(_ n: Int, batch: [Int] = [], like other: Tensor) -> Tensor {
    let one = Tensor.eye(n, dtype: other.dtype, device: other.device)
    return batch.isEmpty ? one : one.expanded(to: Shape(batch + [n, n]))
  }

  /// Nothing but zeros, as `other`'s elements.
  static func nothing(_ sizes: [Int], like other: Tensor) -> Tensor {
    .zeros(Shape(sizes), dtype: other.dtype, device: other.device)
  }

  /// The tensor if it carries an error, or one that says that it is no batch of float matrices;
  /// nil if it is.
  func refusedMatrices(_ word: String, square: Bool = false, _ role: String = "input") -> Tensor? {
    if error != nil { return self }
    guard dtype == .float32 || dtype == .float64 else {
      return Tensor(
        error: TensorError(
          word, "computes in float32 and float64, not in \(dtype)",
          operands: [(role, signature)], help: "write .cast(to: .float32) first"))
    }
    guard rank >= 2 else {
      return Tensor(
        error: TensorError(
          word, "takes a matrix or a batch of them, not a tensor of rank \(rank)",
          operands: [(role, signature)], help: "add an axis with unsqueezed(axis:) first"))
    }
    guard !square || rows == columns else {
      return Tensor(
        error: TensorError(
          word, "the matrices have \(rows) rows and \(columns) columns: they are not square",
          operands: [(role, signature)],
          help: "shapes are [..., n, n]; pinv() and lstsq() take others"))
    }
    return nil
  }

  /// Two batches of matrices in one dtype and with one batch, or the error about them.
  static func matched(
    _ word: String, _ left: Tensor, _ right: Tensor, roles: (String, String) = ("input", "other")
  ) -> Result<(Tensor, Tensor), TensorError> {
    let operands = [(roles.0, left.signature), (roles.1, right.signature)]
    guard left.dtype == right.dtype else {
      return .failure(
        TensorError(
          word, "the dtypes differ: \(left.dtype) and \(right.dtype)", operands: operands,
          help: "write .cast(to: .\(left.dtype)) on one of them"))
    }
    guard let batch = Shape.broadcast(Shape(left.batch), Shape(right.batch)) else {
      return .failure(
        TensorError(
          word, "the batches \(Shape(left.batch)) and \(Shape(right.batch)) do not broadcast",
          operands: operands, help: "sizes are equal, or 1"))
    }
    return .success((left.spread(over: batch.sizes), right.spread(over: batch.sizes)))
  }

  /// The matrices, repeated for a larger batch.
  func spread(over batch: [Int]) -> Tensor {
    batch == self.batch ? self : expanded(to: Shape(batch + shape.sizes.suffix(2)))
  }

  /// A quotient that is 0 where the dividend is, also over 0.
  func divided(by divisor: Tensor) -> Tensor {
    let isZero = self .== 0
    return .where(isZero, 0, self / Tensor.where(isZero, 1, divisor))
  }

  /// The differences of all pairs along the last axis: `y[..., i, j] = x[j] - x[i]`.
  var differences: Tensor { unsqueezed(axis: -2) - unsqueezed(axis: -1) }
}

extension Tensor {
  /// A function of several results for each matrix of a batch, whose gradient is written out.
  ///
  /// - Parameters:
  ///   - word: the user's word.
  ///   - operands: the matrices.
  ///   - results: the results' sizes for one matrix, without the batch's.
  ///   - value: computes all results, `[batch..., all]`, one behind the other.
  ///   - gradient: that of each operand, from the operands, the results, and the gradients of
  ///     these.
  /// - Returns: the results.
  static func recorded(
    _ word: String, of operands: [Tensor], results: [[Int]], value: ([Tensor]) -> Tensor,
    gradient: @escaping @Sendable ([Tensor], [Tensor], [Tensor]) -> [Tensor?]
  ) -> [Tensor] {
    let all = written(word, of: operands, value: value) { inputs, output, slope in
      gradient(inputs, output.parts(results), slope.parts(results))
    }
    return all.parts(results)
  }

  /// What lies one behind the other along the last axis, as tensors of these sizes.
  func parts(_ results: [[Int]]) -> [Tensor] {
    if error != nil { return Array(repeating: self, count: results.count) }
    let batch = shape.sizes.dropLast()
    var start = 0
    return results.map { sizes in
      let count = sizes.reduce(1, *)
      defer { start += count }
      return self[..., start..<start + count].reshaped(to: Shape(batch + sizes))
    }
  }

  /// Tensors of one batch, one behind the other along one axis: what `parts` takes apart.
  static func packed(_ tensors: [Tensor], batch: [Int]) -> Tensor {
    concatenate(
      tensors.map { tensor in
        let count = tensor.shape.sizes.dropFirst(batch.count).reduce(1, *)
        return tensor.reshaped(to: Shape(batch + [count]))
      }, axis: -1)
  }
}

extension Routine {
  /// Applies the routine to the matrices of operands whose batch is the first one's, with a
  /// gradient that is written out.
  ///
  /// - Returns: the results, and last LAPACK's numbers.
  func recorded(
    _ operands: [Tensor],
    gradient: @escaping @Sendable ([Tensor], [Tensor], [Tensor]) -> [Tensor?]
  ) -> [Tensor] {
    let batch = operands[0].batch
    return Tensor.recorded(
      word, of: operands, results: results + [[]], value: { self($0, batch: batch) },
      gradient: gradient)
  }
}
