import BlitzData
import BlitzTensor

/// Text to the numbers of tokens and back: BERT's WordPiece and GPT-2's byte-level BPE, with the
/// same numbers as Hugging Face's `tokenizers`.
///
///     let tokenizer = try Tokenizer("all-MiniLM-L6-v2")
///     tokenizer.encode("How are you?").ids          // [101, 2129, 2024, 2017, 1029, 102]
///     let batch = tokenizer.batch(["One.", "Two words."])
///     let hidden = model(batch.ids, mask: batch.mask).hidden
public struct Tokenizer: Sendable {
  /// How words become tokens.
  enum Model: Sendable {
    case wordPiece(WordPiece, BERTText, cleansUp: Bool)
    case bytePairs(BytePairs)

    var vocabulary: Vocabulary {
      switch self {
      case .wordPiece(let model, _, _): model.vocabulary
      case .bytePairs(let model): model.vocabulary
      }
    }
  }

  let model: Model
  let added: AddedTokens
  let template: TokenTemplate
  /// The token that fills texts up to one length; `[PAD]`.
  let padding: Int

  init(model: Model, added: AddedTokens, template: TokenTemplate) {
    (self.model, self.added, self.template) = (model, added, template)
    padding = model.vocabulary.id(of: "[PAD]") ?? model.vocabulary.id(of: "<pad>") ?? 0
  }

  /// The number of tokens: numbers are below it.
  public var count: Int { max(model.vocabulary.bound, added.bound) }

  /// The number of a token, or nil if there is no such token.
  public func id(of token: String) -> Int? { added.id(of: token) ?? model.vocabulary.id(of: token) }

  /// The token of a number, `##ing`, or nil if there is none.
  public func token(_ id: Int) -> String? { added.token(id) ?? model.vocabulary.token(id) }

  /// The tokens of a text, or of two.
  ///
  /// - Parameters:
  ///   - text: the text.
  ///   - pair: a second text, for networks that compare two.
  ///   - maxLength: the most tokens, special ones included; a longer text is cut at its end, of two
  ///     the longer one first. At least the special tokens stay.
  ///   - addsSpecialTokens: whether `[CLS]` and `[SEP]`, or what the tokenizer has in their place,
  ///     are added.
  public func encode(
    _ text: String, pair: String? = nil, maxLength: Int? = nil, addsSpecialTokens: Bool = true
  ) -> Encoding {
    var first = words(of: text)
    var second = pair.map(words(of:))
    let template = addsSpecialTokens ? template : .plain
    if let maxLength {
      let room = max(max(maxLength, 0) - template.specialCount(isPair: second != nil), 0)
      let counts = TokenTemplate.counts(first.count, second?.count, room: room)
      first = Array(first.prefix(counts.first))
      second = second.map { Array($0.prefix(counts.second)) }
    }
    return template.filled(first, second)
  }

  /// The tokens of texts as tensors of one length, filled up with the padding token.
  ///
  /// - Parameters:
  ///   - texts: the texts, each a row.
  ///   - pairs: a second text for each of them, for networks that compare two.
  ///   - maxLength: the most tokens of a row, special ones included; longer texts are cut.
  ///   - length: the length of all rows, if not that of the longest text.
  /// - Returns: `[N, L]` tensors of int64; with an error if there are not as many pairs as texts,
  ///   or a text is longer than the length.
  public func batch(
    _ texts: [String], pairs: [String]? = nil, maxLength: Int? = nil, length: Int? = nil
  ) -> TokenBatch {
    if let pairs, pairs.count != texts.count {
      return TokenBatch(
        error: TensorError(
          "Tokenizer", "there are \(texts.count) texts and \(pairs.count) pairs",
          help: "give a second text for each"))
    }
    let rows = texts.indices.map { encode(texts[$0], pair: pairs?[$0], maxLength: maxLength) }
    let longest = rows.map(\.ids.count).max() ?? 0
    let width = length ?? longest
    guard longest <= width, width <= 1 << 24 else {
      return TokenBatch(
        error: TensorError(
          "Tokenizer", "a text has \(longest) tokens, and the length is \(width)",
          help: "give that as maxLength, too, which cuts the text"))
    }
    return TokenBatch(rows: rows, width: width, padding: padding)
  }

  /// The text of tokens.
  ///
  /// - Parameters:
  ///   - ids: numbers of tokens; those that are none are left out.
  ///   - skipsSpecialTokens: whether `[CLS]` and the like are left out.
  /// - Returns: the text, which is the original one's as far as the tokens keep it: BERT's lose
  ///   capitals, accents and spaces.
  public func decode(_ ids: [Int], skipsSpecialTokens: Bool = true) -> String {
    let tokens = ids.compactMap { id in
      skipsSpecialTokens && added.isSpecial(id) ? nil : token(id)
    }
    switch model {
    case .wordPiece(let model, _, let cleansUp): return model.decode(tokens, cleansUp: cleansUp)
    case .bytePairs(let model): return model.decode(tokens)
    }
  }

  /// The tokens of a text, without special ones around it.
  private func words(of text: String) -> [Int] {
    var ids: [Int] = []
    for piece in added.split(text.unicodeScalars, isNormalized: false) {
      switch piece {
      case .token(let id): ids.append(id)
      case .text(let scalars): encode(scalars, into: &ids)
      }
    }
    return ids
  }

  private func encode(_ scalars: [Unicode.Scalar], into ids: inout [Int]) {
    switch model {
    case .wordPiece(let model, let rules, _):
      for piece in added.split(rules.normalized(scalars), isNormalized: true) {
        switch piece {
        case .token(let id): ids.append(id)
        case .text(let scalars):
          for word in BERTText.words(scalars) { model.encode(word, into: &ids) }
        }
      }
    case .bytePairs(let model):
      for piece in added.split(scalars, isNormalized: true) {
        switch piece {
        case .token(let id): ids.append(id)
        case .text(let scalars): model.encode(scalars, into: &ids)
        }
      }
    }
  }
}

/// The tokens of a text.
public struct Encoding: Equatable, Sendable {
  /// The numbers of the tokens; `input_ids`.
  public var ids: [Int]
  /// Which text each token is of: 0, or 1 for the second of two; `token_type_ids`.
  public var types: [Int]
}

/// The tokens of several texts, as a network takes them.
public struct TokenBatch: Sendable {
  /// The numbers of the tokens, int64 `[N, L]`; `input_ids`.
  public let ids: Tensor
  /// 1 for tokens and 0 for padding, int64 `[N, L]`; `attention_mask`.
  public let mask: Tensor
  /// 0 for tokens of the first text and 1 for the second, int64 `[N, L]`; `token_type_ids`.
  public let types: Tensor

  init(error: TensorError) {
    (ids, mask, types) = (Tensor(error: error), Tensor(error: error), Tensor(error: error))
  }

  init(rows: [Encoding], width: Int, padding: Int) {
    func table(_ row: (Encoding) -> [Int], _ filler: Int) -> Tensor {
      let numbers = rows.flatMap { one -> [Int] in
        let numbers = row(one)
        return numbers + Array(repeating: filler, count: width - numbers.count)
      }
      return Tensor(numbers, shape: [rows.count, width])
    }
    ids = table({ $0.ids }, padding)
    mask = table({ Array(repeating: 1, count: $0.ids.count) }, 0)
    types = table({ $0.types }, 0)
  }
}
