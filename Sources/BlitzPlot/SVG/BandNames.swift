/// Names below the bands of bars or of a heat map's columns: level where they fit, slanting where
/// they do not, upright where bands are narrow, and not all of them where they are narrower still.
struct BandNames {
  private let names: [String]
  private let band: Double
  /// The angle of the words in degrees, and its sine and cosine.
  private let turn: (angle: Double, sine: Double, cosine: Double)
  /// Which names show: each, each second, ...
  private let step: Int
  /// What a turned name may take; a longer one is cut off.
  static let room = 150.0

  init(_ names: [String], band: Double) {
    self.names = names
    self.band = band
    let widest = names.map { Pen.width($0) }.max() ?? 0
    // A line of text takes 12 pixels across its direction.
    if widest <= band - 4 {
      (turn, step) = ((0, 0, 1), 1)
    } else if band * 0.643 >= 12 {
      (turn, step) = ((-40, 0.643, 0.766), 1)
    } else {
      (turn, step) = ((-90, 1, 0), max(1, Int((13 / max(band, 0.1)).rounded(.up))))
    }
  }

  private var shown: StrideTo<Int> { stride(from: 0, to: names.count, by: step) }

  private func length(_ index: Int) -> Double { min(Pen.width(names[index]), BandNames.room) }

  /// How far names reach to the left of the first band.
  var overhang: Double {
    turn.angle == 0
      ? 0 : shown.map { turn.cosine * length($0) - (Double($0) + 0.5) * band }.max() ?? 0
  }

  /// The room that they take below the bands.
  var height: Double {
    turn.angle == 0 ? 22 : 18 + turn.sine * (shown.map(length).max() ?? 0)
  }

  func draw(left: Double, base: Double, _ pen: inout Pen) {
    for index in shown {
      let place = left + (Double(index) + 0.5) * band
      if turn.angle == 0 {
        pen.text("tick", names[index], place, base + 18, anchor: "middle")
      } else {
        pen.text(
          "tick", names[index], place + 4, base + (turn.angle == -90 ? 8 : 14), anchor: "end",
          angle: turn.angle, room: BandNames.room)
      }
    }
  }
}
