import BlitzTensor

/// Multi-head attention, `torch.nn.MultiheadAttention`: for each query a mean of the values,
/// weighted by how well their keys match it.
///
///     y = concat over heads of softmax(q W_q (k W_k)ᵀ / sqrt(d)) v W_v, times W_o
///
/// - Shapes: queries `[L, N, E]`, keys and values `[S, N, E]` (`[N, L, E]` and `[N, S, E]` with
///   `batchFirst`, without N for no batch); the output is as the queries, the weights are
///   `[N, L, S]`, the mean over the heads. E is `size`; the page *Layers* explains the letters.
/// - Parameters: `in_proj_weight` `[3 * E, E]`, `in_proj_bias` `[3 * E]`, `out_proj.weight`
///   `[E, E]`, `out_proj.bias` `[E]`, and with `addBiasKV` `bias_k` and `bias_v` `[1, 1, E]`, with
///   PyTorch's initial values.
/// - Error: other axes or dtype; heads that do not divide the size; a mask of another shape.
/// - Source: Vaswani et al., "Attention Is All You Need", arXiv:1706.03762.
public struct MultiHeadAttention: Module, Sendable, CustomStringConvertible {
  /// E, the size of the last axis of queries, keys, values and output.
  public let size: Int
  /// The number of heads.
  public let heads: Int
  /// The probability that an attention weight is dropped in training.
  public let dropout: Double
  /// Whether the first axis is the batch.
  public let batchFirst: Bool
  /// The weights of queries, keys and values, one below the other, `[3 * E, E]`.
  @Parameter public var inProjWeight: Tensor
  let _inProjBias: Parameter?
  let _biasK: Parameter?
  let _biasV: Parameter?
  /// Whether there is one more key, and its value, of zeros; `add_zero_attn` in PyTorch.
  public let addZeroAttention: Bool
  /// The linear layer that joins the heads.
  public let outProj: Linear
  let generator: Generator
  let mode = Mode()
  private let sizeError: TensorError?

  /// The biases of queries, keys and values, `[3 * E]`, or nil for none.
  public var inProjBias: Tensor? { _inProjBias?.value }

  /// One more key for all queries, `[1, 1, E]`, or nil for none; `bias_k` in PyTorch.
  public var biasK: Tensor? { _biasK?.value }
  /// The value of that key, `[1, 1, E]`, or nil for none; `bias_v` in PyTorch.
  public var biasV: Tensor? { _biasV?.value }

  /// Makes a layer with new weights.
  ///
  /// - Parameters:
  ///   - size: E, the size of the last axis of queries, keys, values and output.
  ///   - heads: the number of heads, a divisor of `size`.
  ///   - dropout: the probability that an attention weight is dropped in training.
  ///   - bias: whether there are biases.
  ///   - batchFirst: whether the first axis is the batch.
  ///   - addBiasKV: whether one more key and its value are learned.
  ///   - addZeroAttention: whether there is one more key, and its value, of zeros.
  ///   - generator: the source of the initial weights and of dropout.
  public init(
    _ size: Int, heads: Int, dropout: Double = 0, bias: Bool = true, batchFirst: Bool = false,
    addBiasKV: Bool = false, addZeroAttention: Bool = false, generator: Generator = .shared
  ) {
    self.size = size
    self.heads = heads
    self.dropout = dropout
    self.batchFirst = batchFirst
    self.generator = generator
    let sizes = LayerSizes(
      layer: "MultiHeadAttention(\(size), heads: \(heads))",
      sizes: [("size", size), ("heads", heads)])
    sizeError = sizes.error
    // PyTorch draws the output's weights first.
    outProj = Linear(size, size, bias: bias, generator: generator)
    inProjWeight = sizes.draw { .xavierUniform([3 * size, size], generator: generator) }
    _inProjBias = bias ? Parameter(sizes.draw { .zeros([3 * size]) }) : nil
    func learned() -> Parameter? {
      addBiasKV
        ? Parameter(sizes.draw { .xavierNormal([1, 1, size], generator: generator) }) : nil
    }
    (_biasK, _biasV) = (learned(), learned())
    self.addZeroAttention = addZeroAttention
    if let start = outProj._bias, start.value.error == nil { start.value = .zeros([size]) }
  }

  /// Self-attention: the input is queries, keys and values. See
  /// ``callAsFunction(query:key:value:mask:keyPadding:isCausal:)``.
  @inline(never)
  public func callAsFunction(
    _ input: Tensor, mask: Tensor? = nil, keyPadding: Tensor? = nil, isCausal: Bool = false
  ) -> Tensor {
    Observer.watch(self, \.self) {
      attend([input], mask: mask, keyPadding: keyPadding, isCausal: isCausal, needsWeights: false)
        .output
    }
  }

