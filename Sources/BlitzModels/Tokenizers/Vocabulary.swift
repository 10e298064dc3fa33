/// The tokens of a tokenizer, found by their bytes and by their numbers.
///
/// Not a dictionary of strings: Swift takes texts for equal that differ only in their Unicode
/// normal form, which vocabularies tell apart; and a part of a text is looked up without a copy.
struct Vocabulary: Sendable {
  /// All tokens' bytes, one behind the other.
  private var bytes: [UInt8] = []
  /// Where each token is in them; nil for a number without a token.
  private var ranges: [Range<Int>?] = []
  /// The number of the token in each place of the hash table, or -1.
  private var slots: [Int32]
  private(set) var count = 0
  /// Numbers are below it: a file's one wrong number must not take all memory.
  private let limit: Int

  /// The hash of no bytes.
  static let emptyHash: UInt64 = 0xCBF2_9CE4_8422_2325

  /// The hash of bytes with one more behind them (FNV-1a).
  static func hash(_ hash: UInt64, _ byte: UInt8) -> UInt64 {
    (hash ^ UInt64(byte)) &* 0x100_0000_01B3
  }

  /// An empty vocabulary with room for so many tokens.
  init(capacity: Int) {
    limit = 4 * capacity + 1024
    var size = 16
    while size < 2 * capacity { size *= 2 }
    slots = Array(repeating: -1, count: size)
    ranges.reserveCapacity(capacity)
  }

  /// The bound of all tokens' numbers.
  var bound: Int { ranges.count }

  /// Adds a token. One that is there under another number is found by the first; false if the
  /// number is taken, or far beyond the number of tokens.
  mutating func add(_ token: some Collection<UInt8>, _ id: Int) -> Bool {
    guard 0..<limit ~= id, id >= ranges.count || ranges[id] == nil else { return false }
    while ranges.count <= id { ranges.append(nil) }
    let start = bytes.count
    bytes.append(contentsOf: token)
    ranges[id] = start..<bytes.count
    count += 1
    if 2 * count > slots.count { grow() }
    insert(id)
    return true
  }

  private mutating func insert(_ id: Int) {
    let range = ranges[id]!
    let hash = bytes[range].reduce(Vocabulary.emptyHash, Vocabulary.hash)
    var slot = place(hash)
    while slots[slot] >= 0 {
      if bytes[ranges[Int(slots[slot])]!] == bytes[range] { return }
      slot = (slot + 1) & (slots.count - 1)
    }
    slots[slot] = Int32(id)
  }

  private mutating func grow() {
    slots = Array(repeating: -1, count: 2 * slots.count)
    for id in ranges.indices where ranges[id] != nil { insert(id) }
  }

  private func place(_ hash: UInt64) -> Int {
    Int(truncatingIfNeeded: hash ^ (hash >> 32)) & (slots.count - 1)
  }

  /// The number of the token whose bytes are `start` and `rest` in a row, whose hash is given.
  func id(
    hash: UInt64, start: [UInt8] = [], _ rest: UnsafeBufferPointer<UInt8>
  ) -> Int? {
    var slot = place(hash)
    while slots[slot] >= 0 {
      let id = Int(slots[slot])
      let range = ranges[id]!
      if range.count == start.count + rest.count {
        let isEqual = bytes.withUnsafeBufferPointer { all in
          let token = UnsafeBufferPointer(rebasing: all[range])
          return token.prefix(start.count).elementsEqual(start)
            && token.dropFirst(start.count).elementsEqual(rest)
        }
        if isEqual { return id }
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }

  /// The number of a token.
  func id(of token: String) -> Int? {
    var token = token
    return token.withUTF8 { bytes in
      id(hash: bytes.reduce(Vocabulary.emptyHash, Vocabulary.hash), bytes)
    }
  }

  /// The token of a number.
  func token(_ id: Int) -> String? {
    tokenBytes(id).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The bytes of a number's token.
  func tokenBytes(_ id: Int) -> ArraySlice<UInt8>? {
    guard ranges.indices.contains(id), let range = ranges[id] else { return nil }
    return bytes[range]
  }
}
