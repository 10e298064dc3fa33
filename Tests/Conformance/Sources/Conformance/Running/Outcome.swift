/// What came of one sample.
struct Outcome: Codable, Sendable {
  enum Kind: String, Codable, CaseIterable, Sendable {
    /// The same shapes, dtypes, numbers and gradients.
    case passes
    /// Others.
    case wrong
    /// Blitz's word has no such option.
    case lacks
    /// Blitz answered with an error.
    case refused
    /// The process ended.
    case traps
    /// The sample has values that Blitz has not, such as complex numbers.
    case foreign
  }

  let unit: String
  let sample: Int
  let kind: Kind
  var why = ""
}
