/// Words cut into the longest pieces that a vocabulary has, from the left; pieces inside a word
/// start with `##`.
///
/// - Source: Wu et al., "Google's Neural Machine Translation System", arXiv:1609.08144, as BERT has
///   it.
struct WordPiece: Sendable {
  let vocabulary: Vocabulary
  /// The token of a word that cannot be cut.
  let unknown: Int
  /// What pieces inside a word start with.
  var prefix = Array("##".utf8)
  /// Longer words are unknown.
  var longestWord = 100

  /// Adds the pieces of a word to `ids`.
  func encode(_ word: ArraySlice<Unicode.Scalar>, into ids: inout [Int]) {
    guard word.count <= longestWord else { return ids.append(unknown) }
    var bytes: [UInt8] = []
    for scalar in word { bytes.append(contentsOf: UTF8.encode(scalar)!) }
    let before = ids.count
    let inside = prefix.reduce(Vocabulary.emptyHash, Vocabulary.hash)
    let isCut = bytes.withUnsafeBufferPointer { bytes in
      var start = 0
      while start < bytes.count {
        var hash = start == 0 ? Vocabulary.emptyHash : inside
        var found: (id: Int, end: Int)?
        for place in start..<bytes.count {
          hash = Vocabulary.hash(hash, bytes[place])
          // A piece ends where a letter does.
          if place + 1 < bytes.count, bytes[place + 1] & 0xC0 == 0x80 { continue }
          let piece = UnsafeBufferPointer(rebasing: bytes[start...place])
          if let id = vocabulary.id(hash: hash, start: start == 0 ? [] : prefix, piece) {
            found = (id, place + 1)
          }
        }
        guard let found else { return false }
        ids.append(found.id)
        start = found.end
      }
      return true
    }
    if !isCut {
      ids.removeSubrange(before...)
      ids.append(unknown)
    }
  }

  /// The text of tokens.
  func decode(_ tokens: [String], cleansUp: Bool) -> String {
    // By bytes: a mark after ## makes one letter with it.
    var bytes: [UInt8] = []
    for (place, token) in tokens.enumerated() {
      var piece = Array(token.utf8)
      if place > 0 {
        piece = piece.starts(with: prefix) ? Array(piece.dropFirst(prefix.count)) : [32] + piece
      }
      let isClose = cleansUp && WordPiece.closeMarks.contains { piece.starts(with: $0) }
      bytes += isClose ? piece.dropFirst() : piece[...]
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// What loses the space before it.
  private static let closeMarks = [
    " .", " ?", " !", " ,", " n't", " 'm", " 's", " 've", " 're",
  ].map { Array($0.utf8) }
}