  /// Attention of queries to keys and values.
  ///
  /// - Parameters:
  ///   - query: the queries, `[L, N, E]`, or `[N, L, E]` with `batchFirst`.
  ///   - key: the keys that queries are compared with, `[S, N, E]`, or `[N, S, E]`.
  ///   - value: the values that are averaged, one for each key.
  ///   - mask: `[L, S]` or `[N * heads, L, S]`; bool, true where a query must not attend to a key,
  ///     or of the input's dtype, added to the scores; `attn_mask` in PyTorch.
  ///   - keyPadding: `[N, S]`, bool, true for padding; `key_padding_mask` in PyTorch.
  ///   - isCausal: whether a query attends only to keys at its own position and before.
  /// - Returns: the output, in the shape of the queries. A query that may attend to nothing, as in
  ///   a sequence that is all padding, has weights of 0, so its output is the output layer's bias.
  @inline(never)
  public func callAsFunction(
    query: Tensor, key: Tensor, value: Tensor, mask: Tensor? = nil, keyPadding: Tensor? = nil,
    isCausal: Bool = false
  ) -> Tensor {
    Observer.watch(self, \.self) {
      attend(
        [query, key, value], mask: mask, keyPadding: keyPadding, isCausal: isCausal,
        needsWeights: false
      ).output
    }
  }

  /// The attention, and the weight of each key for each query.
  ///
  /// - Returns: as ``callAsFunction(query:key:value:mask:keyPadding:isCausal:)``, and the mean
  ///   weights of the heads, `[N, L, S]` (`[L, S]` without a batch), in training after dropout.
  public func withWeights(
    query: Tensor, key: Tensor, value: Tensor, mask: Tensor? = nil, keyPadding: Tensor? = nil,
    isCausal: Bool = false
  ) -> (output: Tensor, weights: Tensor) {
    Observer.watch(self, \.output) {
      attend(
        [query, key, value], mask: mask, keyPadding: keyPadding, isCausal: isCausal,
        needsWeights: true)
    }
  }

  private func attend(
    _ inputs: [Tensor], mask: Tensor?, keyPadding: Tensor?, isCausal: Bool, needsWeights: Bool
  ) -> (output: Tensor, weights: Tensor) {
    if let refusal = refusal(of: inputs) { return (refusal, refusal) }
    let isBatched = inputs[0].rank == 3
    // Inside, the batch is first.
    let rows = inputs.map { input in
      isBatched ? batchFirst ? input : input.transposed(0, 1) : input.unsqueezed(axis: 0)
    }
    let (batch, length) = (rows[0].shape[0], rows[0].shape[1])
    let keys = rows[rows.count == 3 ? 1 : 0].shape[1]
    let drops = mode.isTraining && dropout > 0
    // Elsewhere the scores are held all the same, and their gradient is written out.
    let isBlockwise =
      !needsWeights && !drops && inputs[0].device == .cpu && inputs[0].dtype != .float64
    let scores = AttentionMask(batch: batch, heads: heads, length: length, keys: keys)
    let bias: Tensor?
    do throws(TensorError) {
      bias = try scores.bias(
        mask: mask, keyPadding: isBatched ? keyPadding : keyPadding?.unsqueezed(axis: 0),
        isCausal: isCausal && (!isBlockwise || extraKeys > 0), dtype: inputs[0].dtype,
        device: inputs[0].device,
        layer: description)
    } catch {
      return (Tensor(error: error), Tensor(error: error))
    }
    var operands = withMoreKeys(projected(rows), batch: batch)
    if let bias { operands.append(bias.withColumns(extraKeys)) }
    if drops {
      let noise = Tensor.dropoutNoise(
        [batch, heads, length, keys + extraKeys], dropout, dtype: inputs[0].dtype,
        device: inputs[0].device,
        generator)
      operands.append(noise)
    }
    let attending = Attending(
      heads: heads, isPacked: rows.count == 1 && extraKeys == 0, hasMask: bias != nil,
      hasNoise: drops)
    let attended =
      isBlockwise
      ? attending.blockwise(operands, isCausal: isCausal && extraKeys == 0) : attending(operands)
    var output = outProj(attended)
    // PyTorch's output has the positions outermost in memory.
    output =
      !isBatched
      ? output.squeezed(axis: 0)
      : batchFirst ? output.laidOut(by: [1, 0, 2]) : output.transposed(0, 1).contiguous()
    guard needsWeights else { return (output, output) }
    var weights = attending.weights(operands)
    if drops { weights = weights * operands[operands.count - 1] }
    let mean = weights.mean(axis: 1)
    return (output, isBatched ? mean : mean.squeezed(axis: 0))
  }

