/// Bytes joined pair by pair, the most frequent pairs of the training text first: GPT-2's
/// byte-level BPE.
///
/// - Source: Sennrich et al., "Neural Machine Translation of Rare Words with Subword Units",
///   arXiv:1508.07909; bytes and the pattern of words are GPT-2's.
struct BytePairs: Sendable {
  let vocabulary: Vocabulary
  /// What two tokens in a row are joined to, and how early.
  private var merges: [Pair: Merge] = [:]
  /// The token of each byte, or -1.
  private let tokenOfByte: [Int32]
  /// Whether a text starts as if a space were before it.
  var addsSpace = false
  /// Whether a word that is a token is taken whole, whatever its pairs are.
  var prefersWholeWords = false
  /// Whether the text is cut into words at all.
  var cutsWords = true

  private struct Pair: Hashable {
    let left: Int32
    let right: Int32
  }

  private struct Merge {
    let rank: Int32
    let token: Int32
  }

  init(vocabulary: Vocabulary) {
    self.vocabulary = vocabulary
    tokenOfByte = (0..<256).map { byte in
      Int32(vocabulary.id(of: String(BytePairs.letters[byte])) ?? -1)
    }
  }

  /// Lets two tokens be joined, after all pairs that were added before; false if one of the two, or
  /// what they make, is not in the vocabulary.
  mutating func add(_ left: some StringProtocol, _ right: some StringProtocol) -> Bool {
    guard let first = vocabulary.id(of: String(left)),
      let second = vocabulary.id(of: String(right)),
      let joined = vocabulary.id(of: String(left) + String(right))
    else { return false }
    // A pair that is listed again counts as the later one.
    merges[Pair(left: Int32(first), right: Int32(second))] = Merge(
      rank: Int32(rankCount), token: Int32(joined))
    rankCount += 1
    return true
  }
  private var rankCount = 0

  /// Adds the tokens of a text to `ids`.
  func encode(_ text: some Sequence<Unicode.Scalar>, into ids: inout [Int]) {
    var scalars = Array(text)
    if addsSpace, let first = scalars.first, !first.properties.isWhitespace {
      scalars.insert(" ", at: 0)
    }
    for word in cutsWords ? BytePairs.words(scalars) : [scalars[...]] where !word.isEmpty {
      encode(word: word, into: &ids)
    }
  }

  private func encode(word: ArraySlice<Unicode.Scalar>, into ids: inout [Int]) {
    var bytes: [UInt8] = []
    for scalar in word { bytes.append(contentsOf: UTF8.encode(scalar)!) }
    if prefersWholeWords {
      let spelled = String(String.UnicodeScalarView(bytes.map { BytePairs.letters[Int($0)] }))
      if let id = vocabulary.id(of: spelled) { return ids.append(id) }
    }
    // The tokens in a list where each knows its neighbours, so that joining moves nothing.
    var tokens = bytes.map { tokenOfByte[Int($0)] }.filter { $0 >= 0 }
    var next = tokens.indices.map { $0 + 1 < tokens.count ? $0 + 1 : -1 }
    var last = tokens.indices.map { $0 - 1 }
    var waiting = MinHeap()
    func consider(_ place: Int) {
      guard place >= 0, next[place] >= 0 else { return }
      let pair = Pair(left: tokens[place], right: tokens[next[place]])
      if let merge = merges[pair] {
        waiting.insert(MinHeap.Entry(rank: merge.rank, place: Int32(place), pair.left, pair.right))
      }
    }
    for place in tokens.indices { consider(place) }
    while let best = waiting.removeFirst() {
      let place = Int(best.place)
      // What was joined meanwhile has other neighbours.
      guard tokens[place] == best.left, next[place] >= 0, tokens[next[place]] == best.right
      else { continue }
      let right = next[place]
      tokens[place] = merges[Pair(left: best.left, right: best.right)]!.token
      tokens[right] = -1
      next[place] = next[right]
      if next[right] >= 0 { last[next[right]] = place }
      consider(place)
      consider(last[place])
    }
    for token in tokens where token >= 0 { ids.append(Int(token)) }
  }

