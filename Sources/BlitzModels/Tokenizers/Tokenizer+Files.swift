import BlitzData
import BlitzSystem

extension Tokenizer {
  /// Reads a tokenizer as it is published: `tokenizer.json`; or `vocab.txt` of BERT's; or
  /// `vocab.json` and `merges.txt` of GPT-2's.
  ///
  /// - Parameter path: the folder that the files are in, a zip file that has such a folder in it,
  ///   or the file `tokenizer.json` or `vocab.txt` itself.
  /// - Throws: `DataError` if there are none, one is damaged, or a part of it is of a kind that
  ///   Blitz does not have, with its name.
  public init(_ path: String) throws {
    if FileSystem.facts(path)?.isFile ?? false, path.hasSuffix(".json") {
      try self.init(JSON(File.read(path), path: path), path: path)
    } else if FileSystem.facts(path)?.isFile ?? false, path.hasSuffix(".txt") {
      self = try .wordPiece(vocabulary: path)
    } else {
      try self.init(ModelFiles(path))
    }
  }

  init(_ files: ModelFiles) throws(DataError) {
    if let json = try files.json("tokenizer.json") {
      try self.init(json, path: files.place("tokenizer.json"))
    } else if let words = try files.contents("vocab.txt") {
      let config = try files.json("tokenizer_config.json")
      try self.init(
        words: words, path: files.place("vocab.txt"),
        lowercases: config?["do_lower_case"]?.bool ?? true)
    } else if let json = try files.json("vocab.json"), let merges = try files.contents("merges.txt")
    {
      try self.init(
        vocabulary: json, path: files.place("vocab.json"), merges: merges,
        mergesPath: files.place("merges.txt"))
    } else {
      throw DataError(
        path: files.path,
        reason:
          "there is no tokenizer: none of tokenizer.json, vocab.txt, vocab.json with merges.txt")
    }
  }

  /// BERT's tokenizer with a vocabulary of one token a line.
  ///
  /// - Parameters:
  ///   - vocabulary: the file, `vocab.txt`.
  ///   - lowercases: whether capitals become small and accents go; no for a "cased" model.
  /// - Throws: `DataError` if the file cannot be read, or lacks `[UNK]`, `[CLS]` or `[SEP]`.
  public static func wordPiece(
    vocabulary: String, lowercases: Bool = true
  ) throws -> Tokenizer {
    try Tokenizer(words: File.read(vocabulary), path: vocabulary, lowercases: lowercases)
  }

  /// GPT-2's tokenizer.
  ///
  /// - Parameters:
  ///   - vocabulary: the file of the tokens' numbers, `vocab.json`.
  ///   - merges: the file of the pairs that are joined, one a line, the first ones first,
  ///     `merges.txt`.
  /// - Throws: `DataError` if a file cannot be read, or a pair is of no tokens.
  public static func bytePairs(vocabulary: String, merges: String) throws -> Tokenizer {
    try Tokenizer(
      vocabulary: JSON(File.read(vocabulary), path: vocabulary), path: vocabulary,
      merges: File.read(merges), mergesPath: merges)
  }

  private init(words: [UInt8], path: String, lowercases: Bool) throws(DataError) {
    var lines = words.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    if lines.last?.isEmpty ?? false { lines.removeLast() }
    var vocabulary = Vocabulary(capacity: lines.count)
    for (place, line) in lines.enumerated() {
      let token = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
      guard vocabulary.add(token, place) else {
        throw DataError(path: path, reason: "there are more than \(place) tokens")
      }
    }
    func special(_ token: String) throws(DataError) -> Int {
      guard let id = vocabulary.id(of: token) else {
        throw DataError(
          path: path, reason: "\(token) is missing, which a vocabulary of BERT's has")
      }
      return id
    }
    let (start, end) = (try special("[CLS]"), try special("[SEP]"))
    let model = WordPiece(vocabulary: vocabulary, unknown: try special("[UNK]"))
    let added = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"].compactMap { token in
      vocabulary.id(of: token).map { AddedTokens.Token(text: token, id: $0) }
    }
    var rules = BERTText()
    (rules.lowercases, rules.stripsAccents) = (lowercases, lowercases)
    self.init(
      model: .wordPiece(model, rules, cleansUp: true), added: AddedTokens(added),
      template: .bert(start: start, end: end))
  }

  private init(
    vocabulary json: JSON, path: String, merges: [UInt8], mergesPath: String
  ) throws(DataError) {
    let vocabulary = try Vocabulary(json, path: path)
    var model = BytePairs(vocabulary: vocabulary)
    let lines = merges.split(separator: UInt8(ascii: "\n"))
    for (place, line) in lines.enumerated() {
      let text = String(decoding: line, as: UTF8.self).filter { $0 != "\r" }
      if place == 0 && text.hasPrefix("#version") { continue }
      let parts = text.split(separator: " ")
      guard parts.count == 2, model.add(parts[0], parts[1]) else {
        throw DataError(
          path: mergesPath,
          reason: "line \(place + 1): \(JSONText.quoted(String(text.prefix(40)))) is no pair of "
            + "tokens that make a third")
      }
    }
    let end = vocabulary.id(of: "<|endoftext|>").map {
      AddedTokens.Token(text: "<|endoftext|>", id: $0)
    }
    self.init(
      model: .bytePairs(model), added: AddedTokens(end.map { [$0] } ?? []), template: .plain)
  }
}

extension Vocabulary {
  /// The tokens of an object of JSON, `{"the": 1996}`.
  init(_ json: JSON?, path: String) throws(DataError) {
    guard let members = json?.object else {
      throw DataError(path: path, reason: "the vocabulary is no object of tokens and numbers")
    }
    self.init(capacity: members.count)
    for (token, value) in members {
      guard let id = value.int, add(token.utf8, id) else {
        throw DataError(
          path: path,
          reason:
            "the number of the token \(JSONText.quoted(token)) is \(value.text): not a number "
            + "of its own, from 0 on")
      }
    }
  }
}
