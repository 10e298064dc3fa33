import BlitzTensor

/// Sums, means or maxima of learned vectors, `torch.nn.EmbeddingBag` of `[N, L]`: a bag for each
/// row.
///
/// - Shapes: input `[N, L]` of int64 or int32, output `[N, size]`; `weight` is `[count, size]`.
/// - Initial weights: those of ``Embedding``.
/// - Error: as for ``Embedding``; another number of axes; weights of another shape, or with another
///   mode than `.sum`.
public struct EmbeddingBag: Layer, Sendable, CustomStringConvertible {
  /// What becomes of a bag's vectors.
  public enum Mode: String, Sendable, CaseIterable {
    /// Their sum.
    case sum
    /// Their mean.
    case mean
    /// The largest of each element.
    case max
  }

  private let table: Embedding
  /// What becomes of a bag's vectors.
  public let mode: EmbeddingBag.Mode

  /// The vectors, `[count, size]`.
  public var weight: Tensor { table.weight }

  /// Makes a table with new vectors; see ``Embedding``.
  ///
  /// - Parameters:
  ///   - count: the number of vectors; `num_embeddings` in PyTorch.
  ///   - size: the size of a vector; `embedding_dim` in PyTorch.
  ///   - mode: what becomes of a bag's vectors.
  ///   - generator: the source of the initial weights.
  public init(
    _ count: Int, _ size: Int, mode: EmbeddingBag.Mode = .mean, generator: Generator = .shared
  ) {
    table = Embedding(count, size, generator: generator)
    self.mode = mode
  }

  /// The parts of the layer under PyTorch's names.
  public var members: [(name: String, value: Any)] { table.members }

  /// What becomes of the vectors of each row.
  public func forward(_ input: Tensor) -> Tensor { self(input, weights: nil) }

  /// The same, with a factor for each vector.
  ///
  /// - Parameters:
  ///   - input: `[N, L]`.
  ///   - weights: `[N, L]`, of the table's dtype, with the mode `.sum`; `per_sample_weights` in
  ///     PyTorch.
  public func callAsFunction(_ input: Tensor, weights: Tensor?) -> Tensor {
    if input.error != nil { return input }
    guard input.rank == 2 else {
      return input.refused(
        by: description, "the input has \(input.rank) axes", help: "the input is [N, L]")
    }
    let vectors = table(input).named("EmbeddingBag")
    if vectors.error != nil { return vectors }
    if let weights {
      if weights.error != nil { return weights }
      guard mode == .sum, weights.shape == input.shape, weights.dtype == vectors.dtype else {
        return input.refused(
          by: description, "weights take the mode .sum, and must be \(vectors.dtype)\(input.shape)",
          help: "give one for each index")
      }
      return (vectors * weights.unsqueezed(axis: 2)).sum(axis: 1)
    }
    if input.shape[1] == 0 { return vectors.sum(axis: 1) }
    switch mode {
    case .sum: return vectors.sum(axis: 1)
    case .mean: return vectors.mean(axis: 1)
    case .max:
      // Of equal ones the first has the gradient.
      let best = vectors.detached().argmax(axis: 1, keepDims: true)
      return vectors.gather(axis: 1, index: best).squeezed(axis: 1)
    }
  }

  /// `EmbeddingBag(1000, 64, mode: .mean)`
  public var description: String {
    "EmbeddingBag(\(table.count), \(table.size), mode: .\(mode))"
  }
}
