import BlitzData

/// Writes the elements of a picture; coordinates are pixels, right and down.
struct Pen {
  private(set) var svg = ""
  /// Whether small pictures are stored with more pixels, each as a square of them: for librsvg,
  /// which blurs what it enlarges (2.54 does, whatever `image-rendering` says).
  var enlargesPictures = false

  mutating func add(_ text: String) { svg += text }

  mutating func line(_ kind: String, _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) {
    svg += "<line class=\"\(kind)\" x1=\"\(Pen.number(x1))\" y1=\"\(Pen.number(y1))\" "
    svg += "x2=\"\(Pen.number(x2))\" y2=\"\(Pen.number(y2))\"/>\n"
  }

  /// Text; turned by `angle` degrees about its place. Text wider than `room` is cut off, and shown
  /// whole when it is pointed at.
  mutating func text(
    _ kind: String, _ text: String, _ x: Double, _ y: Double, anchor: String = "start",
    size: Double? = nil, angle: Double = 0, room: Double = .infinity
  ) {
    guard !text.isEmpty else { return }
    let shown = Pen.cut(text, to: room, size: size ?? (kind == "name" ? 13 : 12))
    svg += "<text class=\"\(kind)\" x=\"\(Pen.number(x))\" y=\"\(Pen.number(y))\""
    if anchor != "start" { svg += " text-anchor=\"\(anchor)\"" }
    if let size { svg += " font-size=\"\(Pen.number(size))\"" }
    if angle != 0 {
      svg += " transform=\"rotate(\(Pen.number(angle)) \(Pen.number(x)) \(Pen.number(y)))\""
    }
    let tip = shown == text ? "" : "<title>\(Markup.escaped(text))</title>"
    svg += ">\(Markup.escaped(shown))\(tip)</text>\n"
  }

  /// A shape, and the words that show when it is pointed at.
  mutating func path(_ kind: String, _ data: String, tip: String? = nil) {
    guard !data.isEmpty else { return }
    svg += "<path class=\"\(kind)\" d=\"\(data)\""
    svg += tip.map { "><title>\(Markup.escaped($0))</title></path>\n" } ?? "/>\n"
  }

  mutating func rectangle(
    _ attributes: String, _ x: Double, _ y: Double, _ width: Double, _ height: Double,
    tip: String? = nil
  ) {
    svg += "<rect \(attributes) x=\"\(Pen.number(x))\" y=\"\(Pen.number(y))\" "
    svg += "width=\"\(Pen.number(width))\" height=\"\(Pen.number(height))\""
    svg += tip.map { "><title>\(Markup.escaped($0))</title></rect>\n" } ?? "/>\n"
  }

  /// A coordinate: a tenth of a pixel is finer than a screen.
  static func number(_ value: Double) -> String {
    let text = value.decimal(1)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// `text`, or as much of its start as fits into `room`.
  static func cut(_ text: String, to room: Double, size: Double = 12) -> String {
    guard width(text, size: size) > room else { return text }
    var start = ""
    var used = width("…", size: size)
    for character in text {
      used += width(String(character), size: size)
      guard used <= room else { break }
      start.append(character)
    }
    while start.last == " " { start.removeLast() }
    return start + "…"
  }

  /// `text` broken between words into lines that fit into `room`, if single words do; what is more
  /// than `most` lines is in the last.
  static func lines(_ text: String, in room: Double, size: Double, most: Int) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      let longer = lines.last.map { "\($0) \(word)" }
      if let longer, width(longer, size: size) <= room || lines.count == most {
        lines[lines.count - 1] = longer
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }

  /// About how wide `text` is, since nothing here can measure it: what "DejaVu Sans" takes, which
  /// is wider than most.
  static func width(_ text: String, size: Double = 12) -> Double {
    text.unicodeScalars.reduce(0) { sum, scalar in
      let share: Double
      switch scalar {
      case "i", "j", "l", ".", ",", ":", ";", "'", "|", " ", "I", "(", ")", "f", "t", "r":
        share = 0.4
      case "m", "w", "M", "W", "@", "%": share = 0.95
      case "A"..."Z": share = 0.7
      case "\u{1100}"...: share = 1
      default: share = 0.62
      }
      return sum + share * size
    }
  }
}
