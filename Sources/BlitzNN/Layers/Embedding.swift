import BlitzTensor

/// A table of learned vectors, looked up by index, `torch.nn.Embedding`.
///
/// - Shapes: input `[...]` of int64 or int32, output `[..., size]`; `weight` is `[count, size]`.
/// - Initial weights: PyTorch's, of the standard normal distribution; zeros for the padding.
/// - Gradient: added up for an index that occurs more than once; zero for the padding.
/// - Error: an input of another dtype; when evaluated, an index outside the table.
public struct Embedding: Layer, Sendable, CustomStringConvertible {
  /// The vectors, `[count, size]`.
  @Parameter public var weight: Tensor
  /// The number of vectors in the table; `num_embeddings` in PyTorch.
  public let count: Int
  /// The size of a vector; `embedding_dim` in PyTorch.
  public let size: Int
  /// The index that stands for no input, whose vector training leaves alone.
  public let paddingIndex: Int?

  /// Makes a table with new vectors.
  ///
  /// - Parameters:
  ///   - count: the number of vectors; `num_embeddings` in PyTorch.
  ///   - size: the size of a vector; `embedding_dim` in PyTorch.
  ///   - paddingIndex: the index that stands for no input; counted from the end if negative.
  ///   - generator: the source of the initial weights.
  public init(
    _ count: Int, _ size: Int, paddingIndex: Int? = nil, generator: Generator = .shared
  ) {
    self.count = count
    self.size = size
    let padding = paddingIndex.map { $0 < 0 ? $0 &+ count : $0 }
    self.paddingIndex = padding
    let layer = "Embedding(\(count), \(size))"
    let sizes = LayerSizes(layer: layer, sizes: [("count", count), ("size", size)])
    weight = sizes.draw {
      var weight = Tensor.randn([count, size], generator: generator)
      if let padding {
        guard padding >= 0, padding < count else {
          return Tensor(
            error: TensorError(
              "Embedding", "paddingIndex is \(paddingIndex!)", operands: [("layer", layer)],
              help: "give 0 to \(count - 1), or -\(count) to -1 from the end"))
        }
        weight[padding] = 0
      }
      return weight
    }
  }

  /// The vectors at the indices.
  public func forward(_ input: Tensor) -> Tensor {
    let weight = weight
    if input.error != nil { return input }
    if weight.error != nil { return weight }
    guard input.dtype == .int64 || input.dtype == .int32 else {
      return input.refused(
        by: description, "the input is \(input.dtype), a position is int64 or int32",
        help: "write input.cast(to: .int64)")
    }
    let rows = $weight.rows(at: input.flattened(), weight)
    let vectors = rows.reshaped(to: Shape(input.shape + [size]))
    guard let paddingIndex else { return vectors }
    let isPadding = (input .== paddingIndex).unsqueezed(axis: -1)
    return .where(isPadding, vectors.detached(), vectors)
  }

  /// `Embedding(1000, 64)`
  public var description: String { "Embedding(\(count), \(size))" }
}
