/// Text as BERT's tokenizer changes it before it looks for words (the `BertNormalizer` and
/// `BertPreTokenizer` of Hugging Face's tokenizers).
struct BERTText: Sendable {
  var cleans = true
  var spacesIdeographs = true
  var stripsAccents = true
  var lowercases = true

  /// The changed text.
  func normalized(_ text: some Sequence<Unicode.Scalar>) -> [Unicode.Scalar] {
    var scalars: [Unicode.Scalar] = []
    for scalar in text {
      if cleans {
        if scalar.isBERTControl { continue }
        if scalar.properties.isWhitespace {
          scalars.append(" ")
          continue
        }
      }
      if spacesIdeographs, scalar.isIdeograph {
        scalars += [" ", scalar, " "]
      } else {
        scalars.append(scalar)
      }
    }
    if stripsAccents, scalars.contains(where: { !$0.isASCII }) {
      scalars = Decomposition.shared.decomposed(scalars).filter { !$0.isBERTMark }
    }
    guard lowercases else { return scalars }
    return scalars.flatMap { scalar -> [Unicode.Scalar] in
      if scalar.isASCII {
        return "A"..."Z" ~= scalar ? [Unicode.Scalar(scalar.value + 32)!] : [scalar]
      }
      return Array(scalar.properties.lowercaseMapping.unicodeScalars)
    }
  }

  /// The words of a changed text: between spaces, and each punctuation mark by itself.
  static func words(_ scalars: [Unicode.Scalar]) -> [ArraySlice<Unicode.Scalar>] {
    var words: [ArraySlice<Unicode.Scalar>] = []
    var start = 0
    for (place, scalar) in scalars.enumerated() {
      let isSpace = scalar.properties.isWhitespace
      guard isSpace || scalar.isBERTPunctuation else { continue }
      if start < place { words.append(scalars[start..<place]) }
      if !isSpace { words.append(scalars[place...place]) }
      start = place + 1
    }
    if start < scalars.count { words.append(scalars[start...]) }
    return words
  }
}

extension Unicode.Scalar {
  /// Hugging Face's tables are those of Unicode 8: what came later is in no category there.
  private var isOfUnicode8: Bool { properties.age.map { $0.major <= 8 } ?? false }

  /// What cleaning takes away: control characters but tabs and line ends, formats, private use.
  fileprivate var isBERTControl: Bool {
    switch self {
    case "\t", "\n", "\r": return false
    case "\u{FFFD}": return true
    case "\u{20}"..."\u{7E}": return false
    default:
      switch properties.generalCategory {
      case .control, .privateUse: return true
      case .format: return isOfUnicode8
      default: return false
      }
    }
  }

  /// Whether the letter is one of those of Chinese, each of which is a word.
  fileprivate var isIdeograph: Bool {
    switch value {
    case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0xF900...0xFAFF, 0x20000...0x2A6DF,
      0x2A700...0x2B81F, 0x2B920...0x2CEAF, 0x2F800...0x2FA1F:
      true
    default: false
    }
  }

  /// Whether the mark is an accent: a mark that takes no room, also those that took none, and not
  /// those that took some, in Unicode 8.
  fileprivate var isBERTMark: Bool {
    switch value {
    case ..<0x300: false
    case 0x1734, 0x1171E: true
    case 0x1885, 0x1886, 0xA9BD, 0x111C9: false
    default: properties.generalCategory == .nonspacingMark && isOfUnicode8
    }
  }

  fileprivate var isBERTPunctuation: Bool {
    switch self {
    case "!"..."/", ":"..."@", "["..."`", "{"..."~": return true
    // Marks that were punctuation in Unicode 8.
    case "\u{166D}", "\u{111C9}": return true
    case _ where isASCII: return false
    default:
      switch properties.generalCategory {
      case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
        .initialPunctuation, .finalPunctuation, .otherPunctuation:
        return isOfUnicode8
      default: return false
      }
    }
  }
}

/// Letters taken apart from their marks: Unicode's normal form D.
struct Decomposition: Sendable {
  static let shared = Decomposition()
  private let parts: [UInt32: [Unicode.Scalar]]

  private init() {
    var parts: [UInt32: [Unicode.Scalar]] = [:]
    parts.reserveCapacity(2100)
    var key: UInt32 = 0
    var value: UInt32 = 0
    var scalars: [Unicode.Scalar] = []
    func end() {
      if let scalar = Unicode.Scalar(value) { scalars.append(scalar) }
      value = 0
    }
    let table = Decomposition.table
    for byte in UnsafeBufferPointer(start: table.utf8Start, count: table.utf8CodeUnitCount) {
      switch byte {
      case UInt8(ascii: "="): (key, value) = (value, 0)
      case UInt8(ascii: "+"): end()
      case UInt8(ascii: " "), UInt8(ascii: "\n"):
        end()
        parts[key] = scalars
        scalars = []
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 + UInt32(byte - 48)
      default: value = value << 4 + UInt32(byte - 87)
      }
    }
    end()
    parts[key] = scalars
    self.parts = parts
  }

  /// The scalars taken apart, marks of each letter in Unicode's order.
  func decomposed(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
    var answer: [Unicode.Scalar] = []
    answer.reserveCapacity(scalars.count)
    for scalar in scalars {
      if scalar.value < 0xC0 {
        answer.append(scalar)
      } else if 0xAC00...0xD7A3 ~= scalar.value {
        // Hangul's syllables are counted, not listed (Unicode, section 3.12).
        let place = scalar.value - 0xAC00
        answer.append(Unicode.Scalar(0x1100 + place / 588)!)
        answer.append(Unicode.Scalar(0x1161 + place % 588 / 28)!)
        if place % 28 > 0 { answer.append(Unicode.Scalar(0x11A7 + place % 28)!) }
      } else if let parts = parts[scalar.value] {
        answer += parts
      } else {
        answer.append(scalar)
      }
    }
    return Decomposition.ordered(answer)
  }

  /// Marks of one letter, in the order of their classes; those of one class stay in theirs.
  private static func ordered(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
    var scalars = scalars
    var start = 0
    while start < scalars.count {
      guard scalars[start].value >= 0x300, scalars[start].markClass > 0 else {
        start += 1
        continue
      }
      var end = start + 1
      while end < scalars.count, scalars[end].value >= 0x300, scalars[end].markClass > 0 {
        end += 1
      }
      let marks = scalars[start..<end].enumerated().sorted {
        ($0.element.markClass, $0.offset) < ($1.element.markClass, $1.offset)
      }
      scalars.replaceSubrange(start..<end, with: marks.map(\.element))
      start = end
    }
    return scalars
  }
}

extension Unicode.Scalar {
  fileprivate var markClass: UInt8 { properties.canonicalCombiningClass.rawValue }
}