  /// The text of tokens; bytes that are no UTF-8 become the replacement character.
  func decode(_ tokens: [String]) -> String {
    var bytes: [UInt8] = []
    for token in tokens {
      let known = token.unicodeScalars.map { BytePairs.bytes[$0] }
      // Tokens that were added are spelled as they are.
      bytes += known.contains(nil) ? Array(token.utf8) : known.map { $0! }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The letter that stands for each byte in a vocabulary: itself if it can be seen.
  static let letters: [Unicode.Scalar] = {
    let seen = Array(33...126) + Array(161...172) + Array(174...255)
    var more: UInt32 = 256
    return (0..<256).map { byte in
      if seen.contains(byte) { return Unicode.Scalar(UInt8(byte)) }
      defer { more += 1 }
      return Unicode.Scalar(more)!
    }
  }()

  private static let bytes: [Unicode.Scalar: UInt8] = Dictionary(
    uniqueKeysWithValues: letters.enumerated().map { ($1, UInt8($0)) })

  // MARK: - Words

  private enum Kind { case letter, number, space, other }

  private static func kind(_ scalar: Unicode.Scalar) -> Kind {
    switch scalar {
    case "a"..."z", "A"..."Z": return .letter
    case "0"..."9": return .number
    default:
      if scalar.properties.isWhitespace { return .space }
      switch scalar.properties.generalCategory {
      case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
        return .letter
      case .decimalNumber, .letterNumber, .otherNumber: return .number
      default: return .other
      }
    }
  }

  /// A text cut as GPT-2's pattern cuts it:
  ///
  ///     's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
  static func words(_ scalars: [Unicode.Scalar]) -> [ArraySlice<Unicode.Scalar>] {
    var words: [ArraySlice<Unicode.Scalar>] = []
    var start = 0
    while start < scalars.count {
      let end = self.end(of: start, scalars)
      words.append(scalars[start..<end])
      start = end
    }
    return words
  }

  private static func end(of start: Int, _ scalars: [Unicode.Scalar]) -> Int {
    func scalar(_ place: Int) -> Unicode.Scalar? { place < scalars.count ? scalars[place] : nil }
    if scalars[start] == "'" {
      switch (scalar(start + 1), scalar(start + 2)) {
      case ("s", _), ("t", _), ("m", _), ("d", _): return start + 2
      case ("r", "e"), ("v", "e"), ("l", "l"): return start + 3
      default: break
      }
    }
    let first = scalars[start] == " " && start + 1 < scalars.count ? start + 1 : start
    let kind = kind(scalars[first])
    if kind != .space {
      var end = first + 1
      while let next = scalar(end), self.kind(next) == kind { end += 1 }
      return end
    }
    var end = start
    while let next = scalar(end), self.kind(next) == .space { end += 1 }
    // The last space before a word goes with the word, if there are more.
    return end == scalars.count || end == start + 1 ? end : end - 1
  }
}

/// Pairs that can be joined, the one that is to be joined next in front.
private struct MinHeap {
  struct Entry {
    let rank: Int32
    let place: Int32
    let left: Int32
    let right: Int32

    init(rank: Int32, place: Int32, _ left: Int32, _ right: Int32) {
      (self.rank, self.place, self.left, self.right) = (rank, place, left, right)
    }

    static func < (a: Entry, b: Entry) -> Bool { (a.rank, a.place) < (b.rank, b.place) }
  }

  private var entries: [Entry] = []

  mutating func insert(_ entry: Entry) {
    entries.append(entry)
    var child = entries.count - 1
    while child > 0, entries[child] < entries[(child - 1) / 2] {
      entries.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func removeFirst() -> Entry? {
    guard let first = entries.first else { return nil }
    let end = entries.removeLast()
    if entries.isEmpty { return first }
    entries[0] = end
    var parent = 0
    while 2 * parent + 1 < entries.count {
      var child = 2 * parent + 1
      if child + 1 < entries.count, entries[child + 1] < entries[child] { child += 1 }
      guard entries[child] < entries[parent] else { break }
      entries.swapAt(child, parent)
      parent = child
    }
    return first
  }
}