  /// The inputs' products: of one input those of queries, keys and values in one tensor.
  private func projected(_ rows: [Tensor]) -> [Tensor] {
    let (weight, bias) = (inProjWeight, inProjBias)
    if rows.count == 1 {
      return [$inProjWeight.product(with: rows[0], weight).scaled(by: nil, movedBy: bias)]
    }
    let weights = weight.split(count: 3)
    let biases = bias?.split(count: 3)
    return rows.indices.map {
      rows[$0].matmul(weights[$0].transposed()).scaled(by: nil, movedBy: biases?[$0])
    }
  }

  /// How many keys there are beside those of the input.
  private var extraKeys: Int { (_biasK == nil ? 0 : 1) + (addZeroAttention ? 1 : 0) }

  /// Queries, keys and values with the keys that are there for all queries.
  private func withMoreKeys(_ operands: [Tensor], batch: Int) -> [Tensor] {
    if extraKeys == 0 || operands.contains(where: { $0.error != nil }) { return operands }
    let all = operands.count == 1 ? operands[0].split(count: 3, axis: 2) : operands
    func extended(_ rows: Tensor, _ learned: Tensor?) -> Tensor {
      var parts = [rows]
      if let learned { parts.append(learned.cast(to: rows.dtype).expanded(to: [batch, 1, size])) }
      if addZeroAttention {
        parts.append(Tensor.zeros([batch, 1, size], dtype: rows.dtype, device: rows.device))
      }
      return concatenate(parts, axis: 1)
    }
    return [all[0], extended(all[1], biasK), extended(all[2], biasV)]
  }

  private func refusal(of inputs: [Tensor]) -> Tensor? {
    if let sizeError { return Tensor(error: sizeError) }
    guard heads > 0, size % heads == 0 else {
      return inputs[0].refused(
        by: description, "\(heads) heads do not divide the size, \(size)",
        help: "give a number of heads that divides the size")
    }
    guard dropout >= 0, dropout <= 1 else {
      return inputs[0].refused(
        by: description, "the dropout is \(dropout)", help: "give a number from 0 to 1")
    }
    let weight = inProjWeight
    guard weight.error != nil || weight.shape == [3 * size, size] else {
      return Tensor(
        error: TensorError(
          "MultiHeadAttention", "in_proj_weight does not have the shape [\(3 * size), \(size)]",
          operands: [("parameter", weight.signature), ("layer", description)],
          help: "set parameters to tensors of their shape"))
    }
    for input in inputs {
      if let refusal = input.refusal(by: description, weights: weight, lastAxis: size) {
        return refusal
      }
      guard input.rank == 3 || input.rank == 2, input.rank == inputs[0].rank else {
        return input.refused(
          by: description, "the input has \(input.rank) axes",
          help: batchFirst
            ? "queries are [N, L, \(size)], keys and values [N, S, \(size)]"
            : "queries are [L, N, \(size)], keys and values [S, N, \(size)]")
      }
    }
    guard inputs.count == 3 else { return nil }
    let batchAxis = batchFirst ? 0 : 1
    let isBatched = inputs[0].rank == 3
    guard inputs[1].shape == inputs[2].shape,
      !isBatched || inputs[0].shape[batchAxis] == inputs[1].shape[batchAxis]
    else {
      return Tensor(
        error: TensorError(
          "MultiHeadAttention", "queries, keys and values do not belong together",
          operands: [
            ("query", inputs[0].signature), ("key", inputs[1].signature),
            ("value", inputs[2].signature), ("layer", description),
          ],
          help: "keys and values have one shape, and the batch is that of the queries"))
    }
    return nil
  }

  /// `MultiHeadAttention(256, heads: 4)`
  public var description: String { "MultiHeadAttention(\(size), heads: \(heads))" }
}

extension Tensor {
  /// With columns of zeros behind the last one.
  fileprivate func withColumns(_ count: Int) -> Tensor {
    if count == 0 || error != nil { return self }
    var widths = [(low: Int, high: Int)](repeating: (0, 0), count: rank)
    widths[rank - 1].high = count
    return padded(widths)
  }
}
