extension String {
  /// The candidate that takes the fewest changes to become; nil if it would take more than every
  /// second character.
  package func nearest(in candidates: [String]) -> String? {
    let own = Array(utf8)
    var best: (name: String, distance: Int)?
    for name in candidates {
      let limit = best.map { $0.distance - 1 } ?? max(own.count, name.utf8.count) / 2
      if let distance = editDistance(own, Array(name.utf8), limit: limit) {
        best = (name, distance)
      }
    }
    return best?.name
  }
}

/// How many characters must be inserted, removed or replaced to make one name of another
/// (Levenshtein's distance); nil if more than `limit`.
private func editDistance(_ a: [UInt8], _ b: [UInt8], limit: Int) -> Int? {
  if abs(a.count - b.count) > limit { return nil }
  var row = Array(0...b.count)
  for (i, x) in a.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    var least = row[0]
    for (j, y) in b.enumerated() {
      let replaced = diagonal + (x == y ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
      least = min(least, row[j + 1])
    }
    if least > limit { return nil }
  }
  return row[b.count] <= limit ? row[b.count] : nil
}
