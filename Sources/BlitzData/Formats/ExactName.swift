/// A name as its bytes: Swift takes texts for equal that differ only in their Unicode normal form,
/// which files, archives and Python tell apart.
struct ExactName: Hashable, Comparable, Sendable {
  /// The name.
  let text: String

  init(_ text: String) { self.text = text }

  static func == (left: ExactName, right: ExactName) -> Bool {
    left.text.utf8.elementsEqual(right.text.utf8)
  }

  static func < (left: ExactName, right: ExactName) -> Bool {
    left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
  }

  @inline(never)
  func hash(into hasher: inout Hasher) {
    for byte in text.utf8 { hasher.combine(byte) }
  }
}
