import BlitzData
import BlitzNN
import BlitzTensor

/// A transformer that tells the next token of a text, Hugging Face's `GPT2LMHeadModel`.
///
///     let model = try GPT2("gpt2")            // a folder with config.json and weights
///     let logits = model(tokens)              // [N, L] -> [N, L, vocabulary]
///
/// Names of parameters are those of Hugging Face's `GPT2Model`: `wte.weight`,
/// `h.0.attn.c_attn.weight`; its linear layers hold `[inputs, outputs]`. The last layer's weights
/// are those of the tokens' table.
///
/// - Shapes: tokens `[N, L]` of int64, L at most the number of positions; logits
///   `[N, L, vocabulary]`.
/// - Initial weights: Hugging Face's, of the same distributions.
/// - Error: more tokens than positions; when evaluated, a token outside the vocabulary.
/// - Source: Radford et al., "Language Models are Unsupervised Multitask Learners", 2019.
public struct GPT2: PretrainedNetwork, Layer, Sendable {
  /// The sizes of the network, with the names of config.json.
  public struct Size: Hashable, Sendable {
    /// The number of tokens; `vocab_size`.
    public var vocabulary: Int
    /// The size of each token's vector; `n_embd`.
    public var width: Int
    /// The number of layers; `n_layer`.
    public var layers: Int
    /// The number of heads of each layer's attention; `n_head`.
    public var heads: Int
    /// The largest number of tokens of a text; `n_positions`.
    public var positions: Int
    /// A small number added to variances; `layer_norm_epsilon`.
    public var epsilon: Double

    /// Sizes of one's own; the defaults are those of the smallest GPT-2.
    ///
    /// - Parameters:
    ///   - vocabulary: the number of tokens.
    ///   - width: the size of each token's vector.
    ///   - layers: the number of layers.
    ///   - heads: the number of heads, a divisor of the width.
    ///   - positions: the largest number of tokens of a text.
    ///   - epsilon: a small number added to variances.
    public init(
      vocabulary: Int = 50257, width: Int = 768, layers: Int = 12, heads: Int = 12,
      positions: Int = 1024, epsilon: Double = 1e-5
    ) {
      (self.vocabulary, self.width, self.layers) = (vocabulary, width, layers)
      (self.heads, self.positions, self.epsilon) = (heads, positions, epsilon)
    }

    /// `gpt2`: 124 million parameters.
    public static let small = Size()
    /// `gpt2-medium`: 355 million parameters.
    public static let medium = Size(width: 1024, layers: 24, heads: 16)
    /// `gpt2-large`: 774 million parameters.
    public static let large = Size(width: 1280, layers: 36, heads: 20)
    /// `gpt2-xl`: 1.56 billion parameters.
    public static let extraLarge = Size(width: 1600, layers: 48, heads: 25)
  }

  /// The sizes that it was made with.
  public let size: Size
  private let wte: Embedding
  private let wpe: Embedding
  private let dropout: Dropout
  private let layers: [GPT2Layer]
  private let norm: LayerNorm

  /// A network with fresh weights, in training mode.
  ///
  /// - Parameters:
  ///   - size: the sizes; `.small` and so on are the published ones.
  ///   - dropout: the probability of dropping in training: embeddings, attention and blocks.
  ///   - generator: the source of the initial weights and of dropout.
  public init(_ size: Size = .small, dropout: Double = 0.1, generator: Generator = .shared) {
    self.size = size
    wte = .drawn(size.vocabulary, size.width, generator)
    wpe = .drawn(size.positions, size.width, generator)
    self.dropout = Dropout(dropout, generator: generator)
    layers = (0..<layerCount(size.layers)).map { _ in GPT2Layer(size, dropout, generator) }
    norm = LayerNorm(size.width, epsilon: size.epsilon)
  }

  /// Reads a network as Hugging Face publishes it, in evaluation mode.
  ///
  /// - Parameter path: a folder with `config.json` and `model.safetensors` or `pytorch_model.bin`,
  ///   or a zip file that has such a folder in it.
  /// - Throws: `DataError` if a file is missing or damaged, or config.json is of another kind of
  ///   network; ``WeightsError`` if the weights are not those of its sizes.
  public init(_ path: String) throws {
    let files = try ModelFiles(path)
    let config = try ModelConfig(files, kind: "gpt2")
    let size = Size(
      vocabulary: try config.int("vocab_size"), width: try config.int("n_embd"),
      layers: try config.int("n_layer"), heads: try config.int("n_head"),
      positions: try config.int("n_positions"),
      epsilon: try config.double("layer_norm_epsilon", default: 1e-5))
    try config.require("activation_function", "gelu_new", "gelu_pytorch_tanh")
    let dropout = try config.double("resid_pdrop", default: 0.1)
    self = withoutDrawing { GPT2(size, dropout: dropout) }
    try load(files.weights(), from: files.weightsPath)
    eval()
  }

