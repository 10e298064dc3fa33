/// Leaves out what a picture cannot show, so that ten million points make no larger a file than
/// some thousand.
enum Thinning {
  /// A place in a picture, in pixels; nil for a gap.
  typealias Place = (x: Double, y: Double)?

  /// The points of a curve. Of those that follow each other within half a pixel from left to right,
  /// the first, the highest, the lowest and the last; gaps between them are too narrow to be seen.
  static func curve(_ places: [Place]) -> [Place] {
    guard places.count > 4000 else { return places }
    var kept: [Place] = []
    var start = 0
    while start < places.count {
      guard let first = places[start] else {
        kept.append(nil)
        while start < places.count, places[start] == nil { start += 1 }
        continue
      }
      let column = (2 * first.x).rounded(.down)
      var (top, bottom, last, next) = (start, start, start, start + 1)
      while next < places.count {
        defer { next += 1 }
        guard let place = places[next] else { continue }
        guard (2 * place.x).rounded(.down) == column else { break }
        if place.y < places[top]!.y { top = next }
        if place.y > places[bottom]!.y { bottom = next }
        last = next
      }
      for index in Set([start, top, bottom, last]).sorted() { kept.append(places[index]) }
      start = last + 1
    }
    return kept
  }

  /// Dots: one for each pixel.
  static func dots(_ places: [Place]) -> [Place] {
    guard places.count > 4000 else { return places }
    var seen: Set<Int> = []
    return places.filter { place in
      guard let place else { return false }
      return seen.insert(Int(place.y.rounded()) * 100_000 + Int(place.x.rounded())).inserted
    }
  }
}
