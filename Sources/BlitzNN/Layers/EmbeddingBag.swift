import BlitzTensor

/// Sums, means or maxima of learned vectors, `torch.nn.EmbeddingBag`.
///
/// - Shapes: input `[N, L]` of int64 or int32, a bag for each row, or `[T]` with offsets; output
///   `[N, size]`; `weight` is `[count, size]`.
/// - Initial weights: those of ``Embedding``.
/// - Error: as for ``embeddingBag(_:table:offsets:mode:weights:paddingIndex:)``.
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
  /// An index that is left out of all bags, or nil for none.
  public let paddingIndex: Int?
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
  ///   - paddingIndex: an index that is left out of all bags, whose vector begins as zeros.
  ///   - generator: the source of the initial weights.
  public init(
    _ count: Int, _ size: Int, mode: EmbeddingBag.Mode = .mean, paddingIndex: Int? = nil,
    generator: Generator = .shared
  ) {
    table = Embedding(count, size, paddingIndex: paddingIndex, generator: generator)
    (self.mode, self.paddingIndex) = (mode, paddingIndex)
  }

  /// The parts of the layer under PyTorch's names.
  public var members: [(name: String, value: Any)] { table.members }

  /// What becomes of the vectors of each row.
  public func forward(_ input: Tensor) -> Tensor { self(input, offsets: nil) }

  /// The same, with a factor for each vector, or of bags one behind the other.
  ///
  /// - Parameters:
  ///   - input: `[N, L]`, or `[T]` with offsets.
  ///   - offsets: where each bag begins, `[N]`.
  ///   - weights: the shape of the input, of the table's dtype, with the mode `.sum`;
  ///     `per_sample_weights` in PyTorch.
  public func callAsFunction(
    _ input: Tensor, offsets: Tensor? = nil, weights: Tensor? = nil
  ) -> Tensor {
    embeddingBag(
      input, table: table.weight, offsets: offsets, mode: mode, weights: weights,
      paddingIndex: paddingIndex)
  }

  /// `EmbeddingBag(1000, 64, mode: .mean)`
  public var description: String {
    "EmbeddingBag(\(table.count), \(table.size), mode: .\(mode))"
  }
}

