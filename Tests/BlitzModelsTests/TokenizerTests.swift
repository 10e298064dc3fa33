import Blitz
import BlitzModels
import Foundation
import Testing

/// Tokens against what Hugging Face's `tokenizers` makes of the same lines; train.py of
/// Tests/Pretrained writes them.
@Suite struct TokenizerTests {
  struct File: Decodable {
    let cases: [Case]
  }

  struct Case: Decodable {
    let tokenizer: String
    let text: String
    let pair: String?
    let maxLength: Int?
    let ids: [Int]
    let types: [Int]
    let decoded: String
  }

  private static func path(_ name: String) throws -> String {
    try #require(Bundle.module.url(forResource: "Reference/\(name)", withExtension: nil)).path
  }

  /// Each tokenizer from the one file, and from those that came before it.
  private static func tokenizers(_ name: String) throws -> [Tokenizer] {
    try name == "wordpiece"
      ? [Tokenizer(path("wordpiece.json")), Tokenizer(path("vocab.txt"))]
      : [
        Tokenizer(path("bytepairs.json")),
        .bytePairs(vocabulary: path("vocab.json"), merges: path("merges.txt")),
      ]
  }

  @Test(arguments: ["wordpiece", "bytepairs"])
  func givesTheNumbersOfTheReference(_ name: String) throws {
    let data = try Data(contentsOf: URL(filePath: TokenizerTests.path("tokens.json")))
    let cases = try JSONDecoder().decode(File.self, from: data).cases.filter {
      $0.tokenizer == name
    }
    #expect(cases.count == 110)
    for (place, tokenizer) in try TokenizerTests.tokenizers(name).enumerated() {
      let wrong = cases.filter { stored in
        let found = tokenizer.encode(stored.text, pair: stored.pair, maxLength: stored.maxLength)
        return found.ids != stored.ids || found.types != stored.types
          || !tokenizer.decode(stored.ids).unicodeScalars.elementsEqual(
            stored.decoded.unicodeScalars)
      }
      #expect(wrong.map(\.text) == [], "tokenizer \(place)")
    }
  }

  @Test func fillsRowsUp() throws {
    let tokenizer = try Tokenizer(TokenizerTests.path("wordpiece.json"))
    let batch = tokenizer.batch(["the of", "the"], pairs: ["and", ""], maxLength: 6, length: 7)
    let (the, of, and) = (
      try #require(tokenizer.id(of: "the")), try #require(tokenizer.id(of: "of")),
      try #require(tokenizer.id(of: "and"))
    )
    #expect(tokenizer.token(the) == "the" && tokenizer.token(tokenizer.count) == nil)
    let found: [[[Int]]] = try [batch.ids.array(), batch.mask.array(), batch.types.array()]
    #expect(
      found == [
        [[2, the, of, 3, and, 3, 0], [2, the, 3, 3, 0, 0, 0]],
        [[1, 1, 1, 1, 1, 1, 0], [1, 1, 1, 1, 0, 0, 0]],
        [[0, 0, 0, 0, 1, 1, 0], [0, 0, 0, 1, 0, 0, 0]],
      ])
    for batch in [tokenizer.batch(["the of"], length: 3), tokenizer.batch(["the"], pairs: [])] {
      #expect(batch.ids.error != nil && batch.mask.error != nil && batch.types.error != nil)
    }
    #expect(tokenizer.batch([]).ids.shape == [0, 0])
  }
}
