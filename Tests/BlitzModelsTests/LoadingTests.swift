import Blitz
import BlitzData
import BlitzModels
import Foundation
import Testing

/// Published files: their names, and what is said of those that do not fit.
@Suite final class LoadingTests {
  private let folder = FileManager.default.temporaryDirectory
    .appending(path: "blitz-models-\(UUID().uuidString)").path

  init() throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  private func write(_ name: String, _ text: String) throws -> String {
    let path = "\(folder)/\(name)"
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  private static let config = """
    {"model_type": "bert", "vocab_size": 50, "hidden_size": 32, "num_hidden_layers": 2,
    "num_attention_heads": 4, "intermediate_size": 48, "max_position_embeddings": 16,
    "type_vocab_size": 2, "hidden_act": "gelu", "layer_norm_eps": 1e-12}
    """

  @Test func takesNamesAsTheyArePublished() throws {
    let model = BERT(Networks.bert)
    let state = try Stored.filled(model)
    try model.load("\(save(state, "plain"))")
    let expected = noGrad { model.evaluated(Stored.words(50, [2, 7])) }
    var old: [String: Tensor] = [
      "bert.embeddings.position_ids": .arange(16), "cls.bias": .ones([2]),
    ]
    for (name, tensor) in state {
      let name = name.replacingOccurrences(of: "LayerNorm.weight", with: "LayerNorm.gamma")
        .replacingOccurrences(of: "LayerNorm.bias", with: "LayerNorm.beta")
      old["bert.\(name)"] = tensor.cast(to: .float64)
    }
    try Safetensors.save(old, to: "\(folder)/model.safetensors")
    _ = try write("config.json", LoadingTests.config)
    let found = noGrad { [expected] in
      (try? BERT(folder)).map { $0.evaluated(Stored.words(50, [2, 7])) } ?? expected * 0
    }
    #expect(try (found .== expected).all().item())

    let gpt2 = GPT2(Networks.gpt2)
    let weights = try Stored.filled(gpt2)
    var published = ["lm_head.weight": weights["wte.weight"]!]
    for (name, tensor) in weights { published["transformer.\(name)"] = tensor }
    published["transformer.h.0.attn.bias"] = .ones([1, 1, 16, 16])
    published["transformer.h.0.attn.masked_bias"] = Tensor(-1e4)
    try gpt2.load(save(published, "gpt2"))
    #expect(try (gpt2.state[0].tensor .== weights["wte.weight"]!).all().item())
    published["lm_head.weight"] = weights["wte.weight"]! + 1
    #expect(throws: DataError.self) { try gpt2.load(save(published, "gpt2")) }
  }

  private func save(_ tensors: [String: Tensor], _ name: String) throws -> String {
    let path = "\(folder)/\(name).safetensors"
    try Safetensors.save(tensors, to: path)
    return path
  }

  @Test func saysWhatANetworkLooksLike() throws {
    let size = ResNet.Size(blocks: [3, 4, 6, 3], isBottleneck: true, width: 4)
    let networks: [(any PretrainedNetwork, String)] = [
      (ResNet(size, classes: 7), "a ResNet-50 of 7 classes"),
      (
        ResNet(.init(blocks: [1, 1], width: 4)), "a ResNet with blocks [1, 1, 0, 0] of 1000 classes"
      ),
      (MobileNetV3(.small, width: 0.1), "a MobileNetV3, small, of 1000 classes"),
      (EfficientNet(.init(width: 0.1, depth: 0.1)), "an EfficientNet of 1000 classes"),
      (
        ViT(.init(patch: 8, layers: 1, heads: 1, width: 8, feedForward: 8), classes: 3),
        "a ViT with patches of 8 and 1 layers of 3 classes"
      ),
      (BERT(Networks.bert), "a BERT of 2 layers, size 32 and 50 tokens"),
      (GPT2(Networks.gpt2), "a GPT-2 of 2 layers, size 32 and 50 tokens"),
    ]
    // One of few names, since each missing one is compared with each that is there.
    let taker = ResNet(.init(blocks: [], width: 4))
    for (place, (network, name)) in networks.enumerated() {
      let tensors = Dictionary(uniqueKeysWithValues: network.state.map { ($0.name, $0.tensor) })
      let path = try save(tensors, "\(place)")
      let error = try #require(throws: WeightsError.self) { try taker.load(path) }
      #expect(error.other == name && !(error.state.unexpected + error.state.missing).isEmpty)
      #expect("\(error)".contains("\(path): these are not the weights of this ResNet; it looks"))
    }
    let path = try save(["0.weight": .ones([2])], "other")
    let error = try #require(throws: WeightsError.self) { try taker.load(path) }
    #expect(error.other == nil && error.state.unexpected == ["0.weight"])
  }

  @Test(arguments: [
    ("config.json", #"{"model_type": "roberta"}"#, "model_type is \"roberta\""),
    ("config.json", #"{"model_type": "bert"}"#, "there is no vocab_size"),
    ("config.json", #"{"vocab_size": 0}"#, "vocab_size is 0, and must be 1 or more"),
    ("config.json", "{", "byte 1: the file ends"), ("config.json", "[1, 2", "the file ends"),
    ("config.json", "{\"a\": \"\\x\"}", "byte 7: the escape is unknown"),
    ("config.json", String(repeating: "[", count: 200), "nested more than 100 deep"),
    ("other.json", "{}", "the folder has no model in it"),
    (
      "config.json", LoadingTests.config.replacingOccurrences(of: "gelu", with: "relu"),
      "hidden_act is \"relu\""
    ),
  ])
  func refusesWhatIsNoModel(_ name: String, _ text: String, _ expected: String) throws {
    _ = try write(name, text)
    if name == "config.json" { _ = try save(["a": Tensor.ones([1])], "model") }
    let error = try #require(throws: DataError.self) { try BERT(folder) }
    #expect(error.description.contains(expected))
  }

  @Test(arguments: [
    ("tokenizer.json", "{}", "there is no \"model\""),
    ("tokenizer.json", #"{"model": {"type": "Unigram", "vocab": {}}}"#, "the model is \"Unigram\""),
    (
      "tokenizer.json",
      #"{"model": {"type": "WordPiece", "vocab": {"a": 0}}, "normalizer": {"type": "NFC"}}"#,
      "the normalizer is \"NFC\"; Blitz has BertNormalizer"
    ),
    (
      "tokenizer.json", #"{"model": {"vocab": {"a": 0, "b": 0}}}"#,
      "the number of the token \"b\" is 0"
    ),
    ("tokenizer.json", #"{"model": {"vocab": {"a": 1e300}}}"#, "the number of the token \"a\""),
    (
      "tokenizer.json",
      #"{"model": {"vocab": {"a": 0}, "merges": [["a", "b"]]}, "#
        + #""pre_tokenizer": {"type": "ByteLevel"}}"#,
      "merge 0 is no pair"
    ),
    ("vocab.txt", "a\nb\n", "[CLS] is missing"),
    ("other.txt", "", "the folder has no model in it"),
  ])
  func refusesWhatIsNoTokenizer(_ name: String, _ text: String, _ expected: String) throws {
    let path = try write(name, text)
    let error = try #require(throws: DataError.self) {
      try Tokenizer(name.hasPrefix("other") ? folder : path)
    }
    #expect(error.description.contains(expected), "\(error)")
  }

  /// One byte of a tokenizer changed, or its end gone: an error or a tokenizer, but no trap.
  @Test func damagedTokenizersDoNotTrap() throws {
    var chance = Chance(state: 7)
    for name in ["wordpiece", "bytepairs"] {
      let url = try #require(
        Bundle.module.url(forResource: "Reference/\(name)", withExtension: "json"))
      let whole = try Array(Data(contentsOf: url))
      var failures = 0
      for _ in 0..<(NetworkTests.isFull ? 5000 : 40) {
        var bytes = whole
        // Half of them in the part that says what it is.
        let place = Int.random(
          in: 0..<(Bool.random(using: &chance) ? 900 : whole.count), using: &chance)
        if Int.random(in: 0..<4, using: &chance) == 0 {
          bytes.removeSubrange(place...)
        } else {
          bytes[place] = UInt8.random(in: 0...127, using: &chance)
        }
        let path = "\(folder)/tokenizer.json"
        try Data(bytes).write(to: URL(filePath: path))
        do {
          let tokenizer = try Tokenizer(path)
          _ = tokenizer.decode(tokenizer.encode("the of [MASK] é", pair: "x", maxLength: 5).ids)
        } catch {
          #expect(error is DataError)
          failures += 1
        }
      }
      #expect(failures > 10)
    }
  }

  private struct Chance: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ (state >> 29)
    }
  }

  @Test func inputsThatDoNotFitAreErrors() throws {
    let bert = BERT(Networks.bert)
    let tokens = Stored.words(50, [1, 4])
    let errors = [
      bert(Stored.words(50, [1, 17])).hidden, bert(Tensor([1, 2])).hidden,
      bert(tokens, mask: .ones([1, 3])).hidden, bert(tokens, types: .zeros([4])).hidden,
      bert(tokens.cast(to: .float32)).hidden, GPT2(Networks.gpt2)(Stored.words(50, [1, 17])),
      ResNet(.init(blocks: [1], width: 4))(.ones([1, 4, 32, 32])),
      ViT(.init(patch: 8, layers: 1, heads: 2, width: 8, feedForward: 8), imageSize: 16)(
        .ones([1, 3, 24, 24])),
      BERT(.init(vocabulary: 9, width: 8, layers: 1, heads: 3, feedForward: 8))(tokens % 9).hidden,
    ].map { $0.error?.rule ?? "none" }
    #expect(
      errors == [
        "the tokens are not [N, L] with L from 1 to 16",
        "the tokens are not [N, L] with L from 1 to 16", "mask and tokens differ in shape",
        "types and tokens differ in shape",
        "the input is float32, a position is int64 or int32",
        "the tokens are not [N, L] with L from 1 to 16",
        "the input has 4 channels, the layer takes 3",
        "the network takes images of 16 x 16 in patches of 8",
        "3 heads do not divide a width of 8",
      ])
  }
}

extension BERT {
  /// The hidden states in evaluation mode.
  fileprivate func evaluated(_ tokens: Tensor) -> Tensor {
    eval()
    return self(tokens).hidden
  }
}
