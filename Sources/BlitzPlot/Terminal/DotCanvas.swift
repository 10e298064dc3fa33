/// A drawing made of characters, each holding 2 by 4 braille dots, or one letter in ASCII.
struct DotCanvas {
  private let columns: Int
  private let rows: Int
  private let isBraille: Bool
  /// Per character: its dots as bits, and the last series that drew in it.
  private var cells: [(dots: UInt8, series: Int)]
  /// The class of each character's place, where there are regions.
  private var regions: [Int]?

  private var dotsAcross: Int { isBraille ? columns * 2 : columns }
  private var dotsDown: Int { isBraille ? rows * 4 : rows }

  /// An empty drawing of so many characters.
  init(columns: Int, rows: Int, isBraille: Bool) {
    self.columns = columns
    self.rows = rows
    self.isBraille = isBraille
    cells = Array(repeating: (0, 0), count: columns * rows)
  }

  /// Joins points by lines, or draws each by itself. Coordinates go from 0 to 1, right and up; nil
  /// leaves a gap.
  mutating func draw(
    _ points: [(x: Double, y: Double)?], series: Int, isJoined: Bool = true
  ) {
    var last: (x: Int, y: Int)?
    for point in points {
      guard let point else {
        last = nil
        continue
      }
      let x = Int((min(max(point.x, 0), 1) * Double(dotsAcross - 1)).rounded())
      let y = Int(((1 - min(max(point.y, 0), 1)) * Double(dotsDown - 1)).rounded())
      let from = last ?? (x, y)
      let steps = max(abs(x - from.x), abs(y - from.y))
      for step in 0...steps {
        let part = steps == 0 ? 1 : Double(step) / Double(steps)
        setDot(
          from.x + Int((Double(x - from.x) * part).rounded()),
          from.y + Int((Double(y - from.y) * part).rounded()), series)
      }
      last = isJoined ? (x, y) : nil
    }
  }

  /// Puts classes behind what is drawn: `kind` tells the class at the middle of a character.
  mutating func fill(_ kind: (_ x: Double, _ y: Double) -> Int) {
    regions = (0..<columns * rows).map { place in
      kind(
        (Double(place % columns) + 0.5) / Double(columns),
        1 - (Double(place / columns) + 0.5) / Double(rows))
    }
  }

  private mutating func setDot(_ x: Int, _ y: Int, _ series: Int) {
    guard isBraille else {
      cells[y * columns + x] = (1, series)
      return
    }
    let cell = y / 4 * columns + x / 2
    // Braille numbers its dots 1 2 3 down the left, 4 5 6 down the right, then 7 and 8 below.
    let bits: [UInt8] = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80]
    cells[cell].dots |= bits[y % 4 * 2 + x % 2]
    cells[cell].series = series
  }

  /// A row of the drawing.
  func text(row: Int, colored: Bool, unicode: Bool = true) -> String {
    (row * columns..<(row + 1) * columns).map { place in
      let cell = cells[place]
      guard cell.dots != 0 else {
        guard let kind = regions?[place] else { return " " }
        return colored && unicode
          ? Self.colored("░", series: kind, if: true) : Self.shade(of: kind)
      }
      if regions != nil && colored && unicode {
        return Self.colored("●", series: cell.series, if: true)
      }
      let character =
        isBraille
        ? String(UnicodeScalar(0x2800 + UInt32(cell.dots)) ?? " ") : Self.letter(of: cell.series)
      return Self.colored(character, series: cell.series, if: colored)
    }.joined()
  }

  /// The letter that stands for a series where there is no braille.
  static func letter(of series: Int) -> String {
    let letters = Array("*ox+#@%&=$abcdefghijklmnpqrstuvwyz")
    return String(letters[series % letters.count])
  }

  /// What stands for the region of a class where there are no colours.
  private static func shade(of kind: Int) -> String {
    [".", ":", "-", "'", "~", ","][kind % 6]
  }

  /// `text` in the colour of a series: blue, yellow, magenta, cyan, green, red.
  static func colored(_ text: String, series: Int, if colored: Bool) -> String {
    colored ? "\u{1B}[\([34, 33, 35, 36, 32, 31][series % 6])m\(text)\u{1B}[39m" : text
  }
}