  /// The parts under Hugging Face's names.
  public var members: [(name: String, value: Any)] {
    [("wte", wte), ("wpe", wpe), ("drop", dropout), ("h", layers), ("ln_f", norm)]
  }

  /// The tensors of a published file under this network's names: without `transformer.` in front,
  /// without the masks that old files hold, and without the last layer, whose weights are those of
  /// the tokens' table.
  ///
  /// - Throws: `DataError` if the last layer has weights of its own.
  public func adapted(_ tensors: [String: Tensor]) throws -> [String: Tensor] {
    let all = tensors.withoutCommon("module.")
    let inner = all.withoutStart("transformer.")
    var answer: [String: Tensor] = [:]
    for (name, tensor) in inner.isEmpty ? all : inner {
      let isMask = name.hasSuffix(".attn.bias") || name.hasSuffix(".attn.masked_bias")
      if !isMask, name != "lm_head.weight" { answer[name] = tensor }
    }
    if let head = all["lm_head.weight"], let table = answer["wte.weight"],
      try head.shape != table.shape || !(head .== table).all().item()
    {
      throw DataError(
        path: "lm_head.weight",
        reason: "the last layer's weights are not those of wte, as GPT-2's are")
    }
    return answer
  }

  /// A vector for each token, `[N, L, width]`.
  ///
  /// - Parameter tokens: `[N, L]`, int64 or int32.
  public func hidden(_ tokens: Tensor) -> Tensor {
    if tokens.error != nil { return tokens }
    if let error = TensorError.tokens(
      "GPT2", tokens, most: size.positions,
      help: "cut the text: tokens[0..., (-\(size.positions))...]")
    {
      return Tensor(error: error)
    }
    let places = wpe.weight[0..<tokens.shape[1]]
    return norm(layers.reduce(dropout(wte(tokens) + places)) { $1($0) })
  }

  /// The logits of the token after each, `[N, L, vocabulary]`.
  public func forward(_ input: Tensor) -> Tensor {
    hidden(input).matmul(wte.weight.transposed())
  }
}

/// Attention to what came before and a feed-forward block, each normalised before.
private struct GPT2Layer: Layer, Sendable {
  let norm1: LayerNorm
  let attending: Conv1D
  let joining: Conv1D
  let norm2: LayerNorm
  let widening: Conv1D
  let narrowing: Conv1D
  let dropout: Dropout
  let heads: Int
  let generator: Generator
  let mode = Mode()

  init(_ size: GPT2.Size, _ dropout: Double, _ generator: Generator) {
    let width = size.width
    // The weights that end a residual branch start smaller.
    let small = 0.02 / max(2 * Double(size.layers), 1).squareRoot()
    norm1 = LayerNorm(width, epsilon: size.epsilon)
    attending = Conv1D(width, 3 &* width, std: 0.02, generator)
    joining = Conv1D(width, width, std: small, generator)
    norm2 = LayerNorm(width, epsilon: size.epsilon)
    widening = Conv1D(width, 4 &* width, std: 0.02, generator)
    narrowing = Conv1D(4 &* width, width, std: small, generator)
    self.dropout = Dropout(dropout, generator: generator)
    heads = size.heads
    self.generator = generator
  }

  var members: [(name: String, value: Any)] {
    [
      ("ln_1", norm1), ("attn.c_attn", attending), ("attn.c_proj", joining), ("ln_2", norm2),
      ("mlp.c_fc", widening), ("mlp.c_proj", narrowing), ("dropout", dropout), ("mode", mode),
    ]
  }

  func forward(_ input: Tensor) -> Tensor {
    let parts = attending(norm1(input)).split(count: 3, axis: -1)
    let attended = Heads(count: heads).attend(
      query: parts[0], key: parts[1], value: parts[2], isCausal: true,
      dropout: mode.isTraining ? dropout.probability : 0, generator: generator)
    let x = input + dropout(joining(attended))
    return x + dropout(narrowing(widening(norm2(x)).gelu(approximate: .tanh)))
  }
}

/// Hugging Face's linear layer of GPT-2: `y = x W + b`, so that its weights are a `Linear`'s
/// transposed.
private struct Conv1D: Layer, Sendable {
  @Parameter var weight: Tensor
  @Parameter var bias: Tensor

  init(_ inputs: Int, _ outputs: Int, std: Double, _ generator: Generator) {
    weight = .normal([inputs, outputs], std: std, generator: generator)
    bias = .zeros([outputs])
  }

  func forward(_ input: Tensor) -> Tensor { input.matmul(weight) + bias }
}