/// Sums, means or maxima of a table's vectors, `torch.nn.functional.embedding_bag`.
///
///     embeddingBag(Tensor([4, 1, 1, 7]), table: table, offsets: Tensor([0, 3]))    // 2 bags
///
/// - Parameters:
///   - indices: int64 or int32, `[N, L]`, a bag for each row; or `[T]` with offsets.
///   - table: the vectors, `[count, size]`, a floating dtype.
///   - offsets: where in `[T]` each bag begins, int64 `[N]`, the first 0, none less than the one
///     before.
///   - mode: what becomes of a bag's vectors; of none it is zeros.
///   - weights: a factor for each index, in their shape and the table's dtype, with the mode
///     `.sum`; `per_sample_weights` in PyTorch.
///   - paddingIndex: an index that is left out of all bags.
/// - Returns: `[N, size]` in the table's dtype.
/// - Gradient: for the table and the weights; of a maximum for the largest of each element, of
///   several the first.
/// - Error: other axes, dtypes or shapes; weights with another mode; indices outside the table
///   when numbers are asked for.
public func embeddingBag(
  _ indices: Tensor, table: Tensor, offsets: Tensor? = nil, mode: EmbeddingBag.Mode = .mean,
  weights: Tensor? = nil, paddingIndex: Int? = nil
) -> Tensor {
  let given =
    [("indices", indices), ("table", table)]
    + [("offsets", offsets), ("weights", weights)]
    .compactMap { name, tensor in tensor.map { (name, $0) } }
  if let failed = given.first(where: { $1.error != nil }) { return failed.1 }
  func refused(_ rule: String, _ help: String) -> Tensor {
    Tensor(
      error: TensorError(
        "embeddingBag", rule, operands: given.map { ($0, $1.signature) }, help: help))
  }
  guard table.rank == 2, table.dtype.isFloating else {
    return refused("the table has no vectors", "a table is [count, size] of floats")
  }
  guard indices.rank == (offsets == nil ? 2 : 1), offsets.map({ $0.rank == 1 }) ?? true else {
    return refused(
      "indices are [N, L], or [T] with offsets [N]",
      offsets == nil ? "give a row for each bag, or offsets" : "leave the offsets out of rows")
  }
  if let weights {
    guard mode == .sum, weights.shape == indices.shape, weights.dtype == table.dtype else {
      return refused(
        "weights take the mode .sum, and must be \(table.dtype)\(indices.shape)",
        "give one for each index")
    }
  }
  let count = indices.elementCount
  let flat = indices.reshaped(to: [count])
  let places = Tensor.arange(count, device: indices.device)
  // The bag of each index.
  let bags = offsets?.shape[0] ?? indices.shape[0]
  let bag: Tensor
  if let offsets {
    bag = offsets.searchSorted(places, right: true) - 1
  } else {
    bag = places.floorDivided(by: Tensor(max(indices.shape[1], 1)).to(indices.device))
  }
  var vectors = table.indexSelect(axis: 0, indices: flat, for: .embedding).named("embeddingBag")
  if vectors.error != nil { return vectors }
  let isKept = paddingIndex.map { flat .!= ($0 < 0 ? $0 + table.shape[0] : $0) }
  let zeros = Tensor.zeros([bags, table.shape[1]], dtype: table.dtype, device: table.device)
  if mode == .max {
    let least = Tensor.full(like: vectors, -.infinity)
    let candidates =
      isKept.map { Tensor.where($0.unsqueezed(axis: 1), vectors, least) } ?? vectors
    return largest(candidates, bag, zeros).named("embeddingBag")
  }
  if let weights { vectors = vectors * weights.reshaped(to: [count, 1]) }
  if offsets == nil, isKept == nil, count > 0 {
    let rows = vectors.reshaped(to: [bags, count / bags, table.shape[1]])
    return mode == .sum ? rows.sum(axis: 1) : rows.mean(axis: 1)
  }
  if let isKept { vectors = .where(isKept.unsqueezed(axis: 1), vectors, 0) }
  let sums = zeros.indexAdd(axis: 0, indices: bag, updates: vectors)
  if mode == .sum { return sums.named("embeddingBag") }
  let ones = isKept?.cast(to: table.dtype) ?? Tensor.ones([count], dtype: table.dtype)
  let counts = Tensor.zeros([bags], dtype: table.dtype, device: table.device)
    .indexAdd(axis: 0, indices: bag, updates: ones.to(table.device))
  return (sums / counts.clamp(min: 1).unsqueezed(axis: 1)).named("embeddingBag")
}

/// The largest elements of each bag's vectors, zeros of none.
private func largest(_ vectors: Tensor, _ bag: Tensor, _ zeros: Tensor) -> Tensor {
  let known = vectors.detached()
  let best = zeros.indexReduce(
    axis: 0, indices: bag, updates: known, .maximum, includingSelf: false)
  // Of equal ones the first has the gradient.
  let isBest = known .== best.indexSelect(axis: 0, indices: bag)
  let places = Tensor.arange(vectors.shape[0], device: vectors.device).unsqueezed(axis: 1)
  let last = Tensor(Int.max).to(vectors.device)
  let first = Tensor.full(zeros.shape, 0, dtype: .int64, device: zeros.device).indexReduce(
    axis: 0, indices: bag, updates: .where(isBest, places, last), .minimum, includingSelf: false)
  let isFirst = places .== first.indexSelect(axis: 0, indices: bag)
  return zeros.indexAdd(axis: 0, indices: bag, updates: .where(isFirst, vectors, 0))
}
