/// Tokens that are found in a text before it is cut into words, such as `[MASK]`.
struct AddedTokens: Sendable {
  struct Token: Sendable {
    var text: String
    var id: Int
    /// Whether it stands for no text.
    var isSpecial = true
    /// Whether it is looked for in the normalised text, not in the original one.
    var isNormalized = false
    /// Whether it is no part of a longer word.
    var isSingleWord = false
    /// Whether spaces before it are part of it.
    var takesLeft = false
    /// Whether spaces after it are part of it.
    var takesRight = false
  }

  enum Piece {
    case token(Int)
    case text([Unicode.Scalar])
  }

  private let byID: [Int: Token]
  private let ids: [[Unicode.Scalar]: Int]
  /// The tokens by their first letter, the longest first.
  private let original: [Unicode.Scalar: [(scalars: [Unicode.Scalar], token: Token)]]
  private let normalized: [Unicode.Scalar: [(scalars: [Unicode.Scalar], token: Token)]]

  /// The bound of the tokens' numbers.
  let bound: Int

  /// - Parameter normalize: what is done to texts, and so to the tokens that are looked for there.
  init(_ tokens: [Token], normalize: ([Unicode.Scalar]) -> [Unicode.Scalar] = { $0 }) {
    byID = Dictionary(tokens.map { ($0.id, $0) }) { $1 }
    ids = Dictionary(tokens.map { (Array($0.text.unicodeScalars), $0.id) }) { $1 }
    bound = tokens.reduce(0) { max($0, $1.id + 1) }
    func table(_ tokens: [Token], _ change: ([Unicode.Scalar]) -> [Unicode.Scalar])
      -> [Unicode.Scalar: [(scalars: [Unicode.Scalar], token: Token)]]
    {
      let entries = tokens.map { (scalars: change(Array($0.text.unicodeScalars)), token: $0) }
        .filter { !$0.scalars.isEmpty }
      return Dictionary(grouping: entries) { $0.scalars[0] }
        .mapValues { $0.sorted { $0.scalars.count > $1.scalars.count } }
    }
    original = table(tokens.filter { !$0.isNormalized }) { $0 }
    normalized = table(tokens.filter(\.isNormalized), normalize)
  }

  func id(of text: String) -> Int? { ids[Array(text.unicodeScalars)] }
  func token(_ id: Int) -> String? { byID[id]?.text }
  func isSpecial(_ id: Int) -> Bool { byID[id]?.isSpecial ?? false }

  /// A text with the tokens in it taken out, from the left, the longest first.
  func split(_ text: some Sequence<Unicode.Scalar>, isNormalized: Bool) -> [Piece] {
    let scalars = Array(text)
    let table = isNormalized ? normalized : original
    guard !table.isEmpty else { return [.text(scalars)] }
    var pieces: [Piece] = []
    var (start, place) = (0, 0)
    while place < scalars.count {
      guard
        let match = table[scalars[place]]?.first(where: { candidate in
          scalars[place...].starts(with: candidate.scalars)
        }), !match.token.isSingleWord || isAlone(match.scalars.count, at: place, scalars)
      else {
        place += 1
        continue
      }
      var (left, right) = (place, place + match.scalars.count)
      if match.token.takesLeft {
        while left > start, scalars[left - 1].properties.isWhitespace { left -= 1 }
      }
      if match.token.takesRight {
        while right < scalars.count, scalars[right].properties.isWhitespace { right += 1 }
      }
      if start < left { pieces.append(.text(Array(scalars[start..<left]))) }
      pieces.append(.token(match.token.id))
      (start, place) = (right, right)
    }
    if start < scalars.count { pieces.append(.text(Array(scalars[start...]))) }
    return pieces
  }

  private func isAlone(_ count: Int, at place: Int, _ scalars: [Unicode.Scalar]) -> Bool {
    func isLetter(_ place: Int) -> Bool {
      guard scalars.indices.contains(place) else { return false }
      let properties = scalars[place].properties
      return properties.isAlphabetic || properties.numericType != nil || scalars[place] == "_"
    }
    return !isLetter(place - 1) && !isLetter(place + count)
  }
}
