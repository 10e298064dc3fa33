import BlitzData

/// Reading `tokenizer.json`, the format of Hugging Face's `tokenizers`.
extension Tokenizer {
  init(_ json: JSON, path: String) throws(DataError) {
    let file = TokenizerFile(json: json, path: path)
    guard let model = json["model"] else { throw file.failure("there is no \"model\"") }
    let vocabulary = try Vocabulary(model["vocab"], path: path)
    var rules = BERTText()
    switch file.type(model) ?? (model["merges"] == nil ? "WordPiece" : "BPE") {
    case "WordPiece":
      rules = try file.rules()
      try file.require("pre_tokenizer", "BertPreTokenizer")
      let unknown = model["unk_token"]?.string ?? "[UNK]"
      guard let id = vocabulary.id(of: unknown) else {
        throw file.failure("the unknown token \(JSONText.quoted(unknown)) is not in the vocabulary")
      }
      var pieces = WordPiece(vocabulary: vocabulary, unknown: id)
      pieces.prefix = Array((model["continuing_subword_prefix"]?.string ?? "##").utf8)
      pieces.longestWord = model["max_input_chars_per_word"]?.int ?? 100
      let cleansUp = json["decoder"]?["cleanup"]?.bool ?? true
      self.init(
        model: .wordPiece(pieces, rules, cleansUp: cleansUp),
        added: AddedTokens(try file.added()) { [rules] in rules.normalized($0) },
        template: try file.template(vocabulary))
    case "BPE":
      self.init(
        model: .bytePairs(try file.bytePairs(model, vocabulary)),
        added: AddedTokens(try file.added()), template: try file.template(vocabulary))
    case let other:
      throw file.failure(
        "the model is \(JSONText.quoted(other)); Blitz has WordPiece and byte-level BPE")
    }
  }
}

/// The parts of `tokenizer.json`.
private struct TokenizerFile {
  let json: JSON
  let path: String

  func failure(_ reason: String) -> DataError { DataError(path: path, reason: reason) }

  func type(_ value: JSON?) -> String? { value?["type"]?.string }

  /// Finds out whether a part is of the one kind that Blitz has.
  func require(_ part: String, _ expected: String) throws(DataError) {
    guard let found = type(json[part]) else {
      throw failure("there is no \(part); Blitz has \(expected)")
    }
    guard found == expected else {
      throw failure("the \(part) is \(JSONText.quoted(found)); Blitz has \(expected)")
    }
  }

  func rules() throws(DataError) -> BERTText {
    try require("normalizer", "BertNormalizer")
    let normalizer = json["normalizer"]
    var rules = BERTText()
    rules.cleans = normalizer?["clean_text"]?.bool ?? true
    rules.spacesIdeographs = normalizer?["handle_chinese_chars"]?.bool ?? true
    rules.lowercases = normalizer?["lowercase"]?.bool ?? true
    // Null: accents go with capitals.
    rules.stripsAccents = normalizer?["strip_accents"]?.bool ?? rules.lowercases
    return rules
  }

  func bytePairs(_ model: JSON, _ vocabulary: Vocabulary) throws(DataError) -> BytePairs {
    if let normalizer = type(json["normalizer"]) {
      throw failure(
        "the normalizer is \(JSONText.quoted(normalizer)); Blitz has byte-level BPE without one")
    }
    try require("pre_tokenizer", "ByteLevel")
    for name in ["continuing_subword_prefix", "end_of_word_suffix"]
    where !(model[name]?.string ?? "").isEmpty {
      throw failure("the model has a \(name); Blitz has byte-level BPE without one")
    }
    if model["dropout"]?.double ?? 0 != 0 { throw failure("the model drops pairs at random") }
    var pairs = BytePairs(vocabulary: vocabulary)
    pairs.addsSpace = json["pre_tokenizer"]?["add_prefix_space"]?.bool ?? false
    pairs.cutsWords = json["pre_tokenizer"]?["use_regex"]?.bool ?? true
    pairs.prefersWholeWords = model["ignore_merges"]?.bool ?? false
    guard let merges = model["merges"]?.array else { throw failure("the model has no merges") }
    for (place, merge) in merges.enumerated() {
      // Old files have "a b", new ones ["a", "b"].
      let parts =
        merge.array?.compactMap(\.string)
        ?? merge.string?.split(separator: " ").map(String.init) ?? []
      guard parts.count == 2, pairs.add(parts[0], parts[1]) else {
        throw failure("merge \(place) is no pair of tokens that make a third")
      }
    }
    return pairs
  }

  func added() throws(DataError) -> [AddedTokens.Token] {
    var tokens: [AddedTokens.Token] = []
    for (place, entry) in (json["added_tokens"]?.array ?? []).enumerated() {
      guard let text = entry["content"]?.string, let id = entry["id"]?.int, 0..<(1 << 24) ~= id
      else { throw failure("added token \(place) has no content or no id") }
      func flag(_ name: String) -> Bool { entry[name]?.bool ?? false }
      tokens.append(
        AddedTokens.Token(
          text: text, id: id, isSpecial: flag("special"), isNormalized: flag("normalized"),
          isSingleWord: flag("single_word"), takesLeft: flag("lstrip"), takesRight: flag("rstrip"))
      )
    }
    return tokens
  }

  func template(_ vocabulary: Vocabulary) throws(DataError) -> TokenTemplate {
    let processor = json["post_processor"]
    /// The number in `"sep": ["[SEP]", 102]`.
    func id(_ name: String) throws(DataError) -> Int {
      guard let id = processor?[name]?.array?.last?.int else {
        throw failure("the post_processor has no \(name)")
      }
      return id
    }
    switch type(processor) {
    case nil, "ByteLevel": return .plain
    case "BertProcessing": return .bert(start: try id("cls"), end: try id("sep"))
    case "RobertaProcessing":
      let (start, end) = (try id("cls"), try id("sep"))
      let single: [TokenTemplate.Part] = [
        .special(start, type: 0), .first(type: 0), .special(end, type: 0),
      ]
      return TokenTemplate(
        single: single,
        pair: single + [.special(end, type: 0), .second(type: 0), .special(end, type: 0)])
    case "TemplateProcessing":
      return TokenTemplate(
        single: try parts(processor?["single"], processor),
        pair: try parts(processor?["pair"], processor))
    case let other?:
      throw failure(
        "the post_processor is \(JSONText.quoted(other)); Blitz has TemplateProcessing, "
          + "BertProcessing, RobertaProcessing and ByteLevel")
    }
  }

  private func parts(
    _ list: JSON?, _ processor: JSON?
  ) throws(DataError) -> [TokenTemplate.Part] {
    var parts: [TokenTemplate.Part] = []
    for entry in list?.array ?? [] {
      if let sequence = entry["Sequence"] {
        let type = sequence["type_id"]?.int ?? 0
        parts.append(sequence["id"]?.string == "B" ? .second(type: type) : .first(type: type))
      } else if let special = entry["SpecialToken"], let name = special["id"]?.string,
        let ids = processor?["special_tokens"]?[name]?["ids"]?.array
      {
        let type = special["type_id"]?.int ?? 0
        parts += ids.compactMap(\.int).map { .special($0, type: type) }
      } else {
        throw failure("a part of the post_processor's template has neither a text nor a token")
      }
    }
    return parts
  }
}
