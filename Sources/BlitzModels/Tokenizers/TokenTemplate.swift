/// Where a tokenizer puts special tokens: `[CLS] A [SEP]` and `[CLS] A [SEP] B [SEP]`.
struct TokenTemplate: Sendable {
  enum Part: Sendable, Equatable {
    case special(Int, type: Int)
    case first(type: Int)
    case second(type: Int)
  }

  var single: [Part]
  var pair: [Part]

  /// No special tokens.
  static let plain = TokenTemplate(
    single: [.first(type: 0)], pair: [.first(type: 0), .second(type: 1)])

  /// BERT's.
  static func bert(start: Int, end: Int) -> TokenTemplate {
    TokenTemplate(
      single: [.special(start, type: 0), .first(type: 0), .special(end, type: 0)],
      pair: [
        .special(start, type: 0), .first(type: 0), .special(end, type: 0), .second(type: 1),
        .special(end, type: 1),
      ])
  }

  func specialCount(isPair: Bool) -> Int {
    (isPair ? pair : single).count { if case .special = $0 { true } else { false } }
  }

  func filled(_ first: [Int], _ second: [Int]?) -> Encoding {
    var encoding = Encoding(ids: [], types: [])
    func add(_ ids: [Int], _ type: Int) {
      encoding.ids += ids
      encoding.types += Array(repeating: type, count: ids.count)
    }
    for part in second == nil ? single : pair {
      switch part {
      case .special(let id, let type): add([id], type)
      case .first(let type): add(first, type)
      case .second(let type): add(second ?? [], type)
      }
    }
    return encoding
  }

  /// How many tokens of each of two texts stay where there is room for so many: the longer one is
  /// cut first, until both are equally long.
  static func counts(_ first: Int, _ second: Int?, room: Int) -> (first: Int, second: Int) {
    guard let second else { return (min(first, room), 0) }
    guard first + second > room else { return (first, second) }
    var (short, long) = (min(first, second), max(first, second))
    long = short > room ? short : max(short, room - short)
    if short + long > room {
      short = room / 2
      long = short + room % 2
    }
    return first > second ? (long, short) : (short, long)
  }
}
