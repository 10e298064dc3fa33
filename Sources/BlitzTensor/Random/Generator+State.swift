extension Generator {
  /// What a generator will draw next: its 624 words, how many of them are used, and the second of a
  /// pair of normal numbers, if one is waiting.
  ///
  /// Made by ``Generator/state``. Being `Codable`, it can go into a checkpoint; decoding throws a
  /// `DecodingError` if the words are not 624 or the position is not in 0...624.
  public struct State: Equatable, Sendable, Codable {
    private enum CodingKeys: String, CodingKey {
      case seed, words, position, cachedNormal
    }

    let core: Core

    init(_ core: Core) {
      self.core = core
    }

    /// Reads a state that `encode(to:)` wrote.
    public init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      let words = try container.decode([UInt32].self, forKey: .words)
      let position = try container.decode(Int.self, forKey: .position)
      guard let twister = MersenneTwister(words: words, position: position) else {
        throw DecodingError.dataCorruptedError(
          forKey: .words, in: container,
          debugDescription: "a generator's state has 624 words and a position from 0 to 624; "
            + "here are \(words.count) words and position \(position)")
      }
      var core = Core(seed: try container.decode(UInt64.self, forKey: .seed))
      core.twister = twister
      core.cachedNormal = try container.decodeIfPresent(Double.self, forKey: .cachedNormal)
      self.core = core
    }

    /// Writes the seed, the words, the position and, if there is one, the waiting normal.
    public func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(core.seed, forKey: .seed)
      try container.encode(core.twister.words, forKey: .words)
      try container.encode(core.twister.position, forKey: .position)
      try container.encodeIfPresent(core.cachedNormal, forKey: .cachedNormal)
    }

    /// Whether two generators in these states give the same numbers and the same seed.
    public static func == (a: State, b: State) -> Bool {
      a.core.seed == b.core.seed && a.core.cachedNormal == b.core.cachedNormal
        && a.core.twister.position == b.core.twister.position
        && a.core.twister.words == b.core.twister.words
    }
  }
}
